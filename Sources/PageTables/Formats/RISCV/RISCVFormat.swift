/// What the page tables of RISC-V have in common, of processors and of the IOMMU: Sv32, Sv39, Sv48 and Sv57, and as the
/// second stage (G-stage) of each a table whose root has four times the entries.
///
/// Pointers permit everything, leaves decide. In entries of 64 bits a page of 64K (Svnapot) takes 16 identical entries, and
/// two bits say the memory type (Svpbmt). Facts: RISC-V Instruction Set Manual volume II, Sv32 to Sv57, Svnapot, Svpbmt,
/// hypervisor extension; Linux drivers/iommu/generic_pt/fmt/riscv.h, arch/riscv/include/asm/pgtable-64.h.
protocol RISCVFormat: PageTableFormat where LeafAttributes == RISCVAttributes {
  init()
  /// The number of levels.
  static var levels: Int { get }
  /// Whether the table is of the second stage, which translates a guest's physical addresses.
  static var isSecondStage: Bool { get }
  /// What leads an IOMMU to the table; `nil` where a processor's register does.
  var context: RISCVDeviceContext? { get set }
}

extension RISCVFormat {
  init(_ configuration: TableConfiguration) throws(PageTableError) {
    let kind = try configuration.root(
      among: [.registers, .riscvIOMMU, .riscvIOMMUExtended], format: Self.name)
    try configuration.refuse(
      except: kind == .registers ? ["levels", "root"] : ["levels", "root", "requester"], format: Self.name)
    guard configuration.levels ?? Self.levels == Self.levels else {
      throw .badConfiguration(key: "levels", value: "\(configuration.levels ?? 0)", format: Self.name)
    }
    self.init()
    guard kind != .registers else { return }
    context = RISCVDeviceContext(
      device: configuration.requesterOrStandard, isExtended: kind == .riscvIOMMUExtended)
  }

  /// Whether entries have 64 bits, and with them Svnapot and Svpbmt.
  private static var isWide: Bool { Word.bitWidth == 64 }
  /// The log2 of the entries of a table that is not the second stage's root.
  private static var levelBits: Int { isWide ? 9 : 10 }
  /// Whether device addresses are sign-extended.
  private static var isSignExtended: Bool { isWide && !isSecondStage }
  /// The bits of an address, in place in the entry.
  private static var addressMask: UInt64 { isWide ? 0x003F_FFFF_FFFF_FC00 : 0xFFFF_FC00 }

  var inputBits: Int {
    Self.isWide ? 12 + 9 * Self.levels + (Self.isSecondStage ? 2 : 0) : Self.isSecondStage ? 34 : 32
  }
  var outputBits: Int { Self.isWide ? 56 : 34 }
  static var stage: FormatDescription.Stage { isSecondStage ? .second : .first }
  var topLevel: Int { Self.levels - 1 }

  func levelName(_ level: Int) -> StaticString {
    switch level {
    case 0: "VPN0"
    case 1: "VPN1"
    case 2: "VPN2"
    case 3: "VPN3"
    default: "VPN4"
    }
  }

  func slotShift(_ level: Int) -> Int { 12 + Self.levelBits * level }

  func indexBits(_ level: Int) -> Int {
    Self.levelBits + (Self.isSecondStage && level == Self.levels - 1 ? 2 : 0)
  }

  func leafSizes(_ level: Int) -> UInt64 {
    1 << UInt64(slotShift(level)) | (Self.isWide && level == 0 ? 1 << 16 : 0)
  }

  func tableOffset(of deviceAddress: UInt64) -> UInt64? {
    if Self.isSignExtended { return offset(ofSignExtended: deviceAddress) }
    return deviceAddress >> UInt64(inputBits) == 0 ? deviceAddress : nil
  }

  func deviceAddress(ofTableOffset offset: UInt64) -> UInt64 {
    Self.isSignExtended ? signExtended(offset) : offset
  }

  func inputFault(_ deviceAddress: UInt64) -> Walk.FaultReason { .inputTooWide }

  func kind(of entry: Word, level: Int) -> EntryKind {
    let word = UInt64(truncatingIfNeeded: entry)
    if word & 1 == 0 { return .empty }
    // Bits 60:54 are reserved.
    if word >> 54 & 0x7F != 0 { return .reserved }
    if word & 0xE == 0 {
      // Of a pointer also U, A, D, PBMT and N.
      return level > 0 && word & 0xE000_0000_0000_00D0 == 0 ? .table : .reserved
    }
    return isLeaf(word, level: level) ? .leaf : .reserved
  }

  /// Whether an entry that is neither empty nor a pointer is a leaf that hardware takes.
  private func isLeaf(_ word: UInt64, level: Int) -> Bool {
    // W without R; a memory type of 3; of the second stage U = 0.
    if word & 6 == 4 || word >> 61 & 3 == 3 || Self.isSecondStage && word & 0x10 == 0 { return false }
    let pageNumber = (word & Self.addressMask) >> 10
    // N: only in the last level, only with the size of 64K in bits 3:0 of the page number.
    if word >> 63 != 0 { return level == 0 && pageNumber & 15 == 8 }
    return pageNumber & (1 << UInt64(slotShift(level) - 12) - 1) == 0
  }

  func tableAddress(of entry: Word, level: Int) -> UInt64 {
    (UInt64(truncatingIfNeeded: entry) & Self.addressMask) << 2
  }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> Word {
    Word(truncatingIfNeeded: address >> 2 & Self.addressMask | 1)
  }

  func leafSizeLog2(of entry: Word, level: Int) -> Int {
    level == 0 && UInt64(truncatingIfNeeded: entry) >> 63 != 0 ? 16 : slotShift(level)
  }

  func outputAddress(of entry: Word, level: Int) -> UInt64 {
    let address = (UInt64(truncatingIfNeeded: entry) & Self.addressMask) << 2
    return address & UInt64.max << UInt64(leafSizeLog2(of: entry, level: level))
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: RISCVAttributes) -> Word {
    // N, and the size in the low bits of the page number.
    let napot: UInt64 = sizeLog2 == 16 ? 1 << 63 | 8 << 10 : 0
    return Word(truncatingIfNeeded: attributes.entry | napot)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> Word {
    Word(truncatingIfNeeded: (outputAddress & UInt64.max << UInt64(sizeLog2)) >> 2 & Self.addressMask)
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> RISCVAttributes {
    if Self.isSecondStage { try wish.requireNoPrivilegeBit(format: Self.name) }
    var attributes = try RISCVAttributes(wish, format: Self.name)
    if Self.isWide && wish.cache == .notCached { attributes.memoryType = .notCached }
    return attributes
  }

  func leafAttributes(of entry: Word, level: Int, path: Word) -> RISCVAttributes {
    RISCVAttributes(entry: UInt64(truncatingIfNeeded: entry))
  }

  func mappingAttributes(of attributes: RISCVAttributes) -> MappingAttributes {
    attributes.mapping(hasMemoryTypes: Self.isWide)
  }

  static var wordsWidth: Int { 46 }

  func describe(_ attributes: RISCVAttributes, into text: inout TextCursor) {
    text.append(
      mappingAttributes(of: attributes), showsPrivilege: !Self.isSecondStage, showsCache: Self.isWide)
    if Self.isWide {
      switch attributes.memoryType {
      case .platform: text.append(word: "pbmt=pma")
      case .notCached: text.append(word: "pbmt=nc")
      case .device: text.append(word: "pbmt=io")
      }
    }
    if attributes.isGlobal { text.append(word: "G") }
    if attributes.isAccessed { text.append(word: "A") }
    if attributes.isDirty { text.append(word: "D") }
  }

  private func stage(_ rootAddress: UInt64) -> RISCVDeviceContext.Stage {
    RISCVDeviceContext.Stage(
      root: deviceRoot(rootAddress), isSecond: Self.isSecondStage, isNarrow: !Self.isWide)
  }

  mutating func prepare(rootAddress: UInt64, structures: inout RootStructures) throws(PageTableError) {
    let stage = stage(rootAddress)
    try context?.prepare(stage, &structures)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    let shape = [
      RootDescription.Line("levels", "\(Self.levels)"),
      RootDescription.Line("input_bits", "\(inputBits)"),
    ]
    if let context { return shape + context.lines(stage(rootAddress)) }
    return shape + [
      // The processor's register, then what the IOMMU's device context has for it.
      RootDescription.Line(Self.isSecondStage ? "hgatp" : "satp", hex: processorRoot(rootAddress)),
      RootDescription.Line(Self.isSecondStage ? "iohgatp" : "iosatp", hex: deviceRoot(rootAddress)),
    ]
  }

  /// satp or hgatp: the mode, address space or virtual machine 0, the root's page number.
  private func processorRoot(_ rootAddress: UInt64) -> UInt64 {
    Self.isWide ? deviceRoot(rootAddress) : 1 << 31 | rootAddress >> 12
  }

  /// iosatp or iohgatp: the same in 64 bits; two levels have the mode 8 too, with SXL or GXL = 1.
  private func deviceRoot(_ rootAddress: UInt64) -> UInt64 {
    UInt64(Self.isWide ? Self.levels + 5 : 8) << 60 | rootAddress >> 12
  }
}

/// The lines of `formats/<format>/attributes` that RISC-V formats share.
enum RISCVAttributeLines {
  /// Of all.
  private static let access = [
    "read: R; write: W, only with R; execute: X, also without R; write without read and none cannot be expressed"
  ]
  /// Of the first stage.
  private static let privilege = [
    "user: U = 1 (the supervisor reads and writes with SUM = 1, and never executes); supervisor: U = 0"
  ]
  /// Of the second stage.
  private static let noPrivilege = ["user: U = 1 always; supervisor cannot be expressed"]
  private static let memoryTypes = [
    "cache none: PBMT = 1 (NC, Svpbmt); any other: PBMT = 0, what the platform says of the memory"
  ]
  private static let noMemoryTypes = ["cache: no bits; any policy is accepted and has no effect"]
  private static let rest = [
    "secure: cannot be expressed", "global: G = 0; accessed: A = 1, dirty: D = W, set beforehand",
  ]

  static let narrow = access + privilege + noMemoryTypes + rest
  static let wide = access + privilege + memoryTypes + rest
  static let narrowSecondStage = access + noPrivilege + noMemoryTypes + rest
  static let wideSecondStage = access + noPrivilege + memoryTypes + rest
}
