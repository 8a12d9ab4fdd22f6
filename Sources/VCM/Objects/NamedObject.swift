/// An object that can be found by its name.
protocol NamedObject: AnyObject {
  /// The letter of the names that the engine gives to such objects; nil if it gives none.
  static var namePrefix: UInt8? { get }
  /// The object's name.
  var storedName: StoredName { get }
}

extension NamedObject {
  /// Calls `body` with the bytes of the name, which lie there until it returns.
  func withNameBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    storedName.withBytes(prefix: Self.namePrefix) { body(UnsafeRawBufferPointer($0)) }
  }
}

extension Region: NamedObject {
  static var namePrefix: UInt8? { nil }
  var storedName: StoredName { .text(name) }
}

extension Device: NamedObject {
  static var namePrefix: UInt8? { nil }
  var storedName: StoredName { .text(name) }
}

extension Reservation: NamedObject {
  static var namePrefix: UInt8? { UInt8(ascii: "r") }
}

extension PhysicalAllocation: NamedObject {
  static var namePrefix: UInt8? { UInt8(ascii: "b") }
}
