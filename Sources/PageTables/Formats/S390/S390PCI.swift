/// The attributes of a page in the tables of z's PCI functions.
struct S390PCIAttributes: Hashable, Sendable {
  /// P: only reads are permitted.
  var isProtected = false
}

/// The DMA tables of PCI functions of IBM Z: region, segment and page tables, big-endian, as z/Architecture's processors
/// have them.
///
/// A bit says that an entry is invalid, so that zero is a valid entry which leads to address 0: tables are filled with
/// invalid entries before anything points to them. The number of levels is the kind of the first table, which the IOTA
/// names: 2 a segment table, 3 a region-third, 4 a region-second, 5 a region-first table. Pointers permit everything.
/// Facts: Linux arch/s390/include/asm/pci_dma.h (`ZPCI_*`), drivers/iommu/s390-iommu.c; QEMU hw/s390x/s390-pci-bus.c
/// (`s390_guest_io_table_walk`); z/Architecture Principles of Operation, chapter 3.
struct S390PCI: PageTableFormat {
  static let name = "s390-pci"
  static let summary = "IBM Z PCI functions (zPCI, 2012 on): region, segment and page tables of 2 to 5 levels"
  static let attributeLines = [
    AttributeLine.readAlways, "write: P = 0, else P = 1 (protected)", AttributeLine.noExecute,
    AttributeLine.noUser, AttributeLine.noSecure, AttributeLine.noCache,
  ]

  /// The number of levels.
  private let levels: Int

  init() {
    levels = 3
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["levels"], format: Self.name)
    levels = configuration.levels ?? 3
    guard (2...5).contains(levels) else {
      throw .badConfiguration(key: "levels", value: "\(levels)", format: Self.name)
    }
  }

  var inputBits: Int { 20 + 11 * (levels - 1) }
  var outputBits: Int { 64 }
  var topLevel: Int { levels - 1 }
  var isBigEndian: Bool { true }

  func levelName(_ level: Int) -> StaticString {
    switch level {
    case 0: "PX"
    case 1: "SX"
    case 2: "RTX"
    case 3: "RSX"
    default: "RFX"
    }
  }

  func slotShift(_ level: Int) -> Int { level == 0 ? 12 : 20 + 11 * (level - 1) }
  func indexBits(_ level: Int) -> Int { level == 0 ? 8 : 11 }
  func leafSizes(_ level: Int) -> UInt64 { level == 0 ? 1 << 12 : 0 }

  /// I: bit 10 of a page table's entry, bit 5 of all others.
  private func invalidBit(_ level: Int) -> UInt64 { level == 0 ? 1 << 10 : 1 << 5 }

  /// The table type in bits 3:2 of an entry that points to a table: 0 segment to 3 region-first.
  private func type(_ level: Int) -> UInt64 { UInt64(level - 1) << 2 }

  func emptyEntry(_ level: Int) -> UInt64 { invalidBit(level) }

  func kind(of entry: UInt64, level: Int) -> EntryKind {
    if entry & invalidBit(level) != 0 { return .empty }
    // Bit 11 of a page must be 0.
    guard level > 0 else { return entry >> 11 & 1 == 0 ? .leaf : .reserved }
    guard entry & 0xC == type(level) else { return .reserved }
    // A segment: FC, one large page, which PCI functions do not have. A region: the part of the table that there is.
    return entry & (level == 1 ? 0x400 : 0xC3) == (level == 1 ? 0 : 3) ? .table : .reserved
  }

  func tableAddress(of entry: UInt64, level: Int) -> UInt64 {
    // A page table's 2K, or a table of 16K.
    entry & UInt64.max << (level == 1 ? 11 : 14)
  }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt64 {
    // TL = 3: the whole table.
    address | type(level) | (level == 1 ? 0 : 3)
  }

  func leafSizeLog2(of entry: UInt64, level: Int) -> Int { 12 }
  func outputAddress(of entry: UInt64, level: Int) -> UInt64 { entry & ~0xFFF }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: S390PCIAttributes) -> UInt64 {
    attributes.isProtected ? 1 << 9 : 0
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 { outputAddress }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> S390PCIAttributes {
    try wish.requireRead(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return S390PCIAttributes(isProtected: !wish.access.contains(.write))
  }

  // P of a region or segment holds for all that is below, so what is handed down is what no pointer has set.
  func path(_ path: UInt64, through pointer: UInt64, level: Int) -> UInt64 { path & ~pointer }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> S390PCIAttributes {
    S390PCIAttributes(isProtected: (entry | ~path) & 1 << 9 != 0)
  }

  func mappingAttributes(of attributes: S390PCIAttributes) -> MappingAttributes {
    MappingAttributes(canRead: true, canWrite: !attributes.isProtected)
  }

  static var wordsWidth: Int { 16 }

  func describe(_ attributes: S390PCIAttributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false, showsCache: false)
  }

  func describe(pointer: UInt64, level: Int, into text: inout TextCursor) {
    if pointer >> 9 & 1 != 0 { text.append("protected") }
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // IOTA: the origin, bit 11 enables, bits 4:2 the kind of the first table; storage key 0. PBA and PAL: the first and
    // the last device address that the function may use.
    [
      RootDescription.Line("levels", "\(levels)"),
      RootDescription.Line("input_bits", "\(inputBits)"),
      RootDescription.Line("entries", "2048"),
      RootDescription.Line("iota", hex: rootAddress | 0x800 | type(topLevel)),
      RootDescription.Line("pba", hex: 0),
      RootDescription.Line("pal", hex: UInt64.max >> UInt64(64 - inputBits)),
    ]
  }
}
