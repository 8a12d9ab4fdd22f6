/// The structures in memory by which a RISC-V IOMMU finds a device's table, from the directory pointer on.
///
/// The device directory has as few levels as the device's number needs; of each level there is the one table on the way, and
/// other devices' entries are not valid. The context is for requests without a process, whose address space and guest are
/// number 1. Facts: RISC-V IOMMU Architecture Specification 1.0, 2.1 and 5; Linux drivers/iommu/riscv/iommu-bits.h
/// (`RISCV_IOMMU_DC_*`, `RISCV_IOMMU_DDTP_*`).
struct RISCVDeviceContext: Hashable, Sendable {
  /// The device's number.
  let device: UInt16
  /// Whether contexts have the extended format, of units with MSI_FLAT; translation of MSIs stays off.
  let isExtended: Bool
  /// The tables of the directory by level, once made; no array, so that formats stay plain values.
  private var tables = SIMD4<UInt64>()

  init(device: UInt16, isExtended: Bool) {
    self.device = device
    self.isExtended = isExtended
  }

  /// The index bits of a level of the directory; level 0 holds contexts.
  private func indexBits(_ level: Int) -> Int {
    switch level {
    case 0: isExtended ? 6 : 7
    case 1: 9
    default: isExtended ? 9 : 8
    }
  }

  /// The part of the device's number that selects an entry of a level.
  private func index(_ level: Int) -> UInt64 {
    let below = (0..<level).reduce(0) { $0 + indexBits($1) }
    return UInt64(device) >> UInt64(below) & (1 << UInt64(indexBits(level)) - 1)
  }

  /// The number of levels: 1 to 3.
  private var levels: Int {
    UInt64(device) >> UInt64(indexBits(0)) == 0
      ? 1 : UInt64(device) >> UInt64(indexBits(0) + indexBits(1)) == 0 ? 2 : 3
  }

  /// The address of the context.
  private var contextAddress: UInt64 { tables[0] &+ index(0) &* (isExtended ? 64 : 32) }

  /// The address of the entry of a level above contexts.
  private func entryAddress(_ level: Int) -> UInt64 { tables[level] &+ index(level) &* 8 }

  /// The entry of a level above contexts: V, and the page number of the table below.
  private func entry(_ level: Int) -> UInt64 { tables[level - 1] >> 2 | 1 }

  /// The context's words: tc, iohgatp, ta, fsc, and in the extended format four of MSIs.
  private func words(_ stage: Stage) -> [UInt64] {
    let control: UInt64 = stage.isNarrow ? 1 | 1 << 11 : 1
    let words = [
      control, stage.isSecond ? stage.root | 1 << 44 : 0, stage.isSecond ? 0 : 1 << 12,
      stage.isSecond ? 0 : stage.root,
    ]
    return isExtended ? words + [0, 0, 0, 0] : words
  }

  /// What the context says.
  struct Stage: Hashable {
    /// The mode and page number of the table: iosatp or, without GSCID, iohgatp.
    var root: UInt64
    /// Whether the table is of the second stage.
    var isSecond: Bool
    /// Whether its entries have 32 bits (SXL = 1, GXL = 1).
    var isNarrow: Bool
  }

  mutating func prepare(_ stage: Stage, _ structures: inout RootStructures) throws(PageTableError) {
    for level in 0..<levels {
      tables[level] = try structures.allocate(byteCountLog2: 12, addressBits: 56, name: "device directory")
    }
    for (index, word) in words(stage).enumerated().reversed() {
      structures.store(word.littleEndian, at: contextAddress &+ UInt64(index) &* 8)
    }
    for level in 1..<max(levels, 1) {
      structures.store(entry(level).littleEndian, at: entryAddress(level))
    }
  }

  /// The lines that lead from the registers to the table.
  func lines(_ stage: Stage) -> [RootDescription.Line] {
    // ddtp: mode 2 and up, page number. fctl: GXL.
    var lines = [
      RootDescription.Line("device_id", hex: UInt64(device)),
      RootDescription.Line("ddtp", hex: tables[levels - 1] >> 2 | UInt64(levels + 1)),
      RootDescription.Line("fctl", hex: stage.isNarrow ? 4 : 0),
    ]
    for level in (1..<max(levels, 1)).reversed() {
      lines.append(RootDescription.Line("ddte\(level)", hex: entryAddress(level)))
      lines.append(RootDescription.Line("ddte\(level)_0", hex: entry(level)))
    }
    lines.append(RootDescription.Line("dc", hex: contextAddress))
    let names = ["tc", "iohgatp", "ta", "fsc", "msiptp"]
    return lines + zip(names, words(stage)).map { RootDescription.Line($0, hex: $1) }
  }
}
