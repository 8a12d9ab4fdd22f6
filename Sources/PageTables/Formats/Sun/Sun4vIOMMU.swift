/// The attributes of a sun4v mapping, as the argument of the hypervisor's call has them.
struct Sun4vAttributes: Hashable, Sendable {
  /// Bit 0: the device may read.
  var canRead = true
  /// Bit 1: the device may write.
  var canWrite = true
  /// Bit 2: ordering is relaxed.
  var isRelaxed = false
}

/// The PCI IOMMU of sun4v (UltraSPARC T1, 2005 on), whose table belongs to the hypervisor.
///
/// What can be observed of a slot is whether it is mapped, an attribute word and a real address. The table in memory is
/// the list of what the calls that map were given: for each slot the real address, with the attributes in the bits that a
/// page leaves free. A slot of 0 was never mapped or was demapped.
/// Facts: Linux v2.6.35 arch/sparc/include/asm/hypervisor.h (`HV_FAST_PCI_IOMMU_*`, `HV_PCI_MAP_ATTR_*`),
/// arch/sparc/kernel/pci_sun4v.c (`iommu_batch_flush`, `pci_sun4v_iommu_init`).
struct Sun4vIOMMU: FlatFormat {
  static let name = "sun4v-iommu"
  static let summary = "SPARC sun4v hypervisor IOMMU (UltraSPARC T1 on, 2005)"
  static let attributeLines = [
    "read: attribute 1; write: attribute 2, also without read; a call has at least one, so none cannot be expressed",
    AttributeLine.noExecute, AttributeLine.noUser, AttributeLine.noSecure, AttributeLine.noCache,
    "ordering: relaxed (attribute 4) is never asked for",
  ]

  /// Linux' window where firmware names none.
  private static let rules = WindowRules(
    standard: TableWindow(base: 0x8000_0000, size: 1 << 31), sizes: 1 << 13...1 << 32, granularity: 1 << 13,
    isNatural: false, addressBits: 32)

  let window: TableWindow
  let pageSizeLog2 = 13

  init() {
    window = Self.rules.standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window"], format: Self.name)
    window = try Self.rules.window(configuration, format: Self.name)
  }

  var inputBits: Int { 32 }
  /// Real addresses of the architecture have 56 bits.
  var outputBits: Int { 56 }
  var isBigEndian: Bool { true }

  func levelName(_ level: Int) -> StaticString { "TTE" }

  func kind(of entry: UInt64, level: Int) -> EntryKind {
    if entry == 0 { return .empty }
    return entry & 3 != 0 && entry & 0xFF00_0000_0000_1FF8 == 0 ? .leaf : .reserved
  }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 { entry & ~0x1FFF }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: Sun4vAttributes) -> UInt64 {
    (attributes.canRead ? 1 : 0) | (attributes.canWrite ? 2 : 0) | (attributes.isRelaxed ? 4 : 0)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 { outputAddress & ~0x1FFF }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> Sun4vAttributes {
    try wish.requireReadOrWrite(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return Sun4vAttributes(canRead: wish.access.contains(.read), canWrite: wish.access.contains(.write))
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> Sun4vAttributes {
    Sun4vAttributes(canRead: entry & 1 != 0, canWrite: entry & 2 != 0, isRelaxed: entry & 4 != 0)
  }

  func mappingAttributes(of attributes: Sun4vAttributes) -> MappingAttributes {
    MappingAttributes(canRead: attributes.canRead, canWrite: attributes.canWrite)
  }

  static var wordsWidth: Int { 16 }

  func describe(_ attributes: Sun4vAttributes, into text: inout TextCursor) {
    text.append(mappingAttributes(of: attributes), showsPrivilege: false, showsCache: false)
    if attributes.isRelaxed { text.append(word: "relaxed") }
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // tsbid: the number of the buffer, 0, in 63:32; the slot in 31:0. The calls by their numbers for trap 0x80.
    windowLines + [
      RootDescription.Line("tsbid", hex: 0),
      RootDescription.Line("pci_iommu_map", hex: 0xB0),
      RootDescription.Line("pci_iommu_demap", hex: 0xB1),
      RootDescription.Line("pci_iommu_getmap", hex: 0xB2),
    ]
  }
}
