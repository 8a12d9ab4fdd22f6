/// What formats with ARM's long descriptors have in common: up to five levels of 64-bit entries, each table one granule.
///
/// The levels' manual names are L-1 to L3; L3 holds pages, L2 blocks and pointers, and so do L1 with a granule of 4K and,
/// with addresses of 52 bits, the level above. Adjacent entries with the contiguous hint form one larger leaf, each with its
/// own address; the largest blocks of 52 bits have no hint.
/// Facts: ARM DDI 0487, D8; Linux drivers/iommu/io-pgtable-arm.c, arch/arm64/include/asm/pgtable-hwdef.h.
protocol ARMLongFormat: PageTableFormat where Word == UInt64 {
  /// The log2 of the granule: 12, 14 or 16.
  static var granuleLog2: Int { get }
  /// How entries hold physical addresses.
  static var addresses: ARMLongAddresses { get }
  /// The addresses that the table translates.
  var region: ARMLongRegion { get }
  /// The levels and the root's index bits.
  var shape: ARMLongShape { get }
  /// A leaf's attributes in an entry.
  func attributeBits(_ attributes: LeafAttributes) -> UInt64
}

/// The number of levels of a long-descriptor table, and how wide its root is.
struct ARMLongShape: Hashable, Sendable {
  /// The number of levels.
  let levels: Int
  /// The index bits of the root.
  let rootIndexBits: Int

  /// The shape for addresses of some width.
  ///
  /// - Parameter concatenates: whether a root of at most 16 entries is left out, the tables below it being put together.
  init(inputBits: Int, granuleLog2: Int, concatenates: Bool = false) {
    let index = granuleLog2 - 3
    let count = (inputBits - granuleLog2 + index - 1) / index
    let rest = inputBits - granuleLog2 - (count - 1) * index
    let isConcatenated = concatenates && rest <= 4 && count > 2
    levels = isConcatenated ? count - 1 : count
    rootIndexBits = isConcatenated ? rest + index : rest
  }

  /// A shape by its numbers.
  init(levels: Int, rootIndexBits: Int) {
    self.levels = levels
    self.rootIndexBits = rootIndexBits
  }

  /// The manual's number of the root's level.
  var startLevel: Int { 4 - levels }
}

extension ARMLongFormat {
  var inputBits: Int { region.bits }
  var outputBits: Int { Self.addresses.bits }
  var topLevel: Int { shape.levels - 1 }
  static var groupsAdvance: Bool { true }

  func levelName(_ level: Int) -> StaticString {
    switch level {
    case 0: "L3"
    case 1: "L2"
    case 2: "L1"
    case 3: "L0"
    default: "L-1"
    }
  }

  func slotShift(_ level: Int) -> Int { Self.granuleLog2 + level * (Self.granuleLog2 - 3) }
  func indexBits(_ level: Int) -> Int { level == topLevel ? shape.rootIndexBits : Self.granuleLog2 - 3 }
  // Registers hold no lower bits of a base than those of 64 bytes.
  func tableAlignmentLog2(_ level: Int) -> Int { max(tableSizeLog2(level), 6) }

  /// The levels with leaves that addresses of 48 bits have too.
  private static var commonLeafLevels: Int { granuleLog2 == 12 ? 3 : 2 }

  /// The log2 of the entries that the contiguous hint puts together; 0 if the table has not as many.
  private func groupLog2(_ level: Int) -> Int {
    guard level < Self.commonLeafLevels else { return 0 }
    let group = Self.granuleLog2 == 12 ? 4 : Self.granuleLog2 == 14 && level == 0 ? 7 : 5
    return indexBits(level) >= group ? group : 0
  }

  func leafSizes(_ level: Int) -> UInt64 {
    guard level < Self.commonLeafLevels + (Self.addresses.hasLargeBlocks ? 1 : 0) else { return 0 }
    let shift = slotShift(level)
    return 1 << UInt64(shift) | 1 << UInt64(shift + groupLog2(level))
  }

  func tableOffset(of deviceAddress: UInt64) -> UInt64? { region.offset(of: deviceAddress) }
  func deviceAddress(ofTableOffset offset: UInt64) -> UInt64 { region.base &+ offset }

  func inputFault(_ deviceAddress: UInt64) -> Walk.FaultReason {
    region.isHigh || deviceAddress >> UInt64(inputBits) == 0 ? .outsideWindow : .inputTooWide
  }

  func kind(of entry: UInt64, level: Int) -> EntryKind {
    switch entry & 3 {
    case 3: level == 0 ? .leaf : .table
    case 1: level > 0 && leafSizes(level) != 0 ? .leaf : .reserved
    default: .empty
    }
  }

  func tableAddress(of entry: UInt64, level: Int) -> UInt64 {
    Self.addresses.decoded(entry, alignmentLog2: Self.granuleLog2)
  }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt64 {
    Self.addresses.encoded(address) | 3
  }

  func leafSizeLog2(of entry: UInt64, level: Int) -> Int {
    slotShift(level) + (entry >> 52 & 1 != 0 ? groupLog2(level) : 0)
  }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 {
    Self.addresses.decoded(entry, alignmentLog2: slotShift(level))
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: LeafAttributes) -> UInt64 {
    (level == 0 ? 3 : 1) | (sizeLog2 > slotShift(level) ? 1 << 52 : 0)
      | stored(attributes: attributeBits(attributes))
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 {
    Self.addresses.encoded(outputAddress)
  }
  var addressShift: Int? {
    if case .inPlace = Self.addresses { 0 } else { nil }
  }

  /// The attributes in an entry, or an entry for its attributes: where the address takes the bits of SH, it is what the
  /// control register says, 3.
  func attributes(_ entry: UInt64) -> UInt64 { Self.addresses == .lpa2 ? entry | 0x300 : entry }

  /// Attributes as they stand in an entry.
  func stored(attributes: UInt64) -> UInt64 {
    Self.addresses == .lpa2 ? attributes & ~0x300 : attributes
  }

  // The flags of pointers only restrict, so what is handed down is what none of them has set.
  func path(_ path: UInt64, through pointer: UInt64, level: Int) -> UInt64 { path & ~pointer }

  /// The lines of the root that a walker must be told.
  var shapeLines: [RootDescription.Line] {
    [
      RootDescription.Line("levels", "\(shape.levels)"),
      RootDescription.Line("input_bits", "\(inputBits)"),
      RootDescription.Line("granule", "\(1 << (Self.granuleLog2 - 10))K"),
    ]
  }
}
