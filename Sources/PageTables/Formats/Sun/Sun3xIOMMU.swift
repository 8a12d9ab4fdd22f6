/// The attributes of an entry of the Sun-3x I/O mapper.
struct Sun3xAttributes: Hashable, Sendable {
  /// Bit 2 clear: the device may write.
  var canWrite = true
  /// Bit 3: used, set by the hardware.
  var isUsed = false
  /// Bit 4: modified, set by the hardware.
  var isModified = false
  /// Bit 5: full block.
  var isFullBlock = true
  /// Bit 6: not cached.
  var isCacheInhibited = true
}

/// The I/O mapper of the Sun-3x (68030, 1989): one table of 2048 32-bit big-endian words.
///
/// The hardware holds the table at physical address 0x60000000; the table here is its image, word for word. The PROM keeps
/// the last megabyte of the 16M for itself, so the window is 15M unless a configuration says otherwise.
/// Facts: Linux v2.6.35 arch/m68k/sun3x/dvma.c (`dvma_entry_set`, `IOMMU_*`).
struct Sun3xIOMMU: FlatFormat {
  static let name = "sun3x-iommu"
  static let summary = "Sun-3x I/O mapper (68030, 1989)"
  static let attributeLines = [
    AttributeLine.readAlways, "write: bit 2 = 0", AttributeLine.noExecute, AttributeLine.noUser,
    AttributeLine.noSecure, "cache none: bit 6 = 1; wt, wb-nwa and wb-wa: bit 6 = 0 (one policy)",
    "full block: bit 5 = 1 always; used and modified: bits 3 and 4 = 0, set by the hardware",
  ]

  private static let rules = WindowRules(
    standard: TableWindow(base: 0, size: 0xF0_0000), sizes: 1 << 13...1 << 24, granularity: 1 << 13,
    isNatural: false, addressBits: 24)

  /// Where the hardware holds the table.
  private static let mapper: UInt64 = 0x6000_0000

  let window: TableWindow
  let pageSizeLog2 = 13

  init() {
    window = Self.rules.standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window"], format: Self.name)
    window = try Self.rules.window(configuration, format: Self.name)
  }

  var inputBits: Int { 24 }
  var outputBits: Int { 26 }
  /// The image may lie anywhere.
  var tableAddressBits: Int { 40 }
  var isBigEndian: Bool { true }

  func levelName(_ level: Int) -> StaticString { "IOMAP" }
  func indexBits(_ level: Int) -> Int { 11 }

  // The table always has an entry for each page of the 16M.
  func tableOffset(of deviceAddress: UInt64) -> UInt64? {
    window.offset(of: deviceAddress) == nil ? nil : deviceAddress
  }

  func deviceAddress(ofTableOffset offset: UInt64) -> UInt64 { offset }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    switch entry & 3 {
    case 0: .empty
    case 1: .leaf
    default: .reserved
    }
  }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 { UInt64(entry & 0x03FF_E000) }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: Sun3xAttributes) -> UInt32 {
    1 | (attributes.canWrite ? 0 : 1 << 2) | (attributes.isUsed ? 1 << 3 : 0)
      | (attributes.isModified ? 1 << 4 : 0) | (attributes.isFullBlock ? 1 << 5 : 0)
      | (attributes.isCacheInhibited ? 1 << 6 : 0)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: outputAddress) & 0x03FF_E000
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> Sun3xAttributes {
    try wish.requireRead(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return Sun3xAttributes(
      canWrite: wish.access.contains(.write), isCacheInhibited: wish.cache == .notCached)
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> Sun3xAttributes {
    Sun3xAttributes(
      canWrite: entry >> 2 & 1 == 0, isUsed: entry >> 3 & 1 != 0, isModified: entry >> 4 & 1 != 0,
      isFullBlock: entry >> 5 & 1 != 0, isCacheInhibited: entry >> 6 & 1 != 0)
  }

  func mappingAttributes(of attributes: Sun3xAttributes) -> MappingAttributes {
    MappingAttributes(
      canRead: true, canWrite: attributes.canWrite,
      cache: attributes.isCacheInhibited ? .notCached : .writeBackWriteAllocate)
  }

  static var wordsWidth: Int { 46 }

  func describe(_ attributes: Sun3xAttributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false)
    if attributes.isFullBlock { text.append(word: "full-block") }
    if attributes.isUsed { text.append(word: "used") }
    if attributes.isModified { text.append(word: "modified") }
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    windowLines + [RootDescription.Line("mapper", hex: Self.mapper)]
  }
}
