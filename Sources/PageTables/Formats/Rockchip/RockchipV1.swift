/// The attributes of a page of the first version: permissions, and how the memory is cached.
struct RockchipAttributes: Hashable, Sendable {
  /// Bit 1: the device may read.
  var canRead = true
  /// Bit 2: the device may write.
  var canWrite = true
  /// Bits 8:3, bit 0 here: override, and if set write cacheable, write allocate, write bufferable, read cacheable, read
  /// allocate.
  var cacheBits: UInt8 = 0
}

extension RockchipAttributes {
  /// Bits 8:3 for a policy.
  static func cacheBits(for policy: MappingAttributes.CachePolicy) -> UInt8 {
    switch policy {
    case .notCached: 0b00_0001
    case .writeThrough: 0b11_0001
    case .writeBackNoWriteAllocate: 0b11_1011
    case .writeBackWriteAllocate: 0b11_1111
    }
  }

  /// The policy that bits 8:3 are; `nil` for the bus' default (no override) and for combinations that are none.
  var policy: MappingAttributes.CachePolicy? {
    MappingAttributes.CachePolicy.allCases.first { Self.cacheBits(for: $0) == cacheBits }
  }
}

/// The first version of Rockchip's IOMMU, with 32 bits of physical address.
///
/// Linux writes no cache bits and leaves the policy to the bus; here the reservation's policy overrides it.
/// Facts: Linux drivers/iommu/rockchip-iommu.c (`RK_PTE_*`).
struct RockchipV1: RockchipFormat {
  static let name = "rockchip-v1"
  static let summary = "Rockchip IOMMU, first version (RK3288, RK3328, RK3399; 2014 on)"
  static let attributeLines = [
    "read: bit 1 = 1; write: bit 2 = 1, also without read; none: both = 0",
    AttributeLine.noExecute, AttributeLine.noUser, AttributeLine.noSecure,
    "cache none: bits 8:3 = 000001; wt: 110001; wb-nwa: 111011; wb-wa: 111111 (bit 3 overrides the bus' default)",
  ]

  init() {}

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: [], format: Self.name)
  }

  var outputBits: Int { 32 }

  func encoded(_ address: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: address) & 0xFFFF_F000 }
  func address(in entry: UInt32) -> UInt64 { UInt64(entry & 0xFFFF_F000) }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: RockchipAttributes) -> UInt32 {
    1 | (attributes.canRead ? 1 << 1 : 0) | (attributes.canWrite ? 1 << 2 : 0)
      | UInt32(attributes.cacheBits & 0x3F) << 3
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> RockchipAttributes {
    try wish.requireExecuteOnlyWithRead(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return RockchipAttributes(
      canRead: wish.access.contains(.read), canWrite: wish.access.contains(.write),
      cacheBits: RockchipAttributes.cacheBits(for: wish.cache))
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> RockchipAttributes {
    RockchipAttributes(
      canRead: entry >> 1 & 1 != 0, canWrite: entry >> 2 & 1 != 0,
      cacheBits: UInt8(truncatingIfNeeded: entry >> 3 & 0x3F))
  }

  func mappingAttributes(of attributes: RockchipAttributes) -> MappingAttributes {
    MappingAttributes(
      canRead: attributes.canRead, canWrite: attributes.canWrite, cache: attributes.policy ?? .notCached)
  }

  static var wordsWidth: Int { 25 }

  func describe(_ attributes: RockchipAttributes, into text: inout TextCursor) {
    let mapping = mappingAttributes(of: attributes)
    guard attributes.policy == nil else { return text.append(mapping, showsPrivilege: false) }
    text.append(mapping, showsPrivilege: false, showsCache: false)
    if attributes.cacheBits & 1 == 0 {
      text.append(word: "cache=bus")
    } else {
      text.append(word: "cache-bits=")
      text.append(hexadecimal: UInt64(attributes.cacheBits))
    }
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    lines(register: encoded(rootAddress))
  }
}
