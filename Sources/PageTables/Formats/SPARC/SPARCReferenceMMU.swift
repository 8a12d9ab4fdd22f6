/// The attributes of a leaf in the tables of the SPARC reference MMU.
struct SPARCReferenceAttributes: Hashable, Sendable {
  /// C: cacheable.
  var isCacheable = false
  /// M: has been written.
  var isModified = true
  /// R: has been referenced.
  var isReferenced = true
  /// ACC: 0 R, 1 RW, 2 RX, 3 RWX, 4 X for everybody; 5 R for the user and RW for the supervisor; 6 RX, 7 RWX for the
  /// supervisor only.
  var access: UInt8 = 1
}

/// The SPARC V8 reference MMU: a table of contexts, and behind each entry three levels of 32-bit big-endian entries.
///
/// The context table has one context, 0, so that hardware walks from the context table pointer as it does. Pointers have no
/// flags. Facts: The SPARC Architecture Manual, version 8, appendix H; Linux arch/sparc/include/asm/pgtsrmmu.h
/// (`SRMMU_*`); QEMU target/sparc/mmu_helper.c (`get_physical_address`).
struct SPARCReferenceMMU: PageTableFormat {
  static let name = "sparc-srmmu"
  static let summary = "SPARC V8 reference MMU (1991 on): context table and 3 levels, 4K, 256K and 16M"
  static let attributeLines = [
    "read: every mapping of a supervisor permits it, and every one of a user that is not execute only",
    "write: ACC 1, 3 or 7, only with read; write without read and none cannot be expressed",
    "execute: user ACC 2, 3, or 4 without read, else 0 or 1; supervisor ACC 6 or 7, which permit it: without execute refused",
    "user: ACC 0 to 4; supervisor: ACC 6 (no write) or 7",
    AttributeLine.noSecure, "cache none: C = 0; any other: C = 1, the policy is the cache's",
    "referenced: R = 1, modified: M = write, set beforehand",
  ]

  /// The log2 of the bytes of the context table, of 256 contexts.
  private static let contextTableSizeLog2 = 10

  /// The context table's address, once made.
  private var contextTable: UInt64 = 0

  init() {}

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: [], format: Self.name)
  }

  var inputBits: Int { 32 }
  var outputBits: Int { 36 }
  var topLevel: Int { 2 }
  var isBigEndian: Bool { true }

  func levelName(_ level: Int) -> StaticString {
    switch level {
    case 0: "L3"
    case 1: "L2"
    default: "L1"
    }
  }

  func slotShift(_ level: Int) -> Int { 12 + 6 * level }
  func indexBits(_ level: Int) -> Int { level == 2 ? 8 : 6 }
  func leafSizes(_ level: Int) -> UInt64 { 1 << UInt64(slotShift(level)) }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    switch entry & 3 {
    case 0: .empty
    case 1: level > 0 ? .table : .reserved
    case 2: .leaf
    default: .reserved
    }
  }

  func tableAddress(of entry: UInt32, level: Int) -> UInt64 {
    // PTP: bits 31:2 are PA[35:6].
    UInt64(entry & ~3) << 4 & UInt64.max << UInt64(tableSizeLog2(level - 1))
  }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: address >> 4) | 1
  }

  func leafSizeLog2(of entry: UInt32, level: Int) -> Int { slotShift(level) }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 {
    // PPN: bits 31:8 are PA[35:12].
    UInt64(entry >> 8) << 12 & UInt64.max << UInt64(slotShift(level))
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: SPARCReferenceAttributes) -> UInt32 {
    2 | UInt32(attributes.access & 7) << 2 | (attributes.isReferenced ? 0x20 : 0)
      | (attributes.isModified ? 0x40 : 0) | (attributes.isCacheable ? 0x80 : 0)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: outputAddress >> 12) << 8
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> SPARCReferenceAttributes {
    try wish.requireNonSecure(format: Self.name)
    return SPARCReferenceAttributes(
      isCacheable: wish.cache != .notCached, isModified: wish.access.contains(.write),
      access: try Self.access(for: wish))
  }

  private static func access(for wish: MappingAttributes) throws(PageTableError) -> UInt8 {
    if wish.access == .execute, wish.privilege == .user { return 4 }
    try wish.requireRead(format: name)
    let canWrite: UInt8 = wish.access.contains(.write) ? 1 : 0
    if wish.privilege == .supervisor {
      guard wish.access.contains(.execute) else {
        throw .cannotExpress(attribute: "supervisor access without execute", format: name)
      }
      return 6 + canWrite
    }
    return canWrite + (wish.access.contains(.execute) ? 2 : 0)
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> SPARCReferenceAttributes {
    SPARCReferenceAttributes(
      isCacheable: entry & 0x80 != 0, isModified: entry & 0x40 != 0, isReferenced: entry & 0x20 != 0,
      access: UInt8(truncatingIfNeeded: entry >> 2 & 7))
  }

  /// What a leaf permits to unprivileged code, or, where that may do nothing, to the supervisor.
  func mappingAttributes(of attributes: SPARCReferenceAttributes) -> MappingAttributes {
    let access: MappingAttributes.Access =
      switch attributes.access & 7 {
      case 0, 5: .read
      case 1: [.read, .write]
      case 2, 6: [.read, .execute]
      case 4: .execute
      default: [.read, .write, .execute]
      }
    // Which policy a cacheable page has is not in the entry.
    return MappingAttributes(
      access: access, privilege: attributes.access & 7 >= 6 ? .supervisor : .user,
      cache: attributes.isCacheable ? .writeBackWriteAllocate : .notCached)
  }

  static var wordsWidth: Int { 41 }

  func describe(_ attributes: SPARCReferenceAttributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes))
    text.append(word: "acc=")
    text.append(decimal: UInt64(attributes.access))
    if attributes.isReferenced { text.append(word: "R") }
    if attributes.isModified { text.append(word: "M") }
  }

  mutating func prepare(rootAddress: UInt64, structures: inout RootStructures) throws(PageTableError) {
    contextTable = try structures.allocate(
      byteCountLog2: Self.contextTableSizeLog2, addressBits: 36, name: "contexts")
    structures.store(tableEntry(pointingTo: rootAddress, level: 3, key: 0).bigEndian, at: contextTable)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // The context table pointer holds PA[35:6] as entries do. Control: E.
    [
      RootDescription.Line("levels", "3"),
      RootDescription.Line("input_bits", "32"),
      RootDescription.Line("context_table", hex: contextTable),
      RootDescription.Line(
        "context_entry", hex: UInt64(tableEntry(pointingTo: rootAddress, level: 3, key: 0))),
      RootDescription.Line("ctpr", hex: contextTable >> 4),
      RootDescription.Line("ctx", hex: 0),
      RootDescription.Line("mmu_control", hex: 1),
    ]
  }
}
