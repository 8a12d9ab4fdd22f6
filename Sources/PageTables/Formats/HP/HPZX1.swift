/// What the I/O page directories of HP's system bus adapters have in common: one level of 64-bit little-endian entries with
/// the valid bit on top, and a set of registers.
protocol HPDirectoryFormat: FlatFormat where Word == UInt64 {}

extension HPDirectoryFormat {
  var inputBits: Int { 32 }

  func levelName(_ level: Int) -> StaticString { "PDIR" }
  func tableAlignmentLog2(_ level: Int) -> Int { max(tableSizeLog2(level), 12) }

  func kind(of entry: UInt64, level: Int) -> EntryKind { entry >> 63 == 0 ? .empty : .leaf }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 {
    outputAddress & UInt64.max << UInt64(sizeLog2)
  }

  /// The registers of the I/O controller.
  ///
  /// IBASE: bit 0 enable. TCNFG: 0 = 4K, 1 = 8K, 2 = 16K, 3 = 64K.
  func registerLines(rootAddress: UInt64) -> [RootDescription.Line] {
    let configuration: UInt64 = pageSizeLog2 == 16 ? 3 : UInt64(pageSizeLog2 - 12)
    return [
      RootDescription.Line("ibase", hex: window.base | 1),
      RootDescription.Line("imask", hex: ~(window.size &- 1) & 0xFFFF_FFFF),
      RootDescription.Line("tcnfg", hex: configuration),
      RootDescription.Line("pdir_base", hex: rootAddress),
    ]
  }
}

/// The I/O controller of HP's Itanium 2 chipsets zx1, sx1000 and sx2000 (2002-2010).
///
/// The page size is one for the whole table. Facts: Linux v2.6.35 arch/ia64/hp/common/sba_iommu.c (`sba_io_pdir_entry`,
/// `sba_mark_invalid`, `ioc_iova_init`).
struct HPZX1: HPDirectoryFormat {
  static let name = "hp-zx1"
  static let summary = "HP zx1, sx1000, sx2000 I/O controller (Itanium 2, 2002-2010)"
  static let attributeLines = AttributeLine.none

  let window: TableWindow
  let pageSizeLog2: Int

  /// At least 512 pages, for the table is at least 4K long; without a window 1G at 1G.
  private static func rules(pageSizeLog2: Int) -> WindowRules {
    WindowRules(
      standard: TableWindow(base: 1 << 30, size: 1 << 30), sizes: 1 << UInt64(pageSizeLog2 + 9)...1 << 31,
      granularity: 1 << UInt64(pageSizeLog2), isNatural: true, addressBits: 32)
  }

  init() {
    pageSizeLog2 = 12
    window = Self.rules(pageSizeLog2: 12).standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window", "granule"], format: Self.name)
    pageSizeLog2 = try configuration.pageSizeLog2(among: [12, 13, 14, 16], standard: 12, format: Self.name)
    window = try Self.rules(pageSizeLog2: pageSizeLog2).window(configuration, format: Self.name)
  }

  var outputBits: Int { 40 }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 {
    // The chip ignores the bits below the page, which Linux does not always clear.
    entry & 0x0000_00FF_FFFF_F000 & UInt64.max << UInt64(pageSizeLog2)
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: NoAttributes) -> UInt64 { 1 << 63 }

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
    windowLines + registerLines(rootAddress: rootAddress)
  }
}
