/// The attributes of an entry of PA-RISC's U2 and Uturn.
struct U2Attributes: Hashable, Sendable {
  /// VI: bits 23:12 of the coherence index of the processor's virtual address.
  var virtualIndex: UInt16 = 0
  /// Hint 0x02: partial lines are written by reading and changing them.
  var isSafe = true
  /// Hint 0x04: atomic across lines.
  var stopsMost = false
  /// Hint 0x10: reads ahead.
  var prefetches = false
}

/// The I/O adapters U2 and Uturn (CCIO; PA-RISC, 1995-1999): one level of 64-bit big-endian entries.
///
/// The directory starts at device address 0. Hints do not restrict what a device may do; the ones for transfers both ways
/// are written. Facts: Linux v2.6.35 drivers/parisc/ccio-dma.c (`ccio_io_pdir_entry`, `hint_lookup`, `ccio_ioc_init`).
struct HPU2: FlatFormat {
  static let name = "hp-u2"
  static let summary = "HP U2 and Uturn I/O adapters (PA-RISC, 1995-1999)"
  static let attributeLines =
    AttributeLine.none + [
      "virtual index: VI = 0 always; who maps for a processor with virtually indexed caches adds bits 23:12 of its"
        + " coherence index",
      "hints: safe DMA always (0x02); stop-most (0x04) and prefetch (0x10) never",
    ]

  private static let rules = WindowRules(
    standard: TableWindow(base: 0, size: 1 << 30), sizes: 1 << 20...1 << 30, granularity: 1 << 20,
    isNatural: true, addressBits: 30)

  let window: TableWindow
  let pageSizeLog2 = 12

  init() {
    window = Self.rules.standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window"], format: Self.name)
    window = try Self.rules.window(configuration, format: Self.name)
    guard window.base == 0 else {
      throw .badConfiguration(
        key: "window", value: "\(hex(window.base)) of \(window.size) bytes", format: Self.name)
    }
  }

  var inputBits: Int { 30 }
  var outputBits: Int { 52 }
  /// The directory's register has 32 bits.
  var tableAddressBits: Int { 32 }
  var isBigEndian: Bool { true }

  func levelName(_ level: Int) -> StaticString { "PDIR" }
  func tableAlignmentLog2(_ level: Int) -> Int { max(tableSizeLog2(level), 12) }

  func kind(of entry: UInt64, level: Int) -> EntryKind { entry & 1 == 0 ? .empty : .leaf }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 {
    entry & 0x0000_FFFF_FFFF_F000 | (entry >> 60) << 48
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: U2Attributes) -> UInt64 {
    1 | (attributes.isSafe ? 0x02 : 0) | (attributes.stopsMost ? 0x04 : 0)
      | (attributes.prefetches ? 0x10 : 0) | UInt64(attributes.virtualIndex & 0xFFF) << 48
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 {
    outputAddress & 0x0000_FFFF_FFFF_F000 | (outputAddress >> 48 & 15) << 60
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> U2Attributes {
    try wish.requireReadWrite(format: Self.name)
    return U2Attributes()
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> U2Attributes {
    U2Attributes(
      virtualIndex: UInt16(truncatingIfNeeded: entry >> 48 & 0xFFF), isSafe: entry & 0x02 != 0,
      stopsMost: entry & 0x04 != 0, prefetches: entry & 0x10 != 0)
  }

  func mappingAttributes(of attributes: U2Attributes) -> MappingAttributes { NoAttributes().mapping }

  static var wordsWidth: Int { 42 }

  func describe(_ attributes: U2Attributes, into text: inout TextCursor) {
    text.append("prot=rwx")
    text.append(word: "vi=")
    text.append(hexadecimal: UInt64(attributes.virtualIndex))
    if attributes.isSafe { text.append(word: "safe") }
    if attributes.stopsMost { text.append(word: "stop-most") }
    if attributes.prefetches { text.append(word: "prefetch") }
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // Control: virtual mode. The chain id is the top 8 of the window's address bits less the page's.
    windowLines + [
      RootDescription.Line("io_control", hex: 0x0002_0080),
      RootDescription.Line("io_pdir_base", hex: rootAddress),
      RootDescription.Line("io_chain_id_mask", hex: 0xFF << UInt64(window.size.trailingZeroBitCount - 8)),
    ]
  }
}
