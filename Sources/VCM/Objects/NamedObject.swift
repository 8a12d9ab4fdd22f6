/// An object that can be found by its name.
protocol NamedObject: AnyObject {
  /// The object's name.
  var name: String { get }

  /// Calls `body` with the bytes of the name, which lie there until it returns.
  func withNameBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result

  /// Whether the name has exactly these bytes. Canonically equal names of other bytes are other names.
  func isNamed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool
}

extension NamedObject {
  func withNameBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    var name = name
    return name.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }

  func isNamed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var name = name
    return name.withUTF8 { own in
      guard own.count == bytes.count else { return false }
      var index = 0
      while index < own.count, own[index] == bytes[index] { index &+= 1 }
      return index == own.count
    }
  }
}

extension Region: NamedObject {}
extension Device: NamedObject {}
extension Bound: NamedObject {}
extension MemoryType: NamedObject {}

extension Reservation: NamedObject {
  /// The letter of the names that the engine gives to reservations.
  static let namePrefix = UInt8(ascii: "r")

  func withNameBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    storedName.withBytes(prefix: Self.namePrefix) { body(UnsafeRawBufferPointer($0)) }
  }

  func isNamed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    storedName.matches(bytes, prefix: Self.namePrefix)
  }
}

extension PhysicalAllocation: NamedObject {
  /// The letter of the names that the engine gives to allocations.
  static let namePrefix = UInt8(ascii: "b")

  func withNameBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    storedName.withBytes(prefix: Self.namePrefix) { body(UnsafeRawBufferPointer($0)) }
  }

  func isNamed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    storedName.matches(bytes, prefix: Self.namePrefix)
  }
}
