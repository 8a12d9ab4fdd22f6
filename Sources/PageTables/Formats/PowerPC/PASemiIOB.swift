/// The attributes of a PWRficient entry.
struct PASemiAttributes: Hashable, Sendable {
  /// Bit 30: cached.
  var isCached = false
}

/// The I/O bridge of PA Semi's PWRficient (PA6T-1682M, 2007): 64 first-level registers, second-level tables in memory.
///
/// Each register covers 32M of device addresses. As in Linux, the second-level tables are one block, so that the table in
/// memory has one entry for each 4K page, and the registers point into it (`l1_N` in the root). Entries are big-endian,
/// the registers little-endian. Unused entries are valid and lead to a spare page, which takes stray accesses: the
/// hardware never faults there, while walks and dumps here treat such an entry as empty.
/// Facts: Linux v2.6.35 arch/powerpc/platforms/pasemi/iommu.c (`iobmap_build`, `iob_init`, `alloc_iobmap_l2`).
struct PASemiIOB: FlatFormat {
  static let name = "pasemi-iob"
  static let summary = "PA Semi PWRficient I/O bridge (PA6T-1682M, 2007)"
  static let attributeLines = [
    AttributeLine.readWriteAlways, AttributeLine.noExecute, AttributeLine.noUser, AttributeLine.noSecure,
    "cache none: bit 30 = 0; wt, wb-nwa and wb-wa: bit 30 = 1 (one policy)",
    "invalid: unused entries are valid and lead to a spare page of zeros",
  ]

  /// The translation windows of the address decode register begin at 0; the one of 128G needs larger pages.
  private static let rules = WindowRules(
    standard: TableWindow(base: 0, size: 1 << 31), sizes: 1 << 28...1 << 31, granularity: 1 << 28,
    isNatural: true, addressBits: 31)

  let window: TableWindow
  let pageSizeLog2 = 12
  /// The entry of pages that are not mapped; 0 until there is a spare page.
  private var spareEntry: UInt32 = 0

  init() {
    window = Self.rules.standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window"], format: Self.name)
    window = try Self.rules.window(configuration, format: Self.name)
    guard window.base == 0, window.size == 1 << 28 || window.size == 1 << 31 else {
      throw .badConfiguration(
        key: "window", value: "\(hex(window.base)) of \(window.size) bytes", format: Self.name)
    }
  }

  var inputBits: Int { 31 }
  var outputBits: Int { 42 }
  var isBigEndian: Bool { true }

  func levelName(_ level: Int) -> StaticString { "L2" }

  func emptyEntry(_ level: Int) -> UInt32 { spareEntry }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    entry >> 31 == 0 || entry == spareEntry ? .empty : .leaf
  }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 { UInt64(entry & 0x3FFF_FFFF) << 12 }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: PASemiAttributes) -> UInt32 {
    0x8000_0000 | (attributes.isCached ? 0x4000_0000 : 0)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: outputAddress >> 12) & 0x3FFF_FFFF
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> PASemiAttributes {
    try wish.requireReadWrite(format: Self.name)
    return PASemiAttributes(isCached: wish.cache != .notCached)
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> PASemiAttributes {
    PASemiAttributes(isCached: entry >> 30 & 1 != 0)
  }

  func mappingAttributes(of attributes: PASemiAttributes) -> MappingAttributes {
    MappingAttributes(
      canRead: true, canWrite: true, cache: attributes.isCached ? .writeBackWriteAllocate : .notCached)
  }

  static var wordsWidth: Int { 20 }

  func describe(_ attributes: PASemiAttributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false)
  }

  mutating func prepare(rootAddress: UInt64, structures: inout RootStructures) throws(PageTableError) {
    let spare = try structures.allocate(byteCountLog2: 12, addressBits: outputBits, name: "spare page")
    try adopt(sparePage: spare)
  }

  mutating func adopt(sparePage: UInt64) throws(PageTableError) {
    spareEntry = leafEntry(outputAddress: sparePage, level: 0, sizeLog2: 12, attributes: PASemiAttributes())
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // AD bits 1:0: 0 = 256M, 1 = 2G. COM bit 8: translation on. L1: bit 30 valid, the table's address >> 12.
    let table = RootDescription.Line("iobcom", hex: 0x100)
    let range = RootDescription.Line("iob_ad", hex: window.size == 1 << 31 ? 1 : 0)
    let spare = RootDescription.Line("spare", hex: outputAddress(of: spareEntry, level: 0))
    let registers = (0..<window.size >> 25).map { index in
      RootDescription.Line("l1_\(index)", hex: 1 << 30 | (rootAddress >> 12 &+ index << 3))
    }
    return windowLines + [spare, table, range] + registers
  }
}
