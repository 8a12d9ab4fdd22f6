/// The IOMMU of Unisoc's (Spreadtrum's) multimedia blocks: one table of 32-bit page numbers for a window.
///
/// An entry of 0 leads nowhere, so physical page 0 cannot be mapped; an access through it goes to a default page, which is
/// made with the table. Facts: Linux drivers/iommu/sprd-iommu.c (`SPRD_EX_*`, `SPRD_VAU_*`, `sprd_iommu_map`).
struct SprdIOMMU: FlatFormat {
  static let name = "sprd"
  static let summary = "Unisoc (Spreadtrum) multimedia IOMMU (SC9863A and others, 2018 on)"
  static let attributeLines =
    AttributeLine.none + [
      "invalid: 0; an access goes to the default page, and physical page 0 cannot be mapped"
    ]

  private static let rules = WindowRules(
    standard: TableWindow(base: 0, size: 1 << 28), sizes: 1 << 12...1 << 32, granularity: 1 << 12,
    isNatural: false, addressBits: 32)

  let window: TableWindow
  let pageSizeLog2 = 12
  private var defaultPage: UInt64 = 0

  init() {
    window = Self.rules.standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window"], format: Self.name)
    window = try Self.rules.window(configuration, format: Self.name)
  }

  var inputBits: Int { 32 }
  var outputBits: Int { 32 }
  var firstOutputAddress: UInt64 { 1 << 12 }

  func levelName(_ level: Int) -> StaticString { "PT" }
  func tableAlignmentLog2(_ level: Int) -> Int { max(tableSizeLog2(level), 12) }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    if entry == 0 { return .empty }
    return entry >> 20 == 0 ? .leaf : .reserved
  }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 { UInt64(entry & 0xF_FFFF) << 12 }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: outputAddress >> 12) & 0xF_FFFF
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: NoAttributes) -> UInt32 { 0 }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> NoAttributes {
    try wish.requireReadWrite(format: Self.name)
    return NoAttributes()
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> NoAttributes { NoAttributes() }
  func mappingAttributes(of attributes: NoAttributes) -> MappingAttributes { attributes.mapping }

  static var wordsWidth: Int { 8 }

  func describe(_ attributes: NoAttributes, into text: inout TextCursor) {
    text.append("prot=rwx")
  }

  mutating func prepare(rootAddress: UInt64, structures: inout RootStructures) throws(PageTableError) {
    defaultPage = try structures.allocate(byteCountLog2: 12, addressBits: outputBits, name: "default page")
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // VPN_RANGE: pages - 1. CFG: 0 enable, 1 clock gate. VAU has DEFAULT_PPN twice, for reading and for writing.
    windowLines + [
      RootDescription.Line("first_ppn", hex: rootAddress >> 12),
      RootDescription.Line("first_vpn", hex: window.base >> 12),
      RootDescription.Line("vpn_range", hex: window.size >> 12 &- 1),
      RootDescription.Line("default_ppn", hex: defaultPage >> 12),
      RootDescription.Line("cfg", hex: 0b11),
    ]
  }
}
