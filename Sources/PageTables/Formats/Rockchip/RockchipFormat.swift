/// What Rockchip's two IOMMUs have in common: two levels of 1024 32-bit entries, pages of 4K.
///
/// Facts: Linux drivers/iommu/rockchip-iommu.c (`RK_DTE_*`, `RK_PTE_*`, `rk_mk_dte`, `rk_mk_dte_v2`).
protocol RockchipFormat: PageTableFormat where Word == UInt32 {
  /// An address as entries and the register hold it.
  func encoded(_ address: UInt64) -> UInt32
  /// The address in an entry.
  func address(in entry: UInt32) -> UInt64
}

extension RockchipFormat {
  var inputBits: Int { 32 }
  var topLevel: Int { 1 }

  func levelName(_ level: Int) -> StaticString { level == 0 ? "PT" : "DT" }
  func slotShift(_ level: Int) -> Int { level == 0 ? 12 : 22 }
  func indexBits(_ level: Int) -> Int { 10 }
  func leafSizes(_ level: Int) -> UInt64 { level == 0 ? 1 << 12 : 0 }
  func leafSizeLog2(of entry: UInt32, level: Int) -> Int { 12 }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    if entry & 1 == 0 { return .empty }
    return level == 0 ? .leaf : .table
  }

  func tableAddress(of entry: UInt32, level: Int) -> UInt64 { address(in: entry) }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt32 { encoded(address) | 1 }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 { address(in: entry) }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 { encoded(outputAddress) }

  /// The lines of the root; the register holds an address, or in the second version a directory entry.
  func lines(register: UInt32) -> [RootDescription.Line] {
    // COMMAND 0 enables paging. INT_MASK: 0 page fault, 1 bus error.
    [
      RootDescription.Line("levels", "2"),
      RootDescription.Line("input_bits", "32"),
      RootDescription.Line("dte_addr", hex: UInt64(register)),
      RootDescription.Line("int_mask", hex: 3),
      RootDescription.Line("command", hex: 0),
    ]
  }
}
