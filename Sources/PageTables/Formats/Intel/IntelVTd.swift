/// The attributes of a VT-d second-stage entry.
struct VTdAttributes: Hashable, Sendable {
  /// R: the device may read.
  var canRead = true
  /// W: the device may write.
  var canWrite = true
  /// SNP: snoop the processors' caches, whatever the request says.
  var forcesSnoop = false
}

/// Intel VT-d's second-stage tables of 2 to 5 levels, with the structures before them that legacy mode has or, with
/// `root=scalable`, scalable mode.
///
/// The requester that these are made for is bus 0, device 1, function 0 unless the configuration names another. Pointers permit everything, leaves decide. The interrupt range 0xfee00000-0xfeefffff is
/// never translated by the hardware. Facts: Intel Virtualization Technology for Directed I/O, chapters 3 and 9; Linux
/// drivers/iommu/generic_pt/fmt/vtdss.h, drivers/iommu/intel/iommu.h.
struct IntelVTd: PageTableFormat {
  static let name = "intel-vtd"
  static let summary =
    "Intel VT-d, legacy or scalable mode: second-stage translation of 2 to 5 levels (2007 on)"
  static let attributeLines = [
    "read: R; write: W, also without read; none cannot be expressed (such an entry is not present)",
    "execute: no bit; what may be read may be executed; execute without read cannot be expressed",
    "user: no bit; supervisor cannot be expressed",
    "secure: cannot be expressed",
    "cache: no bits; any policy is accepted and has no effect; SNP = 0 always, for units without snoop control"
      + " reserve it",
  ]

  /// The number of levels.
  private let levels: Int
  /// What leads hardware to the table.
  private var root: VTdRoot

  init() {
    levels = 4
    root = VTdRoot(requester: 0x0008, table: .second(levels: 4), isScalable: false)
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["levels", "requester", "root"], format: Self.name)
    levels = configuration.levels ?? 4
    guard (2...5).contains(levels) else {
      throw .badConfiguration(key: "levels", value: "\(levels)", format: Self.name)
    }
    let kind = try configuration.root(among: [.legacy, .scalable], format: Self.name)
    // Scalable mode has no width of 30 bits.
    guard kind == .legacy || levels > 2 else {
      throw .badConfiguration(key: "levels", value: "\(levels) with root=scalable", format: Self.name)
    }
    root = VTdRoot(
      requester: configuration.requesterOrStandard, table: .second(levels: levels),
      isScalable: kind == .scalable)
  }

  var inputBits: Int { 12 &+ 9 &* levels }
  var outputBits: Int { 52 }
  var topLevel: Int { levels - 1 }

  func levelName(_ level: Int) -> StaticString {
    switch level {
    case 0: "L1"
    case 1: "L2"
    case 2: "L3"
    case 3: "L4"
    default: "L5"
    }
  }

  func slotShift(_ level: Int) -> Int { 12 &+ 9 &* level }
  func indexBits(_ level: Int) -> Int { 9 }
  func leafSizes(_ level: Int) -> UInt64 { level <= 2 ? 1 << UInt64(slotShift(level)) : 0 }

  func kind(of entry: UInt64, level: Int) -> EntryKind {
    if entry & 3 == 0 { return .empty }
    if level == 0 { return .leaf }
    if entry >> 7 & 1 == 0 { return .table }
    return level <= 2 ? .leaf : .reserved
  }

  func tableAddress(of entry: UInt64, level: Int) -> UInt64 { entry & 0x000F_FFFF_FFFF_F000 }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt64 { address | 3 }

  func leafSizeLog2(of entry: UInt64, level: Int) -> Int { slotShift(level) }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 {
    entry & 0x000F_FFFF_FFFF_FFFF & UInt64.max &<< UInt64(truncatingIfNeeded: slotShift(level))
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: VTdAttributes) -> UInt64 {
    (attributes.canRead ? 1 : 0) | (attributes.canWrite ? 2 : 0) | (level > 0 ? 1 << 7 : 0)
      | (attributes.forcesSnoop ? 1 << 11 : 0)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 { outputAddress }
  var addressShift: Int? { 0 }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> VTdAttributes {
    guard !wish.access.isDisjoint(with: [.read, .write]),
      wish.access.contains(.read) || !wish.access.contains(.execute)
    else {
      let name = wish.access.isEmpty ? wish.accessName : "execute without read"
      throw .cannotExpress(attribute: name, format: Self.name)
    }
    try wish.requireNoPrivilegeBit(format: Self.name)
    return VTdAttributes(canRead: wish.access.contains(.read), canWrite: wish.access.contains(.write))
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> VTdAttributes {
    VTdAttributes(
      canRead: entry & path & 1 != 0, canWrite: entry & path & 2 != 0, forcesSnoop: entry >> 11 & 1 != 0)
  }

  func mappingAttributes(of attributes: VTdAttributes) -> MappingAttributes {
    var access: MappingAttributes.Access = []
    if attributes.canRead { access.formUnion([.read, .execute]) }
    if attributes.canWrite { access.insert(.write) }
    return MappingAttributes(access: access)
  }

  static var wordsWidth: Int { 16 }

  func describe(_ attributes: VTdAttributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false, showsCache: false)
    if attributes.forcesSnoop { text.append(word: "snoop") }
  }

  func describe(pointer: UInt64, level: Int, into text: inout TextCursor) {
    text.append(word: pointer & 1 != 0 ? "r" : "-")
    text.append(pointer & 2 != 0 ? "w" : "-")
  }

  mutating func prepare(rootAddress: UInt64, structures: inout RootStructures) throws(PageTableError) {
    try root.prepare(rootAddress: rootAddress, &structures)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    [
      RootDescription.Line("levels", "\(levels)"),
      RootDescription.Line("input_bits", "\(inputBits)"),
    ] + root.lines(rootAddress: rootAddress)
  }
}
