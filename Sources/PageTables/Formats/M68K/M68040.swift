/// The attributes of a page in the tables of the 68040.
struct M68040Attributes: Hashable, Sendable {
  /// W: writes are not permitted.
  var isWriteProtected = false
  /// U: has been used.
  var isUsed = true
  /// M: has been written.
  var isModified = true
  /// CM: 0 write-through, 1 copyback, 2 not cached and serialized, 3 not cached.
  var cacheMode: UInt8 = 2
  /// S: for the supervisor only.
  var isSupervisor = false
  /// G: stays when entries that are not global are flushed.
  var isGlobal = false
}

/// The translation tables of the 68040 (also of the 68060): three levels of 32-bit big-endian descriptors.
///
/// Pages have 4K or, with `granule`, 8K, one size for all. W in any descriptor on the way protects the page. Indirect page
/// descriptors are not written, and read as reserved. Facts: M68040 User's Manual, section 3; QEMU target/m68k/cpu.h
/// (`M68K_DESC_*`), helper.c (`get_physical_address`); Linux arch/m68k/include/asm/motorola_pgtable.h.
struct M68040: PageTableFormat {
  static let name = "m68k-040"
  static let summary = "Motorola 68040 and 68060 processors (1990 on): 3 levels, pages of 4K or 8K"
  static let attributeLines = [
    AttributeLine.readAlways, "write: W = 0", AttributeLine.noExecute, "user: S = 0; supervisor: S = 1",
    AttributeLine.noSecure,
    "cache none: CM = 2 (serialized); wt: CM = 0; wb-wa and wb-nwa: CM = 1 (copyback, one policy)",
    "global: G = 0; used: U = 1, modified: M = write, set beforehand",
  ]

  /// The log2 of the page.
  private let pageSizeLog2: Int

  init() {
    pageSizeLog2 = 12
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["granule"], format: Self.name)
    pageSizeLog2 = try configuration.pageSizeLog2(among: [12, 13], standard: 12, format: Self.name)
  }

  var inputBits: Int { 32 }
  var outputBits: Int { 32 }
  var topLevel: Int { 2 }
  var isBigEndian: Bool { true }

  func levelName(_ level: Int) -> StaticString {
    switch level {
    case 0: "page"
    case 1: "pointer"
    default: "root"
    }
  }

  func slotShift(_ level: Int) -> Int { level == 0 ? pageSizeLog2 : 11 + 7 * level }
  func indexBits(_ level: Int) -> Int { level == 0 ? 18 - pageSizeLog2 : 7 }
  func leafSizes(_ level: Int) -> UInt64 { level == 0 ? 1 << UInt64(pageSizeLog2) : 0 }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    // Pages: 1 and 3 resident, 2 indirect. Others: 2 and 3 resident.
    guard level == 0 else { return entry & 2 != 0 ? .table : .empty }
    return entry & 1 != 0 ? .leaf : entry & 2 != 0 ? .reserved : .empty
  }

  func tableAddress(of entry: UInt32, level: Int) -> UInt64 {
    UInt64(entry) & UInt64.max << UInt64(tableSizeLog2(level - 1))
  }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt32 {
    // Resident, U.
    UInt32(truncatingIfNeeded: address) | 0xA
  }

  func leafSizeLog2(of entry: UInt32, level: Int) -> Int { pageSizeLog2 }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 {
    UInt64(entry) & UInt64.max << UInt64(pageSizeLog2)
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: M68040Attributes) -> UInt32 {
    var entry: UInt32 = 1 | UInt32(attributes.cacheMode & 3) << 5
    if attributes.isWriteProtected { entry |= 4 }
    if attributes.isUsed { entry |= 8 }
    if attributes.isModified { entry |= 0x10 }
    if attributes.isSupervisor { entry |= 0x80 }
    if attributes.isGlobal { entry |= 0x400 }
    return entry
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: outputAddress)
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> M68040Attributes {
    try wish.requireRead(format: Self.name)
    try wish.requireNonSecure(format: Self.name)
    let canWrite = wish.access.contains(.write)
    let cacheMode: UInt8 =
      switch wish.cache {
      case .notCached: 2
      case .writeThrough: 0
      case .writeBackWriteAllocate, .writeBackNoWriteAllocate: 1
      }
    return M68040Attributes(
      isWriteProtected: !canWrite, isModified: canWrite, cacheMode: cacheMode,
      isSupervisor: wish.privilege == .supervisor)
  }

  // W only restricts, so what is handed down is what no descriptor has set.
  func path(_ path: UInt32, through pointer: UInt32, level: Int) -> UInt32 { path & ~pointer }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> M68040Attributes {
    M68040Attributes(
      isWriteProtected: (entry | ~path) & 4 != 0, isUsed: entry & 8 != 0, isModified: entry & 0x10 != 0,
      cacheMode: UInt8(truncatingIfNeeded: entry >> 5 & 3), isSupervisor: entry & 0x80 != 0,
      isGlobal: entry & 0x400 != 0)
  }

  func mappingAttributes(of attributes: M68040Attributes) -> MappingAttributes {
    let cache: MappingAttributes.CachePolicy =
      switch attributes.cacheMode {
      case 0: .writeThrough
      case 1: .writeBackWriteAllocate
      default: .notCached
      }
    var mapping = MappingAttributes(canRead: true, canWrite: !attributes.isWriteProtected, cache: cache)
    mapping.privilege = attributes.isSupervisor ? .supervisor : .user
    return mapping
  }

  static var wordsWidth: Int { 46 }

  func describe(_ attributes: M68040Attributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes))
    text.append(word: "cm=")
    text.append(decimal: UInt64(attributes.cacheMode))
    if attributes.isGlobal { text.append(word: "G") }
    if attributes.isUsed { text.append(word: "U") }
    if attributes.isModified { text.append(word: "M") }
  }

  func describe(pointer: UInt32, level: Int, into text: inout TextCursor) {
    if pointer & 4 != 0 { text.append(word: "protected") }
    if pointer & 8 != 0 { text.append(word: "U") }
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // TC: E, and P for pages of 8K. Both roots lead to the one table. No transparent translation.
    [
      RootDescription.Line("levels", "3"),
      RootDescription.Line("input_bits", "32"),
      RootDescription.Line("page", sizeName(log2: pageSizeLog2)),
      RootDescription.Line("urp", hex: rootAddress),
      RootDescription.Line("srp", hex: rootAddress),
      RootDescription.Line("tc", hex: pageSizeLog2 == 13 ? 0xC000 : 0x8000),
    ]
  }
}
