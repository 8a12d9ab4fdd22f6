/// The attributes of a sun4u entry.
struct Sun4uAttributes: Hashable, Sendable {
  /// WRITE: the device may write.
  var canWrite = true
  /// CACHE: cacheable.
  var isCached = false
  /// STBUF: goes through the streaming buffer.
  var isStreaming = false
  /// INTRA: a transfer between devices of the same bus.
  var isIntraBus = false
  /// CONTEXT: the context of streaming and flushing.
  var context: UInt16 = 0
}

/// The IOMMU of sun4u host bridges (SYSIO, Psycho, Sabre, Schizo, Tomatillo, Fire): one level of 64-bit big-endian entries,
/// the translation storage buffer (TSB).
///
/// With a granule of 8K the table has an entry for each 8K, and a 64K page takes 8 identical entries; with a granule of
/// 64K it has an entry for each 64K. PA[42:13], what Schizo keeps, is written; older chips keep less.
/// Facts: Linux v2.6.35 arch/sparc/include/asm/iommu_64.h (`IOPTE_*`), arch/sparc/kernel/iommu.c, psycho_common.c,
/// pci_schizo.c, pci_fire.c; QEMU hw/sparc64/sun4u_iommu.c.
struct Sun4uIOMMU: FlatFormat {
  static let name = "sun4u-iommu"
  static let summary = "SPARC sun4u IOMMU (SYSIO, Psycho, Sabre, Schizo, Tomatillo, Fire; 1995-2005)"
  static let attributeLines = [
    AttributeLine.readAlways, "write: bit 1", AttributeLine.noExecute, AttributeLine.noUser,
    AttributeLine.noSecure, "cache none: bit 4 = 0; wt, wb-nwa and wb-wa: bit 4 = 1 (one policy)",
    "streaming: bit 60 = 0; intra-bus: bit 59 = 0; context: bits 58:47 = 0 always",
  ]

  let window: TableWindow
  let pageSizeLog2: Int

  /// 1024 << TSBSZ entries, TSBSZ 0 to 7, or 0 to 5 with entries of 64K; without a window Linux' 1G at 3G.
  private static func rules(pageSizeLog2: Int) -> WindowRules {
    WindowRules(
      standard: TableWindow(base: 0xC000_0000, size: 1 << 30),
      sizes: 1 << UInt64(pageSizeLog2 + 10)...1 << UInt64(pageSizeLog2 == 13 ? 30 : 31), granularity: 1 << 13,
      isNatural: true, addressBits: 32)
  }

  init() {
    pageSizeLog2 = 13
    window = Self.rules(pageSizeLog2: 13).standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window", "granule"], format: Self.name)
    pageSizeLog2 = try configuration.pageSizeLog2(among: [13, 16], standard: 13, format: Self.name)
    window = try Self.rules(pageSizeLog2: pageSizeLog2).window(configuration, format: Self.name)
  }

  var inputBits: Int { 32 }
  var outputBits: Int { 43 }
  var isBigEndian: Bool { true }

  func levelName(_ level: Int) -> StaticString { "TSB" }
  func leafSizes(_ level: Int) -> UInt64 { pageSizeLog2 == 13 ? 1 << 13 | 1 << 16 : 1 << 16 }

  func kind(of entry: UInt64, level: Int) -> EntryKind {
    guard entry >> 63 != 0 else { return .empty }
    // A small page in a table of large ones maps the first 8K only, which no walk here can say.
    return pageSizeLog2 == 16 && entry >> 61 & 1 == 0 ? .reserved : .leaf
  }

  func leafSizeLog2(of entry: UInt64, level: Int) -> Int { entry >> 61 & 1 != 0 ? 16 : 13 }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 {
    entry & 0x0000_7FFF_FFFF_FFFF & UInt64.max << UInt64(leafSizeLog2(of: entry, level: level))
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: Sun4uAttributes) -> UInt64 {
    1 << 63 | (sizeLog2 == 16 ? 1 << 61 : 0) | (attributes.isStreaming ? 1 << 60 : 0)
      | (attributes.isIntraBus ? 1 << 59 : 0) | UInt64(attributes.context & 0xFFF) << 47
      | (attributes.isCached ? 1 << 4 : 0) | (attributes.canWrite ? 2 : 0)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 {
    outputAddress & 0x0000_7FFF_FFFF_E000
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> Sun4uAttributes {
    try wish.requireRead(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return Sun4uAttributes(canWrite: wish.access.contains(.write), isCached: wish.cache != .notCached)
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> Sun4uAttributes {
    Sun4uAttributes(
      canWrite: entry & 2 != 0, isCached: entry & 0x10 != 0, isStreaming: entry >> 60 & 1 != 0,
      isIntraBus: entry >> 59 & 1 != 0, context: UInt16(truncatingIfNeeded: entry >> 47 & 0xFFF))
  }

  func mappingAttributes(of attributes: Sun4uAttributes) -> MappingAttributes {
    MappingAttributes(
      canRead: true, canWrite: attributes.canWrite,
      cache: attributes.isCached ? .writeBackWriteAllocate : .notCached)
  }

  static var wordsWidth: Int { 53 }

  func describe(_ attributes: Sun4uAttributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false)
    if attributes.isStreaming { text.append(word: "streaming") }
    if attributes.isIntraBus { text.append(word: "intra") }
    if attributes.context != 0 {
      text.append(word: "context=")
      text.append(decimal: UInt64(attributes.context))
    }
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // Control: 18:16 TSBSZ, 2 entries of 64K, 0 enable. Fire has the size in its base register and snoops and caches walks
    // by its control register.
    let size = UInt64(indexBits(0) - 10)
    let large: UInt64 = pageSizeLog2 == 16 ? 1 << 2 : 0
    return windowLines + [
      RootDescription.Line("iommu_control", hex: size << 16 | large | 1),
      RootDescription.Line("iommu_tsbbase", hex: rootAddress),
      RootDescription.Line("fire_iommu_control", hex: 0x701),
      RootDescription.Line("fire_iommu_tsbbase", hex: rootAddress | size),
    ]
  }
}
