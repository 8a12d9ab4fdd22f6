/// The attributes of a translation control entry.
struct TCEAttributes: Hashable, Sendable {
  /// Bit 0: the device may read.
  var canRead = true
  /// Bit 1: the device may write.
  var canWrite = true
}

/// What formats of IBM's translation control entries (TCEs) have in common: the 64-bit big-endian word.
protocol TCEFormat: PageTableFormat where Word == UInt64, LeafAttributes == TCEAttributes {}

extension TCEFormat {
  var outputBits: Int { 52 }
  var isBigEndian: Bool { true }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 {
    entry & 0x000F_FFFF_FFFF_F000 & UInt64.max << UInt64(leafSizeLog2(of: entry, level: level))
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: TCEAttributes) -> UInt64 {
    (attributes.canRead ? 1 : 0) | (attributes.canWrite ? 2 : 0)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 {
    outputAddress & 0x000F_FFFF_FFFF_F000
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> TCEAttributes {
    try wish.requireReadOrWrite(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return TCEAttributes(canRead: wish.access.contains(.read), canWrite: wish.access.contains(.write))
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> TCEAttributes {
    TCEAttributes(canRead: entry & 1 != 0, canWrite: entry & 2 != 0)
  }

  func mappingAttributes(of attributes: TCEAttributes) -> MappingAttributes {
    MappingAttributes(canRead: attributes.canRead, canWrite: attributes.canWrite)
  }

  static var wordsWidth: Int { 9 }

  func describe(_ attributes: TCEAttributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false, showsCache: false)
  }
}

/// The lines of `formats/<format>/attributes` that formats of TCEs share.
let tceAttributeLines = [
  "read: bit 0; write: bit 1, also without read; none cannot be expressed (such an entry is not valid)",
  AttributeLine.noExecute, AttributeLine.noUser, AttributeLine.noSecure, AttributeLine.noCache,
]

/// The TCE table of pSeries: one level, with a page size that is a property of the window.
///
/// Under a hypervisor the table belongs to firmware and each entry is the argument of a call; on bare metal the table lies
/// in memory as here. Facts: Linux v2.6.35 arch/powerpc/include/asm/tce.h, platforms/pseries/iommu.c (`tce_build_pSeries`,
/// `tce_buildmulti_pSeriesLP`), include/asm/hvcall.h.
struct PowerTCE: FlatFormat, TCEFormat {
  static let name = "ppc-tce"
  static let summary = "IBM pSeries translation control entries, one level (about 2000 on)"
  static let attributeLines = tceAttributeLines

  let window: TableWindow
  let pageSizeLog2: Int

  /// The windows that pages of one size make.
  private static func rules(pageSizeLog2: Int) -> WindowRules {
    WindowRules(
      standard: TableWindow(base: 0, size: 1 << 31), sizes: 1 << UInt64(pageSizeLog2)...1 << 50,
      granularity: 1 << UInt64(pageSizeLog2), isNatural: false, addressBits: 64)
  }

  init() {
    pageSizeLog2 = 12
    window = Self.rules(pageSizeLog2: 12).standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window", "granule"], format: Self.name)
    pageSizeLog2 = try configuration.pageSizeLog2(among: [12, 16, 24], standard: 12, format: Self.name)
    window = try Self.rules(pageSizeLog2: pageSizeLog2).window(configuration, format: Self.name)
    guard window.indexBits(pageShift: pageSizeLog2) <= 27 else {
      throw .badConfiguration(
        key: "window", value: "\(hex(window.base)) of \(window.size) bytes", format: Self.name)
    }
  }

  var inputBits: Int { 64 }

  func levelName(_ level: Int) -> StaticString { "TCE" }
  func tableAlignmentLog2(_ level: Int) -> Int { max(tableSizeLog2(level), 12) }

  func kind(of entry: UInt64, level: Int) -> EntryKind { entry & 3 == 0 ? .empty : .leaf }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // The table as firmware's device tree names it; the numbers of the calls that a partition makes instead.
    windowLines + [
      RootDescription.Line("linux,tce-base", hex: rootAddress),
      RootDescription.Line("linux,tce-size", hex: 1 << UInt64(tableSizeLog2(0))),
      RootDescription.Line("h_put_tce", hex: 0x20),
      RootDescription.Line("h_get_tce", hex: 0x1C),
      RootDescription.Line("h_stuff_tce", hex: 0x138),
      RootDescription.Line("h_put_tce_indirect", hex: 0x13C),
    ]
  }
}
