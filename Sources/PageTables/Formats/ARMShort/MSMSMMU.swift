/// The system MMU of Qualcomm's MSM8x60 (2010): ARM short descriptors with TEX remap.
///
/// Entries are what the hardware reads, not what one driver wrote: in a large page TEX[0] stands at bit 12, as in the
/// architecture, where Code Aurora's and Linux' first drivers set bit 6. As those drivers from late 2.6.35 on, leaves are
/// shared and not global. Facts: Code Aurora 2.6.35 arch/arm/mach-msm/include/mach/iommu_hw-8xxx.h.
struct MSMSMMU: ARMShortFormat {
  static let name = "msm-smmu"
  static let summary = "Qualcomm system MMU v1 (MSM8x60, 2010): ARM short descriptors with TEX remap"
  static let attributeLines = armShortAttributeLines + ["global: nG = 1 always"]
  static let supersectionBits = 36
  static let hasPrivilegedExecuteNever = false

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
    attributes.isNotGlobal = true
    return attributes
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // Walks cacheable and shared: SH = 1, NOS = 1, IRGN = 1 (bit 6), ORGN = 1. SCTLR: M and TRE.
    split.lines(rootAddress: rootAddress, flags: 0x6A) + [RootDescription.Line("sctlr", hex: 0b11)]
  }
}
