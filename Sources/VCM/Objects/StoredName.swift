/// A name as an object keeps it: a number where the name is the prefix of its kind and that number.
///
/// A million reservations called `r0` to `r999999` so need no strings.
enum StoredName: Hashable, Sendable {
  /// The kind's prefix and this number.
  case numbered(UInt32)
  /// Any other name.
  case text(String)

  /// The name of a number.
  init(number: UInt64, prefix: String) {
    self = UInt32(exactly: number).map(StoredName.numbered) ?? .text(prefix + String(number))
  }

  /// Calls `body` with the bytes of the name in full.
  func withBytes<Result>(prefix: UInt8, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    switch self {
    case .numbered(let number): return NumberedName(prefix: prefix, number: number).withBytes(body)
    case .text(var text): return text.withUTF8(body)
    }
  }

  /// The name in full.
  func text(prefix: String) -> String {
    switch self {
    case .numbered(let number): prefix + String(number)
    case .text(let text): text
    }
  }

  /// The shortest form of a name.
  init(_ name: String, prefix: UInt8) {
    var digits = Substring(name).utf8
    guard digits.popFirst() == prefix, let first = digits.first, digits.count <= 10,
      digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), first != 0x30 || digits.count == 1,
      let number = UInt32(String(Substring(digits)))
    else {
      self = .text(name)
      return
    }
    self = .numbered(number)
  }

  /// Whether the name in full has these bytes.
  ///
  /// No string is made.
  func matches(_ name: UnsafeBufferPointer<UInt8>, prefix: UInt8) -> Bool {
    withBytes(prefix: prefix) { $0.elementsEqual(name) }
  }
}
