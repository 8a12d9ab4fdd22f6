/// The short descriptors of ARMv7 processors, as the CPU walks them.
///
/// Mappings for everybody are tagged with the address space identifier (nG), those for privileged code are global, as
/// Linux has it. All entries belong to domain 0, which DACR makes a client, so permissions are checked.
/// Facts: ARM DDI 0406C, B3.5; Linux arch/arm/include/asm/pgtable-2level-hwdef.h.
struct ARMv7Short: ARMShortFormat {
  static let name = "arm-v7s"
  static let summary = "ARMv6/ARMv7 processors: short descriptors (VMSAv7) with TEX remap"
  static let attributeLines =
    armShortAttributeLines + [
      "global: nG = 1 for user, 0 for supervisor", "domain: 0; privileged execute never: PXN = 0",
    ]
  static let stage = FormatDescription.Stage.first
  static let supersectionBits = 40
  static let hasPrivilegedExecuteNever = true

  let split: ARMShortSplit

  init() {
    split = .none
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["base", "split"], format: Self.name)
    split = try ARMShortSplit(configuration, format: Self.name)
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> ARMShortAttributes {
    var attributes = try ARMShortAttributes(wish, format: Self.name)
    attributes.isNotGlobal = wish.privilege == .user
    return attributes
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // SCTLR: M (bit 0) and TRE (bit 28), AFE (bit 29) off. DACR: domain 0 is a client.
    split.lines(rootAddress: rootAddress, flags: 0x6A) + [
      RootDescription.Line("dacr", hex: 1), RootDescription.Line("sctlr", hex: 1 << 28 | 1),
    ]
  }
}
