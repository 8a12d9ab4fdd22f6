/// The attributes of an OMAP entry: how bytes are swapped between device and memory.
struct OMAPAttributes: Hashable, Sendable {
  /// E: big-endian, else little.
  var isBigEndian = false
  /// ES: the size of an element, 0 = 8, 1 = 16, 2 = 32 bits, 3 = none.
  var elementSize: UInt8 = 0
  /// M: a mixed region.
  var isMixed = false
}

/// The MMU in front of OMAP's IVA2 DSP, camera, Ducati and Tesla (2007-2011).
///
/// The shape is that of ARM's short descriptors; the attributes are TI's own and grant or deny nothing.
/// Facts: Linux v2.6.35 arch/arm/plat-omap/iopgtable.h, arch/arm/mach-omap2/iommu2.c (`omap2_get_pte_attr`); Linux
/// drivers/iommu/omap-iommu.c (`get_iopte_attr`) for the attributes of each size.
struct OMAPIOMMU: PageTableFormat {
  static let name = "omap-iommu"
  static let summary = "TI OMAP2/3/4 IOMMU (IVA2 DSP, camera ISP, Ducati, Tesla; 2007-2011)"
  static let attributeLines = [
    "read, write: every mapping permits both; read-only, write-only and none cannot be expressed",
    "execute: no bit; every mapping may be executed",
    "user: no bit; supervisor cannot be expressed",
    "secure: cannot be expressed",
    "cache: no bits; any policy is accepted and has no effect",
    "endianness, element size, mixed: E = 0 (little), ES = 0 (8 bits), M = 0 always",
  ]

  init() {}

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: [], format: Self.name)
  }

  var inputBits: Int { 32 }
  var outputBits: Int { 32 }
  var topLevel: Int { 1 }

  func levelName(_ level: Int) -> StaticString { level == 0 ? "L2" : "L1" }
  func slotShift(_ level: Int) -> Int { level == 0 ? 12 : 20 }
  func indexBits(_ level: Int) -> Int { level == 0 ? 8 : 12 }
  func leafSizes(_ level: Int) -> UInt64 { level == 0 ? 1 << 12 | 1 << 16 : 1 << 20 | 1 << 24 }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    switch entry & 3 {
    case 0: .empty
    case 1: level == 0 ? .leaf : .table
    case 2: .leaf
    default: level == 0 ? .leaf : .reserved
    }
  }

  func tableAddress(of entry: UInt32, level: Int) -> UInt64 { UInt64(entry & 0xFFFF_FC00) }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: address) & 0xFFFF_FC00 | 1
  }

  func leafSizeLog2(of entry: UInt32, level: Int) -> Int {
    if level == 0 { entry & 3 == 1 ? 16 : 12 } else { entry >> 18 & 1 != 0 ? 24 : 20 }
  }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 {
    UInt64(entry & UInt32.max << UInt32(leafSizeLog2(of: entry, level: level)))
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: OMAPAttributes) -> UInt32 {
    let bigEndian: UInt32 = attributes.isBigEndian ? 1 : 0
    let mixed: UInt32 = attributes.isMixed ? 1 : 0
    let element = UInt32(attributes.elementSize & 3)
    if level == 0 {
      return (sizeLog2 == 16 ? 1 : 2) | element << 4 | bigEndian << 9 | mixed << 11
    }
    return 2 | element << 10 | bigEndian << 15 | mixed << 17 | (sizeLog2 == 24 ? 1 << 18 : 0)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: outputAddress) & UInt32.max << UInt32(sizeLog2)
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> OMAPAttributes {
    try wish.requireReadWrite(format: Self.name)
    return OMAPAttributes()
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> OMAPAttributes {
    level == 0
      ? OMAPAttributes(
        isBigEndian: entry >> 9 & 1 != 0, elementSize: UInt8(entry >> 4 & 3), isMixed: entry >> 11 & 1 != 0)
      : OMAPAttributes(
        isBigEndian: entry >> 15 & 1 != 0, elementSize: UInt8(entry >> 10 & 3), isMixed: entry >> 17 & 1 != 0)
  }

  func mappingAttributes(of attributes: OMAPAttributes) -> MappingAttributes {
    MappingAttributes(access: [.read, .write, .execute])
  }

  static var wordsWidth: Int { 40 }

  func describe(_ attributes: OMAPAttributes, into text: inout TextCursor) {
    text.append("prot=rwx")
    text.append(word: attributes.isBigEndian ? "endian=big" : "endian=little")
    text.append(word: "element=")
    if attributes.elementSize == 3 {
      text.append("none")
    } else {
      text.append(decimal: 8 << UInt64(attributes.elementSize))
    }
    if attributes.isMixed { text.append(word: "mixed") }
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // CNTL: bit 1 MMU enable, bit 2 table walk enable.
    [
      RootDescription.Line("levels", "2"),
      RootDescription.Line("input_bits", "32"),
      RootDescription.Line("ttb", hex: rootAddress),
      RootDescription.Line("irqenable", hex: 0x1E),
      RootDescription.Line("cntl", hex: 0x6),
    ]
  }
}
