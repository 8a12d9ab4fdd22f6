/// The scatter-gather windows of Alpha core logic (CIA, Pyxis, Tsunami, Typhoon, Titan): one level of 64-bit entries.
///
/// The chip puts the table's address and the page number of the window together without adding, so tables are aligned to
/// their size. Without a window the table serves Linux' second window of Tsunami, 1G at 1G. Entries hold PA[33:13], the
/// bits that QEMU's Typhoon takes; more may be implemented elsewhere and are refused here.
/// Facts: Linux v2.6.35 arch/alpha/kernel/pci_iommu.c (`mk_iommu_pte`), core_tsunami.c, core_titan.c, core_cia.c; QEMU
/// hw/alpha/typhoon.c (`window_translate`, `pte_translate`).
struct AlphaScatterGather: FlatFormat {
  static let name = "alpha-sg"
  static let summary =
    "Alpha PCI scatter-gather windows (21172 CIA, Pyxis, Tsunami, Typhoon, Titan; 1995-2001)"
  static let attributeLines = AttributeLine.none

  /// Window masks have bits 31:20: 1M to 4G.
  private static let rules = WindowRules(
    standard: TableWindow(base: 1 << 30, size: 1 << 30), sizes: 1 << 20...1 << 32, granularity: 1 << 20,
    isNatural: true, addressBits: 32)

  let window: TableWindow
  let pageSizeLog2 = 13

  init() {
    window = Self.rules.standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window"], format: Self.name)
    window = try Self.rules.window(configuration, format: Self.name)
  }

  var inputBits: Int { 32 }
  var outputBits: Int { 34 }

  func levelName(_ level: Int) -> StaticString { "PTE" }
  // Linux aligns CIA's tables to 32K at least.
  func tableAlignmentLog2(_ level: Int) -> Int { max(tableSizeLog2(level), 15) }

  func kind(of entry: UInt64, level: Int) -> EntryKind {
    guard entry & 1 != 0 else { return .empty }
    return entry >> 32 == 0 ? .leaf : .reserved
  }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 { (entry & 0xFFFF_FFFE) << 12 }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: NoAttributes) -> UInt64 { 1 }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 {
    outputAddress >> 12 & 0xFFFF_FFFE
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> NoAttributes {
    try wish.requireReadWrite(format: Self.name)
    return NoAttributes()
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> NoAttributes { NoAttributes() }
  func mappingAttributes(of attributes: NoAttributes) -> MappingAttributes { attributes.mapping }

  static var wordsWidth: Int { 8 }

  func describe(_ attributes: NoAttributes, into text: inout TextCursor) {
    text.append("prot=rwx")
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // Base registers: bit 0 enable, bit 1 scatter-gather. CIA's table base is shifted right by two.
    let mask = (window.size &- 1) & 0xFFF0_0000
    return windowLines + [
      RootDescription.Line("wsba", hex: window.base | 3),
      RootDescription.Line("wsm", hex: mask),
      RootDescription.Line("tba", hex: rootAddress),
      RootDescription.Line("cia_w_base", hex: window.base | 3),
      RootDescription.Line("cia_w_mask", hex: mask),
      RootDescription.Line("cia_t_base", hex: rootAddress >> 2),
    ]
  }
}
