/// The attributes of a page of the second version.
struct RockchipV2Attributes: Hashable, Sendable {
  /// Bit 1: the device may read.
  var canRead = true
  /// Bit 2: the device may write.
  var canWrite = true
  /// Bit 3, which Linux names security and never sets.
  var security = false
}

/// The second version of Rockchip's IOMMU, with 40 bits of physical address.
///
/// PA[31:12] stands in place, PA[35:32] in bits 11:8, PA[39:36] in bits 7:4; in directory entries, page entries and the
/// register alike. Facts: Linux drivers/iommu/rockchip-iommu.c (`rk_mk_dte_v2`, `rk_mk_pte_v2`, `rk_iommu_enable`).
struct RockchipV2: RockchipFormat {
  static let name = "rockchip-v2"
  static let summary = "Rockchip IOMMU, second version (RK3566, RK3568, RK3588; 2021 on)"
  static let attributeLines = [
    "read: bit 1 = 1; write: bit 2 = 1, also without read; none: both = 0",
    AttributeLine.noExecute, AttributeLine.noUser,
    "secure: cannot be expressed (bit 3 is named security, what it does is not known; 0 always)",
    AttributeLine.noCache,
  ]

  init() {}

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: [], format: Self.name)
  }

  var outputBits: Int { 40 }

  func encoded(_ address: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: address) & 0xFFFF_F000 | UInt32(truncatingIfNeeded: address >> 32 & 15) << 8
      | UInt32(truncatingIfNeeded: address >> 36 & 15) << 4
  }

  func address(in entry: UInt32) -> UInt64 {
    UInt64(entry & 0xFFFF_F000) | UInt64(entry >> 8 & 15) << 32 | UInt64(entry >> 4 & 15) << 36
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: RockchipV2Attributes) -> UInt32 {
    1 | (attributes.canRead ? 1 << 1 : 0) | (attributes.canWrite ? 1 << 2 : 0)
      | (attributes.security ? 1 << 3 : 0)
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> RockchipV2Attributes {
    try wish.requireExecuteOnlyWithRead(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return RockchipV2Attributes(canRead: wish.access.contains(.read), canWrite: wish.access.contains(.write))
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> RockchipV2Attributes {
    RockchipV2Attributes(
      canRead: entry >> 1 & 1 != 0, canWrite: entry >> 2 & 1 != 0, security: entry >> 3 & 1 != 0)
  }

  func mappingAttributes(of attributes: RockchipV2Attributes) -> MappingAttributes {
    MappingAttributes(canRead: attributes.canRead, canWrite: attributes.canWrite)
  }

  static var wordsWidth: Int { 18 }

  func describe(_ attributes: RockchipV2Attributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false, showsCache: false)
    if attributes.security { text.append(word: "security") }
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    lines(register: encoded(rootAddress) | 1)
  }
}
