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

  /// The shortest form of a name.
  init(_ name: String, prefix: UInt8?) {
    var bytes = name
    self = bytes.withUTF8 { bytes in
      switch NameKey(bytes, prefix: prefix) {
      case .numbered(let number): .numbered(number)
      case .text: .text(name)
      }
    }
  }

  /// Calls `body` with what the name is looked up by.
  func withKey<Result>(_ body: (NameKey) -> Result) -> Result {
    switch self {
    case .numbered(let number): return body(.numbered(number))
    case .text(var text): return text.withUTF8 { body(.text($0)) }
    }
  }

  /// Calls `body` with the bytes of the name in full.
  func withBytes<Result>(prefix: UInt8?, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    switch self {
    case .numbered(let number): return NumberedName(prefix: prefix ?? 0, number: number).withBytes(body)
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

  /// Whether this is the name with exactly these bytes.
  ///
  /// Canonically equal names of other bytes are other names.
  func matches(_ key: NameKey) -> Bool {
    switch (self, key) {
    case (.numbered(let number), .numbered(let other)): return number == other
    case (.text(var text), .text(let bytes)): return text.withUTF8 { $0.hasSameBytes(as: bytes) }
    default: return false
    }
  }
}
