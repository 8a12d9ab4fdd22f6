/// The first generation of Apple's DART: t8020 (A12), t8103 (M1).
///
/// Two levels of 16K tables, or with `granule=4K` of 4K tables below four registers. The protection of parts of a page is
/// disabled in every leaf, as in Linux. Facts: Linux drivers/iommu/io-pgtable-dart.c (`APPLE_DART1_*`),
/// drivers/iommu/apple-dart.c (`DART_T8020_*`).
struct AppleDART: DARTFormat {
  static let name = "apple-dart"
  static let summary = "Apple DART, first generation (t8020, t8103: A12, M1; 2018-2020)"
  static let attributeLines = [
    "read: bit 8 = 0; write: bit 7 = 0, also without read; none: both = 1",
    AttributeLine.noExecute, AttributeLine.noUser, AttributeLine.noSecure, AttributeLine.noCache,
    "parts of a page: bits 63:40 = 0x000fff (all of it), their protection disabled (bit 1 = 1) always",
  ]

  let granuleLog2: Int

  init() {
    granuleLog2 = 14
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["granule"], format: Self.name)
    granuleLog2 = try configuration.pageSizeLog2(among: [12, 14], standard: 14, format: Self.name)
  }

  var inputBits: Int { 32 }
  var outputBits: Int { 36 }
  var topLevel: Int { 1 }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 {
    entry & 0x000F_FFFF_F000 & ~(1 << UInt64(granuleLog2) - 1)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 {
    outputAddress & 0x000F_FFFF_F000
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: DARTAttributes) -> UInt64 {
    0b11 | (attributes.canWrite ? 0 : 1 << 7) | (attributes.canRead ? 0 : 1 << 8) | partBits(attributes.part)
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> DARTAttributes {
    try wish.requireExecuteOnlyWithRead(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return DARTAttributes(
      canRead: wish.access.contains(.read), canWrite: wish.access.contains(.write))
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> DARTAttributes {
    DARTAttributes(
      canRead: entry >> 8 & 1 == 0, canWrite: entry >> 7 & 1 == 0,
      part: entry >> 1 & 1 != 0 ? .whole : part(of: entry))
  }

  func describe(_ attributes: DARTAttributes, into text: inout TextCursor) {
    text.append(attributes.mapping, showsPrivilege: false, showsCache: false)
    describe(attributes.part, into: &text)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // TCR: bit 7 translate.
    shapeLines + tableBaseLines(rootAddress: rootAddress) + [RootDescription.Line("tcr", hex: 1 << 7)]
  }
}
