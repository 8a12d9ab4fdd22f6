/// The attributes of a sun4m entry.
struct Sun4mAttributes: Hashable, Sendable {
  /// WRITE: the device may write.
  var canWrite = true
  /// CACHE: cacheable, so coherent with the processors' caches.
  var isCached = false
}

/// The SBus IOMMU of sun4m (1991-1996): one level of 32-bit big-endian entries for the top of the 32-bit space.
///
/// The window is 16M << RNGE, from 0xFFFFFFFF down. Facts: Linux v2.6.35 arch/sparc/mm/iommu.c (`MKIOPTE`,
/// `iommu_get_one`), include/asm/iommu_32.h (`IOPTE_*`, `IOMMU_RNGE_*`); QEMU hw/dma/sparc32_dma.c and
/// hw/sparc/sun4m_iommu.c.
struct Sun4mIOMMU: FlatFormat {
  static let name = "sun4m-iommu"
  static let summary = "SPARC sun4m SBus IOMMU (1991-1996)"
  static let attributeLines = [
    AttributeLine.readAlways, "write: bit 2", AttributeLine.noExecute, AttributeLine.noUser,
    AttributeLine.noSecure, "cache none: bit 7 = 0; wt, wb-nwa and wb-wa: bit 7 = 1 (one policy)",
  ]

  /// Linux takes 256M.
  private static let rules = WindowRules(
    standard: TableWindow(base: 0xF000_0000, size: 1 << 28), sizes: 1 << 24...1 << 31,
    granularity: 1 << 24, isNatural: true, addressBits: 32)

  let window: TableWindow
  let pageSizeLog2 = 12

  init() {
    window = Self.rules.standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window"], format: Self.name)
    window = try Self.rules.window(configuration, format: Self.name)
    guard window.base &+ window.size == 1 << 32 else {
      throw .badConfiguration(
        key: "window", value: "\(hex(window.base)) of \(window.size) bytes", format: Self.name)
    }
  }

  var inputBits: Int { 32 }
  var outputBits: Int { 36 }
  var isBigEndian: Bool { true }

  func levelName(_ level: Int) -> StaticString { "IOPTE" }

  func kind(of entry: UInt32, level: Int) -> EntryKind { entry & 2 == 0 ? .empty : .leaf }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 { UInt64(entry >> 8) << 12 }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: Sun4mAttributes) -> UInt32 {
    2 | (attributes.canWrite ? 4 : 0) | (attributes.isCached ? 0x80 : 0)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: outputAddress >> 12) << 8
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> Sun4mAttributes {
    try wish.requireRead(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return Sun4mAttributes(canWrite: wish.access.contains(.write), isCached: wish.cache != .notCached)
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> Sun4mAttributes {
    Sun4mAttributes(canWrite: entry & 4 != 0, isCached: entry & 0x80 != 0)
  }

  func mappingAttributes(of attributes: Sun4mAttributes) -> MappingAttributes {
    MappingAttributes(
      canRead: true, canWrite: attributes.canWrite,
      cache: attributes.isCached ? .writeBackWriteAllocate : .notCached)
  }

  static var wordsWidth: Int { 20 }

  func describe(_ attributes: Sun4mAttributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // Control: 4:2 RNGE, 0 enable. Base: the table's address >> 4.
    let range = UInt64(window.size.trailingZeroBitCount - 24)
    return windowLines + [
      RootDescription.Line("iommu_control", hex: range << 2 | 1),
      RootDescription.Line("iommu_base", hex: rootAddress >> 4),
    ]
  }
}
