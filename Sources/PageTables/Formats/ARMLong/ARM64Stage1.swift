/// Stage 1 tables of AArch64 processors and SMMUs: 48 or 52 bits of input in either half of the address space.
///
/// `split` is TnSZ, the number of leading zeros (TTBR0, low base) or ones (TTBR1, high base) of an address; 16 without
/// one, 12 with addresses of 52 bits. Pointers permit everything, leaves decide. With `root=smmuv3` the table hangs from a
/// context descriptor.
/// Facts: ARM DDI 0487, D8; Linux arch/arm64/include/asm/pgtable-hwdef.h, drivers/iommu/io-pgtable-arm.c.
struct ARM64Stage1<Granule: ARM64Granule>: ARMStage1Format {
  static var name: String { "arm64-\(Granule.suffix)" }
  static var summary: String {
    "AArch64 processors, SMMUv2 and SMMUv3: stage 1, granule of \(Granule.title)"
  }
  static var attributeLines: [String] {
    armStage1AttributeLines + [
      "execute: user UXN = 0 and PXN = 0, supervisor UXN = 1 and PXN = 0, else both 1; privileged code never executes"
        + " what unprivileged code may write"
    ]
  }
  static var granuleLog2: Int { Granule.sizeLog2 }
  static var addresses: ARMLongAddresses { Granule.addresses }
  static var separatesExecution: Bool { true }

  let region: ARMLongRegion
  let shape: ARMLongShape
  /// What leads an SMMU to the table; `nil` where registers do.
  private var stream: SMMUv3Stream?

  init() {
    region = Granule.standardRegion
    shape = ARMLongShape(inputBits: region.bits, granuleLog2: Granule.sizeLog2)
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    stream = try SMMUv3Stream(
      configuration, allowed: ["base", "split"], addresses: Granule.addresses, format: Self.name)
    region = try Granule.region(configuration, format: Self.name)
    shape = ARMLongShape(inputBits: region.bits, granuleLog2: Granule.sizeLog2)
  }

  private func stage(_ rootAddress: UInt64) -> SMMUv3Stream.Stage {
    .first(
      contextDescriptor: Granule.contextDescriptor(region, physicalBits: Self.addresses.bits),
      rootAddress: rootAddress, isHigh: region.isHigh, mair: ARMStage1Attributes.mair)
  }

  mutating func prepare(rootAddress: UInt64, structures: inout RootStructures) throws(PageTableError) {
    let stage = stage(rootAddress)
    try stream?.prepare(stage, &structures)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // SCTLR_EL1: M; WXN off.
    let shape =
      shapeLines + [
        RootDescription.Line("stage", "1"),
        RootDescription.Line("split", "\(region.sizeOffset)"),
        RootDescription.Line("base", hex: region.base),
      ]
    if let stream { return shape + stream.lines(stage(rootAddress)) }
    return shape + [
      RootDescription.Line(
        region.isHigh ? "ttbr1_el1" : "ttbr0_el1", hex: Self.addresses.baseRegister(rootAddress)),
      RootDescription.Line("tcr_el1", hex: Granule.tcr(region, physicalBits: Granule.addresses.bits)),
      RootDescription.Line("mair_el1", hex: ARMStage1Attributes.mair),
    ]
  }
}
