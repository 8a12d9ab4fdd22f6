/// An object that can be found by its name.
protocol NamedObject: AnyObject {
  /// The object's name.
  var name: String { get }

  /// Whether the name has exactly these bytes. Canonically equal names of other bytes are other names.
  func isNamed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool
}

extension NamedObject {
  func isNamed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { name.utf8.elementsEqual(bytes) }
}

extension Region: NamedObject {}
extension Device: NamedObject {}
extension Bound: NamedObject {}
extension MemoryType: NamedObject {}

extension Reservation: NamedObject {
  /// The letter of the names that the engine gives to reservations.
  static let namePrefix = UInt8(ascii: "r")

  func isNamed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    storedName.matches(bytes, prefix: Self.namePrefix)
  }
}

extension PhysicalAllocation: NamedObject {
  /// The letter of the names that the engine gives to allocations.
  static let namePrefix = UInt8(ascii: "b")

  func isNamed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    storedName.matches(bytes, prefix: Self.namePrefix)
  }
}
