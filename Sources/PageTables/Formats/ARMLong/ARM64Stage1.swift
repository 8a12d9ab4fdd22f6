/// Stage 1 tables of AArch64 processors and SMMUs: 48 bits of input in either half of the address space.
///
/// `split` is TnSZ, the number of leading zeros (TTBR0, low base) or ones (TTBR1, high base) of an address; 16 without
/// one. Pointers permit everything, leaves decide. Physical addresses have 48 bits.
/// Facts: ARM DDI 0487, D8; Linux arch/arm64/include/asm/pgtable-hwdef.h, drivers/iommu/io-pgtable-arm.c.
struct ARM64Stage1<Granule: ARM64Granule>: ARMStage1Format {
  static var name: String { "arm64-\(Granule.suffix)" }
  static var summary: String {
    "AArch64 processors, SMMUv2 and SMMUv3: stage 1, granule of \(Granule.suffix.uppercased())"
  }
  static var attributeLines: [String] {
    armStage1AttributeLines + [
      "execute: user UXN = 0 and PXN = 0, supervisor UXN = 1 and PXN = 0, else both 1; privileged code never executes"
        + " what unprivileged code may write"
    ]
  }
  static var granuleLog2: Int { Granule.sizeLog2 }
  static var physicalBits: Int { 48 }
  static var separatesExecution: Bool { true }

  let region: ARMLongRegion
  let shape: ARMLongShape

  init() {
    region = ARMLongRegion(width: 64, sizeOffset: 16)
    shape = ARMLongShape(inputBits: 48, granuleLog2: Granule.sizeLog2)
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["base", "split"], format: Self.name)
    region = try ARMLongRegion(
      configuration, width: 64, standard: 16, sizeOffsets: Granule.sizeOffsets, format: Self.name)
    shape = ARMLongShape(inputBits: region.bits, granuleLog2: Granule.sizeLog2)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // SCTLR_EL1: M; WXN off.
    shapeLines + [
      RootDescription.Line("stage", "1"),
      RootDescription.Line("split", "\(region.sizeOffset)"),
      RootDescription.Line("base", hex: region.base),
      RootDescription.Line(region.isHigh ? "ttbr1_el1" : "ttbr0_el1", hex: rootAddress),
      RootDescription.Line("tcr_el1", hex: Granule.tcr(region, physicalBits: Self.physicalBits)),
      RootDescription.Line("mair_el1", hex: ARMStage1Attributes.mair),
    ]
  }
}
