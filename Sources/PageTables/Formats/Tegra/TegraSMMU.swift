/// The attributes of an entry of Tegra's SMMU, as restricted by the directory's.
struct TegraSMMUAttributes: Hashable, Sendable {
  /// Bit 31: the device may read.
  var canRead = true
  /// Bit 30: the device may write.
  var canWrite = true
  /// Bit 29: open to accesses that are not secure.
  var isNonSecure = true
}

/// The SMMU of Tegra30 to Tegra210: two levels of 1024 32-bit entries, pages of 4K and of 4M.
///
/// Bits 31:29 are the same in the register, in directory entries and in page entries; bit 28 of a directory entry makes it a
/// pointer. Facts: Linux drivers/iommu/tegra-smmu.c (`SMMU_PDE_*`, `SMMU_PTE_*`, `SMMU_MK_PDE`, `SMMU_PTB_*`); for pages
/// of 4M the Tegra K1 manual, 16.4.4.1, by seL4 include/plat/tk1/plat/machine/hardware.bf (`iopde_4m`).
struct TegraSMMU: PageTableFormat {
  static let name = "tegra-smmu"
  static let summary = "NVIDIA Tegra SMMU (Tegra30, 114, 124, 132, 210; 2011-2015)"
  static let attributeLines = [
    "read: bit 31 = 1; write: bit 30 = 1, also without read; none: both = 0",
    AttributeLine.noExecute, AttributeLine.noUser,
    "secure: cannot be expressed; bit 29 = 1 (open to accesses that are not secure) always",
    AttributeLine.noCache,
  ]

  /// The address space identifier.
  private let addressSpace: UInt64

  init() {
    addressSpace = 0
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["requester"], format: Self.name)
    let requester = configuration.requester ?? 0
    guard requester < 128 else {
      throw .badConfiguration(key: "requester", value: hex(UInt64(requester)), format: Self.name)
    }
    addressSpace = UInt64(requester)
  }

  var inputBits: Int { 32 }
  var outputBits: Int { 34 }
  var topLevel: Int { 1 }

  func levelName(_ level: Int) -> StaticString { level == 0 ? "PT" : "PD" }
  func slotShift(_ level: Int) -> Int { level == 0 ? 12 : 22 }
  func indexBits(_ level: Int) -> Int { 10 }
  func leafSizes(_ level: Int) -> UInt64 { level == 0 ? 1 << 12 : 1 << 22 }
  func leafSizeLog2(of entry: UInt32, level: Int) -> Int { level == 0 ? 12 : 22 }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    if entry == 0 { return .empty }
    return level == 1 && entry >> 28 & 1 != 0 ? .table : .leaf
  }

  func tableAddress(of entry: UInt32, level: Int) -> UInt64 { UInt64(entry & 0x003F_FFFF) << 12 }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt32 {
    0xF000_0000 | UInt32(truncatingIfNeeded: address >> 12) & 0x003F_FFFF
  }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 {
    UInt64(entry & (level == 0 ? 0x003F_FFFF : 0x003F_FC00)) << 12
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: outputAddress >> 12) & (level == 0 ? 0x003F_FFFF : 0x003F_FC00)
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: TegraSMMUAttributes) -> UInt32 {
    (attributes.canRead ? 1 << 31 : 0) | (attributes.canWrite ? 1 << 30 : 0)
      | (attributes.isNonSecure ? 1 << 29 : 0)
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> TegraSMMUAttributes {
    try wish.requireExecuteOnlyWithRead(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return TegraSMMUAttributes(canRead: wish.access.contains(.read), canWrite: wish.access.contains(.write))
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> TegraSMMUAttributes {
    let flags = entry & path
    return TegraSMMUAttributes(
      canRead: flags >> 31 != 0, canWrite: flags >> 30 & 1 != 0, isNonSecure: flags >> 29 & 1 != 0)
  }

  func mappingAttributes(of attributes: TegraSMMUAttributes) -> MappingAttributes {
    var mapping = MappingAttributes(canRead: attributes.canRead, canWrite: attributes.canWrite)
    mapping.isSecure = !attributes.isNonSecure
    return mapping
  }

  static var wordsWidth: Int { 29 }

  func describe(_ attributes: TegraSMMUAttributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false, showsCache: false)
    text.append(word: attributes.isNonSecure ? "nonsecure" : "secure")
  }

  func describe(pointer: UInt32, level: Int, into text: inout TextCursor) {
    if pointer >> 31 == 0 { text.append(word: "no-read") }
    if pointer >> 30 & 1 == 0 { text.append(word: "no-write") }
    if pointer >> 29 & 1 == 0 { text.append(word: "secure") }
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // PTB_ASID selects the address space that PTB_DATA then sets. CONFIG: 0 enable.
    [
      RootDescription.Line("levels", "2"),
      RootDescription.Line("input_bits", "32"),
      RootDescription.Line("ptb_asid", hex: addressSpace),
      RootDescription.Line("ptb_data", hex: 0xE000_0000 | rootAddress >> 12 & 0x003F_FFFF),
      RootDescription.Line("config", hex: 1),
    ]
  }
}
