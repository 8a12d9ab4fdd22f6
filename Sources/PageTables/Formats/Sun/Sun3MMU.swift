internal import PhysicalMemory

/// The attributes of an entry of a Sun-3 page map.
struct Sun3Attributes: Hashable, Sendable {
  /// Bit 30: writes are permitted.
  var canWrite = true
  /// Bit 29: the supervisor only.
  var isSystem = false
  /// Bit 28: not cached.
  var isUncached = true
  /// Bit 25: accessed.
  var isAccessed = true
  /// Bit 24: modified.
  var isModified = true
}

/// The MMU of the Sun-3 (68020, 1985-1989), through which DMA goes too: a segment map, and page maps of 16 entries.
///
/// The hardware holds both in memories of its own that software reaches by control-space accesses; the tables here are
/// their shadow (`Sun3MapMemory`). A segment of 128K has a byte in the segment map, the number of one of 256 page maps
/// (PMEGs), of which 255 stands for none: so at most 255 segments, 32M, are mapped at once. In the shadow the byte is the
/// low one of a 32-bit word whose upper bits say where the shadow of the page maps lies.
///
/// Physical addresses have 34 bits here: bits 33:32 are the entry's type: 0 main memory, 1 on-board I/O, 2 and 3 VME with
/// 16 and 32 bits of data. Facts: Linux v2.6.35 arch/m68k/sun3/dvma.c (`dvma_page`, `dvma_map_iommu`), sun3dvma.c,
/// mmu_emu.c, include/asm/sun3mmu.h, sun3_pgtable.h (`SUN3_PAGE_*`); SunOS sun3 pte.h.
struct Sun3MMU: PageTableFormat {
  static let name = "sun3-mmu"
  static let summary = "Sun-3 MMU, the mapper of DVMA (68020, 1985-1989)"
  static let attributeLines = [
    AttributeLine.readAlways, "write: bit 30", AttributeLine.noExecute,
    "user: bit 29 = 0; supervisor: bit 29 = 1", AttributeLine.noSecure,
    "cache none: bit 28 = 1; wt, wb-nwa and wb-wa: bit 28 = 0 (one policy)",
    "accessed: bit 25 = 1, modified: bit 24 = write, set beforehand",
    "type: bits 27:26 = bits 33:32 of the physical address (0 memory, 1 on-board I/O, 2 and 3 VME)",
  ]

  /// The whole virtual space; Linux hands out 0x0FF00000-0x0FFDFFFF for DVMA.
  private static let rules = WindowRules(
    standard: TableWindow(base: 0, size: 1 << 28), sizes: 1 << 17...1 << 28, granularity: 1 << 17,
    isNatural: false, addressBits: 28)

  private let window: TableWindow

  init() {
    window = Self.rules.standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window"], format: Self.name)
    window = try Self.rules.window(configuration, format: Self.name)
  }

  static func tableMemory(over tableMemory: any TableMemory) -> any TableMemory {
    Sun3MapMemory(over: tableMemory)
  }

  var inputBits: Int { 28 }
  var outputBits: Int { 34 }
  /// What a word of the shadow holds.
  var tableAddressBits: Int { 32 }
  var topLevel: Int { 1 }
  var isBigEndian: Bool { true }

  func levelName(_ level: Int) -> StaticString { level == 0 ? "PMEG" : "SEGMAP" }
  func slotShift(_ level: Int) -> Int { level == 0 ? 13 : 17 }
  func indexBits(_ level: Int) -> Int { level == 0 ? 4 : 11 }
  func leafSizes(_ level: Int) -> UInt64 { level == 0 ? 1 << 13 : 0 }
  func leafSizeLog2(of entry: UInt32, level: Int) -> Int { 13 }

  func tableOffset(of deviceAddress: UInt64) -> UInt64? {
    window.offset(of: deviceAddress) == nil ? nil : deviceAddress
  }

  func emptyEntry(_ level: Int) -> UInt32 { level == 0 ? 0 : 0xFF }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    if level == 0 { return entry >> 31 == 0 ? .empty : .leaf }
    if entry & 0xFF == 0xFF { return .empty }
    return entry & 0x3F00 == 0 ? .table : .reserved
  }

  func tableAddress(of entry: UInt32, level: Int) -> UInt64 {
    UInt64(entry & 0xFFFF_C000) | UInt64(entry & 0xFF) << 6
  }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt32 {
    let word = UInt32(truncatingIfNeeded: address)
    return word & 0xFFFF_C000 | (word & 0x3FFF) >> 6
  }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 {
    UInt64(entry & 0x7FFFF) << 13 | UInt64(entry >> 26 & 3) << 32
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: Sun3Attributes) -> UInt32 {
    1 << 31 | (attributes.canWrite ? 1 << 30 : 0) | (attributes.isSystem ? 1 << 29 : 0)
      | (attributes.isUncached ? 1 << 28 : 0) | (attributes.isAccessed ? 1 << 25 : 0)
      | (attributes.isModified ? 1 << 24 : 0)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: outputAddress >> 13 & 0x7FFFF)
      | UInt32(truncatingIfNeeded: outputAddress >> 32 & 3) << 26
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> Sun3Attributes {
    try wish.requireRead(format: Self.name)
    try wish.requireNonSecure(format: Self.name)
    let canWrite = wish.access.contains(.write)
    return Sun3Attributes(
      canWrite: canWrite, isSystem: wish.privilege == .supervisor, isUncached: wish.cache == .notCached,
      isAccessed: true, isModified: canWrite)
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> Sun3Attributes {
    Sun3Attributes(
      canWrite: entry >> 30 & 1 != 0, isSystem: entry >> 29 & 1 != 0, isUncached: entry >> 28 & 1 != 0,
      isAccessed: entry >> 25 & 1 != 0, isModified: entry >> 24 & 1 != 0)
  }

  func mappingAttributes(of attributes: Sun3Attributes) -> MappingAttributes {
    var mapping = MappingAttributes(
      canRead: true, canWrite: attributes.canWrite,
      cache: attributes.isUncached ? .notCached : .writeBackWriteAllocate)
    mapping.privilege = attributes.isSystem ? .supervisor : .user
    return mapping
  }

  static var wordsWidth: Int { 50 }

  func describe(_ attributes: Sun3Attributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes))
    if attributes.isAccessed { text.append(word: "accessed") }
    if attributes.isModified { text.append(word: "modified") }
  }

  func describe(pointer: UInt32, level: Int, into text: inout TextCursor) {
    text.append(word: "pmeg=")
    text.append(hexadecimal: UInt64(pointer & 0xFF))
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // Control space, function code 3: a device address is or-ed to these for a segment's byte and a page's word.
    [
      RootDescription.Line("levels", "2"),
      RootDescription.Line("input_bits", "\(inputBits)"),
      RootDescription.Line("page", sizeName(log2: 13)),
      RootDescription.Line("base", hex: window.base),
      RootDescription.Line("size", "\(window.size)"),
      RootDescription.Line("pmegs", hex: rootAddress &+ Sun3MapMemory.pageMapsOffset),
      RootDescription.Line("context", hex: 0),
      RootDescription.Line("control_page_map", hex: 0x1000_0000),
      RootDescription.Line("control_segment_map", hex: 0x2000_0000),
      RootDescription.Line("control_context", hex: 0x3000_0000),
    ]
  }
}
