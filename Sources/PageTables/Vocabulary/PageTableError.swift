/// Why an operation on a page table was refused.
///
/// Nothing has changed when one of these is thrown.
public enum PageTableError: Error, Hashable, Sendable {
  /// A device address (or the end of its range) that the format's input width cannot hold.
  case inputTooWide(deviceAddress: UInt64, bits: Int)
  /// A physical address that the format's entries, of every page size that fits the request, cannot hold.
  case outputTooWide(physicalAddress: UInt64, bits: Int)
  /// A device address outside of the table's window, or on the other side of its split.
  case outsideWindow(deviceAddress: UInt64)
  /// An address or a length that is not a multiple of the smallest page.
  case misaligned(value: UInt64, pageSize: UInt64)
  /// An empty range, or one whose end passes 2^64.
  case badRange(start: UInt64, length: UInt64)
  /// Something is mapped already at this device address.
  case overlap(deviceAddress: UInt64)
  /// Nothing is mapped at this device address.
  case notMapped(deviceAddress: UInt64)
  /// The range begins or ends inside one leaf, which would have to be cut.
  case splitsLeaf(deviceAddress: UInt64, leafSize: UInt64)
  /// The memory for tables is used up.
  case outOfTableMemory(byteCount: UInt64)
  /// The memory for tables lies at an address that the format's pointers cannot hold.
  case tableOutOfReach(physicalAddress: UInt64, bits: Int)
  /// An attribute that the format has no way to enforce.
  case cannotExpress(attribute: String, format: String)
  /// A configuration that the format does not have.
  case badConfiguration(key: String, value: String, format: String)
  /// The first table does not lie in memory, or not all of it.
  case rootOutsideMemory(physicalAddress: UInt64, byteCount: UInt64)
  /// An entry in memory is no longer what was written: something else has overwritten the table.
  case damaged(entryAddress: UInt64)

  /// One sentence that names the wrong value.
  public var sentence: String {
    switch self {
    case .inputTooWide(let address, let bits):
      "device address \(hex(address)) does not fit in \(bits) bits"
    case .outputTooWide(let address, let bits):
      "physical address \(hex(address)) does not fit in the \(bits) bits of an entry for this page size"
    case .outsideWindow(let address):
      "device address \(hex(address)) lies outside of the addresses that this table translates"
    case .misaligned(let value, let pageSize):
      "\(hex(value)) is not a multiple of the page size \(pageSize)"
    case .badRange(let start, let length):
      "the range of \(length) bytes at \(hex(start)) is empty or passes the end of the address space"
    case .overlap(let address):
      "device address \(hex(address)) is mapped already"
    case .notMapped(let address):
      "device address \(hex(address)) is not mapped"
    case .splitsLeaf(let address, let size):
      "the range cuts the page of \(size) bytes at device address \(hex(address))"
    case .outOfTableMemory(let byteCount):
      "no table memory is left for a table of \(byteCount) bytes"
    case .tableOutOfReach(let address, let bits):
      "table memory at \(hex(address)) does not fit in the \(bits) bits of a table pointer"
    case .cannotExpress(let attribute, let format):
      "format \(format) cannot express \(attribute)"
    case .badConfiguration(let key, let value, let format):
      "format \(format) does not take \(key)=\(value)"
    case .rootOutsideMemory(let address, let byteCount):
      "the root table of \(byteCount) bytes at \(hex(address)) does not lie in memory"
    case .damaged(let address):
      "the table entry at \(hex(address)) was overwritten by something else"
    }
  }
}

/// `value` as 0x and lower-case hexadecimal digits.
func hex(_ value: UInt64) -> String {
  "0x" + String(value, radix: 16)
}
