/// A name that is looked up: a number where it is the prefix of the objects' kind and that number, else its bytes.
///
/// The names that the engine gives are hashed and compared as numbers, without being spelt.
enum NameKey {
  /// The prefix and this number.
  case numbered(UInt32)
  /// Any other name.
  case text(UnsafeBufferPointer<UInt8>)

  /// The key of a name; without a prefix every name is text.
  init(_ name: UnsafeBufferPointer<UInt8>, prefix: UInt8?) {
    self = Self.number(name, after: prefix).map(NameKey.numbered) ?? .text(name)
  }

  /// The number that a name is in its plain form: the prefix, and digits of which the first is zero only where it is the last.
  private static func number(_ name: UnsafeBufferPointer<UInt8>, after prefix: UInt8?) -> UInt32? {
    guard let prefix, (2...11).contains(name.count), name[0] == prefix,
      name[1] != UInt8(ascii: "0") || name.count == 2
    else { return nil }
    var number: UInt64 = 0
    for index in 1..<name.count {
      let digit = name[index] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      number = number &* 10 &+ UInt64(digit)
    }
    return UInt32(exactly: number)
  }

  /// The hash: never zero.
  ///
  /// Numbers have hashes of their own, but for one that shares the hash 1.
  var hash: UInt32 {
    switch self {
    case .numbered(let number): NameHash.hash(number)
    case .text(let bytes): NameHash.hash(bytes)
    }
  }
}
