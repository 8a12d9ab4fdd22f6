/// AMD's device table: 32 bytes for each device up to the last of the requester's bus.
///
/// One entry leads to the requester's table. Every other device is blocked: V and TV, but no table and no permission.
/// Facts: AMD I/O Virtualization Technology (IOMMU) Specification, 48882, 2.2.2; Linux drivers/iommu/amd/amd_iommu_types.h.
struct AMDDeviceTable: Hashable, Sendable {
  /// The domain that the requester's entry names.
  static let domain: UInt64 = 1
  /// V and TV: the entry is valid, and so is what it says of translation.
  static let valid: UInt64 = 3

  let requester: UInt16
  private var address: UInt64 = 0

  init(requester: UInt16) {
    self.requester = requester
  }

  /// The log2 of the table's bytes: 256 devices a bus, a power of two of buses.
  private var sizeLog2: Int { 13 + (16 - (requester >> 8).leadingZeroBitCount) }

  /// The address of the requester's entry.
  private var entryAddress: UInt64 { address &+ UInt64(requester) &* 32 }

  /// Makes the table with the quadwords of the requester's entry, of which the first is stored last.
  mutating func prepare(
    _ structures: inout RootStructures, entry: [UInt64]
  ) throws(PageTableError) {
    address = try structures.allocate(byteCountLog2: sizeLog2, addressBits: 52, name: "device table")
    for index in 0..<1 << UInt64(sizeLog2 - 5) as Range<UInt64> where index != UInt64(requester) {
      structures.store(Self.valid.littleEndian, at: address &+ index &* 32)
    }
    for (index, word) in entry.enumerated().reversed() {
      structures.store(word.littleEndian, at: entryAddress &+ UInt64(index) &* 8)
    }
  }

  /// The lines that lead from the register to the requester's entry.
  func lines(entry: [UInt64]) -> [RootDescription.Line] {
    let pages: UInt64 = 1 << UInt64(sizeLog2 - 12)
    return [
      RootDescription.Line(requester: requester),
      RootDescription.Line("device_table_base", hex: address | (pages - 1)),
      RootDescription.Line("dte_addr", hex: entryAddress),
    ] + entry.enumerated().map { RootDescription.Line("dte_\($0.offset)", hex: $0.element) }
  }
}
