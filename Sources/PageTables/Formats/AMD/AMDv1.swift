/// The attributes of a leaf in AMD's host tables.
struct AMDv1Attributes: Hashable, Sendable {
  /// IR: the device may read.
  var canRead = true
  /// IW: the device may write.
  var canWrite = true
  /// FC: forces coherence, so that the processors' caches are snooped.
  var forcesCoherence = false
  /// U: the untranslated-access attribute.
  var isUntranslated = false
}

/// AMD's IOMMU with host ("v1") tables: 1 to 6 levels, leaves of any power of two from 4K up, and a device table entry.
///
/// Without a number of levels a table has three, or as many as the last address of its region needs: a region's range is
/// fixed while a table exists, so a root need not grow.
/// A leaf of 2^k bytes lives on the level whose entries span most of it, in as many identical entries as it has spans. A
/// natural size has next level 0; any other has next level 7 and its size in the low bits of its address. Leaves of 512G
/// are not written, and read as reserved, because hardware gets them wrong. Pointers always lead one level down. Pointers
/// and the device table entry permit everything, leaves decide. Other devices in the device table are blocked.
/// Facts: AMD I/O Virtualization Technology (IOMMU) Specification, 48882; Linux v2.6.35
/// arch/x86/kernel/amd_iommu.c, include/asm/amd_iommu_types.h; Linux drivers/iommu/generic_pt/fmt/amdv1.h; QEMU
/// hw/i386/amd_iommu.c.
struct AMDv1: PageTableFormat {
  static let name = "amd-v1"
  static let summary = "AMD IOMMU, v1 (host) page tables of 1 to 6 levels (2007 on)"
  static let attributeLines = [
    "read: IR; write: IW, also without read; none: IR = IW = 0",
    "execute: no bit; what may be read may be executed; execute without read cannot be expressed",
    AttributeLine.noUser, AttributeLine.noSecure,
    "cache none: FC = 0; wt, wb-nwa and wb-wa: FC = 1, coherence is forced (one policy)",
    "untranslated: U = 0 always",
  ]

  /// The number of levels.
  private let levels: Int
  /// What leads hardware to the table.
  private var devices: AMDDeviceTable

  init() {
    levels = 3
    devices = AMDDeviceTable(requester: 0x0008)
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["levels", "requester"], format: Self.name)
    levels = configuration.levels ?? 3
    devices = AMDDeviceTable(requester: configuration.requesterOrStandard)
    guard (1...6).contains(levels) else {
      throw .badConfiguration(key: "levels", value: "\(levels)", format: Self.name)
    }
  }

  static func configuration(
    _ configuration: TableConfiguration, reaching lastDeviceAddress: UInt64
  ) -> TableConfiguration {
    guard configuration.levels == nil else { return configuration }
    let bits = 64 - lastDeviceAddress.leadingZeroBitCount
    guard bits > 39 else { return configuration }
    var fitting = configuration
    fitting.levels = min((bits - 12 + 8) / 9, 6)
    return fitting
  }

  var inputBits: Int { min(12 + 9 * levels, 64) }
  var outputBits: Int { 52 }
  var topLevel: Int { levels - 1 }

  func levelName(_ level: Int) -> StaticString {
    switch level {
    case 0: "L1"
    case 1: "L2"
    case 2: "L3"
    case 3: "L4"
    case 4: "L5"
    default: "L6"
    }
  }

  func slotShift(_ level: Int) -> Int { 12 + 9 * level }
  // Of the last level's 512 entries an address can select 128.
  func indexBits(_ level: Int) -> Int { level < 5 ? 9 : 7 }
  func tableAlignmentLog2(_ level: Int) -> Int { 12 }

  func leafSizes(_ level: Int) -> UInt64 {
    guard level < 5 else { return 0 }
    let sizes: UInt64 = 0x1FF << UInt64(slotShift(level))
    return sizes & (1 << 52 - 1) & ~(1 << 39)
  }

  /// Bits 11:9: 0 and 7 in leaves, else the level that a pointer leads to.
  private func nextLevel(_ entry: UInt64) -> Int { Int(truncatingIfNeeded: entry >> 9 & 7) }

  func kind(of entry: UInt64, level: Int) -> EntryKind {
    guard entry & 1 != 0 else { return .empty }
    switch nextLevel(entry) {
    case 0, 7:
      let sizeLog2 = leafSizeLog2(of: entry, level: level)
      return leafSizes(level) >> UInt64(sizeLog2) & 1 != 0 ? .leaf : .reserved
    case level: return .table
    default: return .reserved
    }
  }

  func tableAddress(of entry: UInt64, level: Int) -> UInt64 { entry & 0x000F_FFFF_FFFF_F000 }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt64 {
    // IR, IW, P.
    0x6000_0000_0000_0001 | address | UInt64(level) << 9
  }

  func leafSizeLog2(of entry: UInt64, level: Int) -> Int {
    guard nextLevel(entry) == 7 else { return slotShift(level) }
    return 13 + (~(entry >> 12)).trailingZeroBitCount
  }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 {
    entry & 0x000F_FFFF_FFFF_F000 & UInt64.max << UInt64(leafSizeLog2(of: entry, level: level))
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: AMDv1Attributes) -> UInt64 {
    // The size: all address bits below the last but one set.
    let size: UInt64 = sizeLog2 == slotShift(level) ? 0 : 7 << 9 | (1 << UInt64(sizeLog2 - 1) - 1 << 12)
    return 1 | size | (attributes.isUntranslated ? 1 << 59 : 0) | (attributes.forcesCoherence ? 1 << 60 : 0)
      | (attributes.canRead ? 1 << 61 : 0) | (attributes.canWrite ? 1 << 62 : 0)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 { outputAddress }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> AMDv1Attributes {
    try wish.requireExecuteOnlyWithRead(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return AMDv1Attributes(
      canRead: wish.access.contains(.read), canWrite: wish.access.contains(.write),
      forcesCoherence: wish.cache != .notCached)
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> AMDv1Attributes {
    AMDv1Attributes(
      canRead: entry & path & 1 << 61 != 0, canWrite: entry & path & 1 << 62 != 0,
      forcesCoherence: entry & 1 << 60 != 0, isUntranslated: entry & 1 << 59 != 0)
  }

  func mappingAttributes(of attributes: AMDv1Attributes) -> MappingAttributes {
    MappingAttributes(
      canRead: attributes.canRead, canWrite: attributes.canWrite,
      cache: attributes.forcesCoherence ? .writeBackWriteAllocate : .notCached)
  }

  static var wordsWidth: Int { 36 }

  func describe(_ attributes: AMDv1Attributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false)
    if attributes.isUntranslated { text.append(word: "untranslated") }
  }

  func describe(pointer: UInt64, level: Int, into text: inout TextCursor) {
    text.append(word: pointer >> 61 & 1 != 0 ? "r" : "-")
    text.append(pointer >> 62 & 1 != 0 ? "w" : "-")
  }
}

// MARK: - Root

extension AMDv1 {
  /// V, TV, the number of levels, the root, IR, IW; the domain.
  private func deviceEntry(_ rootAddress: UInt64) -> [UInt64] {
    [
      0x6000_0000_0000_0000 | AMDDeviceTable.valid | UInt64(levels) << 9 | rootAddress,
      AMDDeviceTable.domain,
    ]
  }

  mutating func prepare(rootAddress: UInt64, structures: inout RootStructures) throws(PageTableError) {
    let entry = deviceEntry(rootAddress)
    try devices.prepare(&structures, entry: entry)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    [
      RootDescription.Line("levels", "\(levels)"),
      RootDescription.Line("input_bits", "\(inputBits)"),
    ] + devices.lines(entry: deviceEntry(rootAddress))
  }
}
