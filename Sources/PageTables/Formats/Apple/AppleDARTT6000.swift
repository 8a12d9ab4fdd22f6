/// The second generation of Apple's DART: t6000 (M1 Pro, Max, Ultra) and t8110 (M2 on), with 42 bits of physical address.
///
/// Two levels of 16K tables; with `levels=3` the mode of t8110 that Linux calls four-level (it counts the register), whose
/// root has an entry for each 64G. The entries of both chips are the same, their registers are not.
/// Facts: Linux drivers/iommu/io-pgtable-dart.c (`APPLE_DART2_*`), drivers/iommu/apple-dart.c (`DART_T8020_*`,
/// `DART_T8110_*`).
struct AppleDARTT6000: DARTFormat {
  static let name = "apple-dart-t6000"
  static let summary = "Apple DART, second generation (t6000, t8110: M1 Pro and Max, M2 on; 2021 on)"
  static let attributeLines = [
    "read: bit 3 = 0; write: bit 2 = 0, also without read; none: both = 1",
    AttributeLine.noExecute, AttributeLine.noUser, AttributeLine.noSecure,
    "cache none: bit 1 = 1; wt, wb-nwa and wb-wa: bit 1 = 0 (one policy)",
    "parts of a page: bits 63:40 = 0x000fff (all of it) always",
  ]

  let granuleLog2 = 14
  let topLevel: Int

  init() {
    topLevel = 1
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["granule", "levels"], format: Self.name)
    // The address in an entry ends at PA[14].
    _ = try configuration.pageSizeLog2(among: [14], standard: 14, format: Self.name)
    let levels = configuration.levels ?? 2
    guard (2...3).contains(levels) else {
      throw .badConfiguration(key: "levels", value: "\(levels)", format: Self.name)
    }
    topLevel = levels - 1
  }

  var inputBits: Int { topLevel == 1 ? 32 : 42 }
  var outputBits: Int { 42 }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 { (entry & 0x003F_FFFF_FC00) << 4 }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 {
    outputAddress >> 4 & 0x003F_FFFF_FC00
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: DARTAttributes) -> UInt64 {
    1 | (attributes.isUncached ? 1 << 1 : 0) | (attributes.canWrite ? 0 : 1 << 2)
      | (attributes.canRead ? 0 : 1 << 3) | partBits(attributes.part)
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> DARTAttributes {
    DARTAttributes(
      canRead: entry >> 3 & 1 == 0, canWrite: entry >> 2 & 1 == 0, isUncached: entry >> 1 & 1 != 0,
      part: part(of: entry))
  }

  func describe(_ attributes: DARTAttributes, into text: inout TextCursor) {
    text.append(attributes.mapping, showsPrivilege: false)
    describe(attributes.part, into: &text)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // t8110: TTBR bit 0 valid, 31:2 the table's address >> 14; TCR bit 0 translate, 3 four-level.
    let newer = [
      RootDescription.Line("t8110_ttbr", hex: (rootAddress >> 14) << 2 | 1),
      RootDescription.Line("t8110_tcr", hex: topLevel == 1 ? 1 : 1 << 3 | 1),
    ]
    guard topLevel == 1 else { return shapeLines + newer }
    return shapeLines + tableBaseLines(rootAddress: rootAddress) + [RootDescription.Line("tcr", hex: 1 << 7)]
      + newer
  }
}
