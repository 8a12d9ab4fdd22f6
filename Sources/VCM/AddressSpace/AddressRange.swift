/// A range of addresses, given by its first and last one, so that it may end at the top of the address space.
struct AddressRange: Hashable, Sendable {
  /// The first address.
  var first: UInt64
  /// The last address, never below the first.
  var last: UInt64

  init(first: UInt64, last: UInt64) {
    self.first = first
    self.last = last
  }

  /// The range of `length` bytes, or nil if it is empty or passes the end of the address space.
  init?(first: UInt64, length: UInt64) {
    guard length > 0, case (let last, false) = first.addingReportingOverflow(length - 1) else { return nil }
    self.init(first: first, last: last)
  }

  /// The number of bytes; 0 stands for 2^64.
  var length: UInt64 { last &- first &+ 1 }

  /// Whether all of `other` lies in this range.
  func contains(_ other: AddressRange) -> Bool { first <= other.first && other.last <= last }

  /// Whether an address lies in this range.
  func contains(_ address: UInt64) -> Bool { first <= address && address <= last }

  /// Whether the ranges have an address in common.
  func overlaps(_ other: AddressRange) -> Bool { first <= other.last && other.first <= last }
}
