/// The attributes of a page in a DART's table.
struct DARTAttributes: Hashable, Sendable {
  /// NO_READ clear: the device may read.
  var canRead = true
  /// NO_WRITE clear: the device may write.
  var canWrite = true
  /// NO_CACHE, bit 1 of the second generation; always false in the first.
  var isUncached = false
  /// The first and the last part of the page that are accessible, of 4096 equal parts.
  var part = Part.whole

  /// A part of a page.
  struct Part: Hashable, Sendable {
    /// Bits 63:52.
    var start: UInt16
    /// Bits 51:40, inclusive.
    var end: UInt16

    /// All of it.
    static let whole = Part(start: 0, end: 0xFFF)
  }

  /// What the entry permits for all of the page: nothing, if it maps a part.
  var mapping: MappingAttributes {
    let isWhole = part == .whole
    return MappingAttributes(
      canRead: canRead && isWhole, canWrite: canWrite && isWhole,
      cache: isUncached ? .notCached : .writeBackWriteAllocate)
  }
}

/// What Apple's DARTs have in common: 64-bit entries, tables of one page, leaves of one page on the last level.
///
/// Facts: Linux drivers/iommu/io-pgtable-dart.c, drivers/iommu/apple-dart.c; U-Boot drivers/iommu/apple_dart.c
/// (`DART_L2_START`, `DART_L2_END`).
protocol DARTFormat: PageTableFormat where Word == UInt64, LeafAttributes == DARTAttributes {
  /// The log2 of a page and of a table: 14, or 12.
  var granuleLog2: Int { get }
}

extension DARTFormat {
  /// Four tables put together where two levels of 4K tables do not reach 32 bits: the register is chosen by bits 31:30.
  var rootTableCount: Int { granuleLog2 == 12 ? 4 : 1 }

  func levelName(_ level: Int) -> StaticString {
    switch level {
    case 0: "L2"
    case 1: "L1"
    default: "L0"
    }
  }

  func slotShift(_ level: Int) -> Int { granuleLog2 + level * (granuleLog2 - 3) }

  func indexBits(_ level: Int) -> Int {
    granuleLog2 - 3 + (level == topLevel ? rootTableCount.trailingZeroBitCount : 0)
  }

  func leafSizes(_ level: Int) -> UInt64 { level == 0 ? 1 << UInt64(granuleLog2) : 0 }
  func leafSizeLog2(of entry: UInt64, level: Int) -> Int { granuleLog2 }

  // The root has more entries than the address has bits for.
  func tableOffset(of deviceAddress: UInt64) -> UInt64? {
    deviceAddress >> UInt64(inputBits) == 0 ? deviceAddress : nil
  }

  func kind(of entry: UInt64, level: Int) -> EntryKind {
    if entry & 1 == 0 { return .empty }
    return level == 0 ? .leaf : .table
  }

  func tableAddress(of entry: UInt64, level: Int) -> UInt64 { outputAddress(of: entry, level: level) }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt64 {
    addressBits(address, level: level, sizeLog2: granuleLog2) | 1
  }

  /// Bits 63:40 for a part of a page.
  func partBits(_ part: DARTAttributes.Part) -> UInt64 {
    UInt64(part.start & 0xFFF) << 52 | UInt64(part.end & 0xFFF) << 40
  }

  /// The part of a page in bits 63:40.
  func part(of entry: UInt64) -> DARTAttributes.Part {
    DARTAttributes.Part(
      start: UInt16(truncatingIfNeeded: entry >> 52), end: UInt16(truncatingIfNeeded: entry >> 40) & 0xFFF)
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> DARTAttributes {
    try wish.requireExecuteOnlyWithRead(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return DARTAttributes(
      canRead: wish.access.contains(.read), canWrite: wish.access.contains(.write),
      isUncached: wish.cache == .notCached)
  }

  func mappingAttributes(of attributes: DARTAttributes) -> MappingAttributes { attributes.mapping }

  static var wordsWidth: Int { 38 }

  /// Writes the part of the page, unless it is all of it.
  func describe(_ part: DARTAttributes.Part, into text: inout TextCursor) {
    guard part != .whole else { return }
    text.append(word: "part=")
    text.append(hexadecimal: UInt64(part.start))
    text.append("-")
    text.append(hexadecimal: UInt64(part.end))
  }

  /// The lines that tell a walker about the shape.
  var shapeLines: [RootDescription.Line] {
    [
      RootDescription.Line("levels", "\(topLevel + 1)"),
      RootDescription.Line("input_bits", "\(inputBits)"),
      RootDescription.Line("granule", sizeName(log2: granuleLog2)),
    ]
  }

  /// The registers TTBR0 on: bit 31 valid, 30:0 the table's address >> 12.
  func tableBaseLines(rootAddress: UInt64) -> [RootDescription.Line] {
    (0..<rootTableCount).map {
      let address = rootAddress &+ UInt64($0) << UInt64(granuleLog2)
      return RootDescription.Line("ttbr\($0)", hex: 1 << 31 | address >> 12 & 0x7FFF_FFFF)
    }
  }
}
