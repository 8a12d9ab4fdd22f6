/// The attributes of an entry of MediaTek's M4U: ARM's, without permissions.
struct MediaTekAttributes: Hashable, Sendable {
  /// TEX[2:0]:C:B.
  var memoryClass: UInt8 = 0b00100
  /// S: shared with other observers.
  var isShared = true
  /// nG: not global.
  var isNotGlobal = true
  /// NS: the non-secure physical address space; of pages it stands in the first-level entry.
  var isNonSecure = true
}

extension MediaTekAttributes {
  /// The class for a policy, without TEX remap.
  ///
  /// Linux writes those of not cached and write-allocate only.
  static func memoryClass(for policy: MappingAttributes.CachePolicy) -> UInt8 {
    switch policy {
    case .notCached: 0b00100
    case .writeThrough: 0b00010
    case .writeBackNoWriteAllocate: 0b00011
    case .writeBackWriteAllocate: 0b00111
    }
  }

  /// What an entry permits: everything, to everybody.
  var mapping: MappingAttributes {
    let policy = MappingAttributes.CachePolicy.allCases.first { Self.memoryClass(for: $0) == memoryClass }
    return MappingAttributes(
      access: [.read, .write, .execute], isSecure: !isNonSecure, cache: policy ?? .notCached)
  }
}

/// MediaTek's M4U (MT2712, MT8173 and later): ARM's short descriptors with three more address bits in the place of
/// permissions.
///
/// PA[32], PA[33] and PA[34] stand in bits 9, 4 and 5 of a leaf of any size. A window of 16G makes a first level of 2^14
/// entries for 34 bits of device address; its chips' pointers hold the three bits too, and so does the register.
/// Facts: Linux drivers/iommu/io-pgtable-arm-v7s.c (`ARM_V7S_ATTR_MTK_PA_BIT32` to 34, `IO_PGTABLE_QUIRK_ARM_MTK_EXT`,
/// `IO_PGTABLE_QUIRK_ARM_MTK_TTBR_EXT`), drivers/iommu/mtk_iommu.c (`MMU_PT_ADDR_MASK`, `IOVA_34_EN`,
/// `PGTABLE_PA_35_EN`); for NS: MediaTek's m4u driver (`F_PGD_NS_BIT_PAGE`, `F_PGD_NS_BIT_SECTION`).
struct MediaTekV7s: PageTableFormat {
  static let name = "mediatek-v7s"
  static let summary =
    "MediaTek M4U (MT2712, MT8173 on; 2015 on): ARM short descriptors with 35-bit addresses"
  static let attributeLines = [
    AttributeLine.readWriteAlways, AttributeLine.noExecute, AttributeLine.noUser,
    "secure: NS = 0, else NS = 1; NS of pages stands in the first-level entry, so one 1M of device addresses holds"
      + " either secure or non-secure pages",
    "cache none: TEX:C:B = 00100; wb-wa: 00111; wb-nwa: 00011; wt: 00010",
    "shared: S = 1 always; global: nG = 1 always",
  ]

  /// The bits of a device address.
  let inputBits: Int

  init() {
    inputBits = 32
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window"], format: Self.name)
    let window = configuration.window ?? TableConfiguration.Window(base: 0, size: 1 << 32)
    guard window.base == 0, window.size == 1 << 32 || window.size == 1 << 34 else {
      throw .badConfiguration(
        key: "window", value: "\(hex(window.base)) of \(window.size) bytes", format: Self.name)
    }
    inputBits = window.size.trailingZeroBitCount
  }

  var outputBits: Int { 35 }
  var tableAddressBits: Int { inputBits == 34 ? 35 : 32 }
  var topLevel: Int { 1 }

  func levelName(_ level: Int) -> StaticString { level == 0 ? "L2" : "L1" }
  func slotShift(_ level: Int) -> Int { level == 0 ? 12 : 20 }
  func indexBits(_ level: Int) -> Int { level == 0 ? 8 : inputBits - 20 }
  func leafSizes(_ level: Int) -> UInt64 { level == 0 ? 1 << 12 | 1 << 16 : 1 << 20 | 1 << 24 }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    switch entry & 3 {
    case 0: .empty
    case 1: level == 0 ? .leaf : .table
    case 2: .leaf
    default: .reserved
    }
  }

  /// PA[34:32] as bits 5, 4 and 9.
  private func highBits(_ address: UInt64) -> UInt32 {
    let high = UInt32(truncatingIfNeeded: address >> 32)
    return (high & 1) << 9 | (high >> 1 & 1) << 4 | (high >> 2 & 1) << 5
  }

  /// PA[34:32] of bits 5, 4 and 9.
  private func highAddress(_ entry: UInt32) -> UInt64 {
    UInt64(entry >> 9 & 1) << 32 | UInt64(entry >> 4 & 1) << 33 | UInt64(entry >> 5 & 1) << 34
  }

  func tableAddress(of entry: UInt32, level: Int) -> UInt64 {
    UInt64(entry & 0xFFFF_FC00) | (tableAddressBits > 32 ? highAddress(entry) : 0)
  }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: address) & 0xFFFF_FC00 | highBits(address)
      | UInt32(truncatingIfNeeded: key) & 1 << 3 | 1
  }

  func leafSizeLog2(of entry: UInt32, level: Int) -> Int {
    if level == 0 { entry & 3 == 1 ? 16 : 12 } else { entry >> 18 & 1 != 0 ? 24 : 20 }
  }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 {
    UInt64(entry & UInt32.max << UInt32(leafSizeLog2(of: entry, level: level))) | highAddress(entry)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: outputAddress) & UInt32.max << UInt32(sizeLog2) | highBits(outputAddress)
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: MediaTekAttributes) -> UInt32 {
    let cached = UInt32(attributes.memoryClass & 3) << 2
    let tex = UInt32(attributes.memoryClass >> 2 & 7)
    let shared: UInt32 = attributes.isShared ? 1 : 0
    let notGlobal: UInt32 = attributes.isNotGlobal ? 1 : 0
    switch sizeLog2 {
    case 12: return 0b10 | cached | tex << 6 | shared << 10 | notGlobal << 11
    case 16: return 0b01 | cached | shared << 10 | notGlobal << 11 | tex << 12
    default:
      return 0b10 | cached | tex << 12 | shared << 16 | notGlobal << 17 | (sizeLog2 == 24 ? 1 << 18 : 0)
        | (attributes.isNonSecure ? 1 << 19 : 0)
    }
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> MediaTekAttributes {
    var open = wish
    open.isSecure = false
    try open.requireReadWrite(format: Self.name)
    return MediaTekAttributes(
      memoryClass: MediaTekAttributes.memoryClass(for: wish.cache), isNonSecure: !wish.isSecure)
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> MediaTekAttributes {
    let isSection = level > 0
    let shift: UInt32 = isSection ? 16 : 10
    let tex = entry >> (isSection || entry & 3 == 1 ? 12 : 6) & 7
    return MediaTekAttributes(
      memoryClass: UInt8(tex << 2 | entry >> 2 & 3), isShared: entry >> shift & 1 != 0,
      isNotGlobal: entry >> (shift + 1) & 1 != 0,
      isNonSecure: isSection ? entry >> 19 & 1 != 0 : path >> 3 & 1 != 0)
  }

  func mappingAttributes(of attributes: MediaTekAttributes) -> MappingAttributes { attributes.mapping }

  func pointerKey(for attributes: MediaTekAttributes) -> UInt64 { attributes.isNonSecure ? 1 << 3 : 0 }
  static var pointerKeyConflict: String {
    "secure and non-secure pages in the same 1M of device addresses"
  }

  static var wordsWidth: Int { 53 }

  func describe(_ attributes: MediaTekAttributes, into text: inout TextCursor) {
    text.append(attributes.mapping, showsPrivilege: false)
    text.append(word: attributes.isNonSecure ? "nonsecure" : "secure")
    if attributes.isShared { text.append(word: "shared") }
    if attributes.isNotGlobal { text.append(word: "nG") }
    text.append(word: "class=")
    text.append(decimal: UInt64(attributes.memoryClass))
  }

  func describe(pointer: UInt32, level: Int, into text: inout TextCursor) {
    text.append(word: pointer >> 3 & 1 != 0 ? "nonsecure" : "secure")
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // 31:7 of the address in place; PA[34:32] in 2:0.
    [
      RootDescription.Line("levels", "2"),
      RootDescription.Line("input_bits", "\(inputBits)"),
      RootDescription.Line("entries", "\(1 << indexBits(1))"),
      RootDescription.Line("mmu_pt_base_addr", hex: rootAddress & 0xFFFF_FF80 | rootAddress >> 32 & 7),
    ]
  }
}
