/// The attributes of an entry of PA-RISC's Astro, Ike, Reo and Pluto.
struct AstroAttributes: Hashable, Sendable {
  /// VI: bits 19:12 of the coherence index of the processor's virtual address, by which the controller finds the line in a
  /// virtually indexed cache.
  var virtualIndex: UInt8 = 0
}

/// The I/O controllers Astro, Ike and Reo, and Pluto (PA-RISC, 1999-2005): 64-bit entries stored little-endian, although the
/// processor is big-endian.
///
/// A window at 0 belongs to Astro, Ike and Reo: pages of 4K, PA[43:12]. Any other belongs to Pluto: pages of 4K to 64K,
/// PA[39:12]. Facts: Linux v2.6.35 drivers/parisc/sba_iommu.c (`sba_io_pdir_entry`, `sba_ioc_init`, `sba_ioc_init_pluto`),
/// arch/parisc/include/asm/ropes.h; QEMU hw/pci-host/astro.c.
struct HPAstro: HPDirectoryFormat {
  static let name = "hp-astro"
  static let summary = "HP Astro, Ike, Reo and Pluto I/O controllers (PA-RISC, 1999-2005)"
  static let attributeLines =
    AttributeLine.none + [
      "virtual index: VI = 0 always; who maps for a processor with virtually indexed caches adds bits 19:12 of its"
        + " coherence index"
    ]

  let window: TableWindow
  let pageSizeLog2: Int

  /// Windows of 1M to 1G, for the top two address bits are hints.
  private static func rules(pageSizeLog2: Int) -> WindowRules {
    WindowRules(
      standard: TableWindow(base: 0, size: 1 << 30), sizes: 1 << 20...1 << 30, granularity: 1 << 20,
      isNatural: true, addressBits: 32)
  }

  init() {
    pageSizeLog2 = 12
    window = Self.rules(pageSizeLog2: 12).standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window", "granule"], format: Self.name)
    let isPluto = configuration.window.map { $0.base != 0 } ?? false
    pageSizeLog2 = try configuration.pageSizeLog2(
      among: isPluto ? [12, 13, 14, 16] : [12], standard: 12, format: Self.name)
    window = try Self.rules(pageSizeLog2: pageSizeLog2).window(configuration, format: Self.name)
  }

  /// Whether the controller is Pluto.
  private var isPluto: Bool { window.base != 0 }

  var outputBits: Int { isPluto ? 40 : 44 }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 {
    entry & (1 << UInt64(outputBits) - 1) & UInt64.max << UInt64(pageSizeLog2)
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: AstroAttributes) -> UInt64 {
    1 << 63 | UInt64(attributes.virtualIndex)
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> AstroAttributes {
    try wish.requireReadWrite(format: Self.name)
    return AstroAttributes()
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> AstroAttributes {
    AstroAttributes(virtualIndex: UInt8(truncatingIfNeeded: entry))
  }

  func mappingAttributes(of attributes: AstroAttributes) -> MappingAttributes { NoAttributes().mapping }

  static var wordsWidth: Int { 16 }

  func describe(_ attributes: AstroAttributes, into text: inout TextCursor) {
    text.append("prot=rwx")
    text.append(word: "vi=")
    text.append(hexadecimal: UInt64(attributes.virtualIndex))
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    windowLines + registerLines(rootAddress: rootAddress)
  }
}
