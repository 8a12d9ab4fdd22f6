/// The attributes of an entry of Cell's I/O page table.
struct CellAttributes: Hashable, Sendable {
  /// Bit 62: the device may read.
  var canRead = true
  /// Bit 63: the device may write.
  var canWrite = true
  /// M: coherence required.
  var isCoherent = false
  /// SO: what is kept in order: 0 nothing, 2 writes, 3 reads and writes.
  var ordering: UInt8 = 3
  /// H: cache hint.
  var hasHint = false
  /// IOID: the only device that may use the page.
  var device: UInt16 = 0
}

/// The I/O controller of the Cell Broadband Engine (2005-2009): a segment table, and a page table for each segment.
///
/// Segments are 256M; the page size of a segment stands in its entry and is one for the whole table here. The entry's
/// IOID is the configuration's requester, 0 by default. Facts: Linux v2.6.35 arch/powerpc/platforms/cell/iommu.c
/// (`tce_build_cell`, `cell_iommu_alloc_ptab`, `IOSTE_*`, `IOC_*`), include/asm/cell-regs.h (`CBE_IOPTE_*`).
struct CellIOC: PageTableFormat {
  static let name = "cell-ioc"
  static let summary = "Cell Broadband Engine I/O controller (2005-2009)"
  static let attributeLines = [
    "read: bit 62; write: bit 63, also without read; none cannot be expressed (such an entry is not valid)",
    AttributeLine.noExecute, AttributeLine.noUser, AttributeLine.noSecure,
    "cache none: M = 0; wt, wb-nwa and wb-wa: M = 1, coherence required (one policy)",
    "ordering: SO = 3 always, reads and writes in order; hint: H = 0",
    "device: IOID = the requester that the table is made for",
  ]

  /// The log2 of the page.
  private let pageSizeLog2: Int
  private let window: TableWindow
  private let device: UInt16

  /// Linux places the fixed mapping above or below 32G, the end of the 128 segments.
  private static let rules = WindowRules(
    standard: TableWindow(base: 0, size: 1 << 31), sizes: 1 << 28...1 << 35, granularity: 1 << 28,
    isNatural: false, addressBits: 35)

  init() {
    pageSizeLog2 = 12
    window = Self.rules.standard
    device = 0
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window", "granule", "requester"], format: Self.name)
    pageSizeLog2 = try configuration.pageSizeLog2(among: [12, 16, 20, 24], standard: 12, format: Self.name)
    window = try Self.rules.window(configuration, format: Self.name)
    device = configuration.requester ?? 0
    guard device >> 11 == 0 else {
      throw .badConfiguration(key: "requester", value: hex(UInt64(device)), format: Self.name)
    }
  }

  var inputBits: Int { 35 }
  var outputBits: Int { 59 }
  var tableAddressBits: Int { 62 }
  var topLevel: Int { 1 }
  var isBigEndian: Bool { true }

  func levelName(_ level: Int) -> StaticString { level == 0 ? "IOPT" : "IOST" }
  func slotShift(_ level: Int) -> Int { level == 0 ? pageSizeLog2 : 28 }
  func indexBits(_ level: Int) -> Int { level == 0 ? 28 - pageSizeLog2 : 7 }
  // Both tables begin on a 4K boundary even if shorter.
  func tableAlignmentLog2(_ level: Int) -> Int { 12 }
  func leafSizes(_ level: Int) -> UInt64 { level == 0 ? 1 << UInt64(pageSizeLog2) : 0 }
  func leafSizeLog2(of entry: UInt64, level: Int) -> Int { pageSizeLog2 }

  func tableOffset(of deviceAddress: UInt64) -> UInt64? {
    window.offset(of: deviceAddress) == nil ? nil : deviceAddress
  }

  /// The code of the page size in a segment's entry: 1 = 4K, 3 = 64K, 5 = 1M, 7 = 16M.
  private var sizeCode: UInt64 { UInt64(pageSizeLog2 - 10) >> 1 }

  func kind(of entry: UInt64, level: Int) -> EntryKind {
    if level == 0 { return entry >> 62 == 0 ? .empty : .leaf }
    guard entry >> 63 != 0 else { return .empty }
    // A segment of another page size than the table's is beyond this walk.
    return entry & 0x1F == sizeCode ? .table : .reserved
  }

  func tableAddress(of entry: UInt64, level: Int) -> UInt64 { entry & 0x3FFF_FFFF_FFFF_F000 }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt64 {
    // 11:5: the 4K pages of the page table, less one.
    let pages: UInt64 = 1 << UInt64(max(tableSizeLog2(0) - 12, 0))
    return 1 << 63 | address & 0x3FFF_FFFF_FFFF_F000 | (pages - 1) << 5 | sizeCode
  }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 {
    entry & 0x07FF_FFFF_FFFF_F000 & UInt64.max << UInt64(pageSizeLog2)
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: CellAttributes) -> UInt64 {
    (attributes.canWrite ? 1 << 63 : 0) | (attributes.canRead ? 1 << 62 : 0)
      | (attributes.isCoherent ? 1 << 61 : 0) | UInt64(attributes.ordering & 3) << 59
      | (attributes.hasHint ? 1 << 11 : 0) | UInt64(attributes.device & 0x7FF)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 {
    outputAddress & 0x07FF_FFFF_FFFF_F000
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> CellAttributes {
    try wish.requireReadOrWrite(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return CellAttributes(
      canRead: wish.access.contains(.read), canWrite: wish.access.contains(.write),
      isCoherent: wish.cache != .notCached, device: device)
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> CellAttributes {
    CellAttributes(
      canRead: entry >> 62 & 1 != 0, canWrite: entry >> 63 != 0, isCoherent: entry >> 61 & 1 != 0,
      ordering: UInt8(truncatingIfNeeded: entry >> 59 & 3), hasHint: entry >> 11 & 1 != 0,
      device: UInt16(truncatingIfNeeded: entry & 0x7FF))
  }

  func mappingAttributes(of attributes: CellAttributes) -> MappingAttributes {
    MappingAttributes(
      canRead: attributes.canRead, canWrite: attributes.canWrite,
      cache: attributes.isCoherent ? .writeBackWriteAllocate : .notCached)
  }

  static var wordsWidth: Int { 52 }

  func describe(_ attributes: CellAttributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false)
    text.append(word: "order=")
    switch attributes.ordering {
    case 0: text.append("none")
    case 2: text.append("writes")
    case 3: text.append("all")
    default: text.append("reserved")
    }
    if attributes.hasHint { text.append(word: "hint") }
    text.append(word: "ioid=")
    text.append(hexadecimal: UInt64(attributes.device))
  }

  func describe(pointer: UInt64, level: Int, into text: inout TextCursor) {
    if pointer >> 62 & 1 != 0 { text.append(word: "hint") }
    text.append(word: "pages=")
    text.append(decimal: (pointer >> 5 & 0x7F) + 1)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // Origin: bit 63 enable, bit 11 hardware walks. Command configuration: bit 47 translation.
    [
      RootDescription.Line("levels", "2"),
      RootDescription.Line("input_bits", "\(inputBits)"),
      RootDescription.Line("page", sizeName(log2: pageSizeLog2)),
      RootDescription.Line("base", hex: window.base),
      RootDescription.Line("size", "\(window.size)"),
      RootDescription.Line("entries", "128"),
      RootDescription.Line("ioid", hex: UInt64(device)),
      RootDescription.Line("ioc_iost_origin", hex: 1 << 63 | rootAddress | 1 << 11),
      RootDescription.Line("ioc_iocmd_cfg", hex: 1 << 47),
    ]
  }
}
