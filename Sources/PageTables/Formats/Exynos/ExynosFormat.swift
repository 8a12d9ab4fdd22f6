/// What Samsung's System MMUs have in common: two levels of 32-bit entries in the shape of ARM's short descriptors.
///
/// First level: 4096 entries of 1M, sections and pointers. Second level: 256 entries; small pages of 4K, large pages of 64K
/// (16 identical entries). Addresses stand in entries as they are, or shifted right.
/// Facts: Linux drivers/iommu/exynos-iommu.c (`lv1ent_*`, `lv2ent_*`, `mk_lv1ent_*`, `mk_lv2ent_*`, `PG_ENT_SHIFT`).
protocol ExynosFormat: PageTableFormat where Word == UInt32, LeafAttributes == ExynosAttributes {
  /// How far addresses are shifted right in entries.
  static var addressShift: UInt64 { get }
  /// The bits that permit what the attributes say, at a level.
  func protectionBits(_ attributes: ExynosAttributes, level: Int) -> UInt32
}

/// What an Exynos entry permits.
struct ExynosAttributes: Hashable, Sendable {
  /// The device may read.
  var canRead = true
  /// The device may write.
  var canWrite = true
}

extension ExynosFormat {
  var inputBits: Int { 32 }
  var outputBits: Int { 32 + Int(Self.addressShift) }
  var topLevel: Int { 1 }

  func levelName(_ level: Int) -> StaticString { level == 0 ? "L2" : "L1" }
  func slotShift(_ level: Int) -> Int { level == 0 ? 12 : 20 }
  func indexBits(_ level: Int) -> Int { level == 0 ? 8 : 12 }
  func leafSizes(_ level: Int) -> UInt64 { level == 0 ? 1 << 12 | 1 << 16 : 1 << 20 }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    switch entry & 3 {
    case 0: .empty
    case 1: level == 0 ? .leaf : .table
    case 2: .leaf
    default: level == 0 ? .leaf : .reserved
    }
  }

  /// The address in an entry, of a table or page of 2^sizeLog2 bytes.
  private func address(in entry: UInt32, sizeLog2: UInt64) -> UInt64 {
    UInt64(entry) << Self.addressShift & UInt64.max << sizeLog2
  }

  func tableAddress(of entry: UInt32, level: Int) -> UInt64 { address(in: entry, sizeLog2: 10) }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: (address & ~0x3FF) >> Self.addressShift) | 1
  }

  func leafSizeLog2(of entry: UInt32, level: Int) -> Int {
    level == 0 ? (entry & 2 == 0 ? 16 : 12) : 20
  }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 {
    address(in: entry, sizeLog2: UInt64(leafSizeLog2(of: entry, level: level)))
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: (outputAddress & UInt64.max << UInt64(sizeLog2)) >> Self.addressShift)
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: ExynosAttributes) -> UInt32 {
    (sizeLog2 == 16 ? 1 : 2) | protectionBits(attributes, level: level)
  }

  func mappingAttributes(of attributes: ExynosAttributes) -> MappingAttributes {
    MappingAttributes(canRead: attributes.canRead, canWrite: attributes.canWrite)
  }

  static var wordsWidth: Int { 9 }

  func describe(_ attributes: ExynosAttributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false, showsCache: false)
  }

  /// The lines that tell a walker about the shape.
  var shapeLines: [RootDescription.Line] {
    [RootDescription.Line("levels", "2"), RootDescription.Line("input_bits", "32")]
  }
}
