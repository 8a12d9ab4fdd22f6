/// The long descriptors of 32-bit ARM processors with the Large Physical Address Extension, stage 1.
///
/// `split` is TTBCR.T0SZ with the low base, T1SZ with the high one: the number of leading zeros or ones of an address.
/// Without one TTBR0 translates all 32 bits. Pointers permit everything, leaves decide. Physical addresses have 40 bits.
/// Facts: ARM DDI 0406C, B3.6; Linux drivers/iommu/io-pgtable-arm.c; QEMU target/arm/ptw.c.
struct ARMLPAE: ARMStage1Format {
  static let name = "arm-lpae"
  static let summary = "ARMv7 processors with LPAE and AArch32: long descriptors, stage 1"
  static let attributeLines =
    armStage1AttributeLines + ["execute: XN = 0 and PXN = 0, else both 1"]
  static let granuleLog2 = 12
  static let addresses = ARMLongAddresses.inPlace(bits: 40)
  static let separatesExecution = false

  let region: ARMLongRegion
  let shape: ARMLongShape

  init() {
    region = ARMLongRegion(width: 32, sizeOffset: 0)
    shape = ARMLongShape(inputBits: 32, granuleLog2: 12)
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["base", "split"], format: Self.name)
    region = try ARMLongRegion(configuration, width: 32, standard: 0, sizeOffsets: 0...7, format: Self.name)
    shape = ARMLongShape(inputBits: region.bits, granuleLog2: 12)
  }

  var inputBits: Int { 32 }

  /// TTBCR: EAE, the half in use, its tables write-back and inner shareable, the other half's walks off.
  private var control: UInt64 {
    let size = UInt64(region.sizeOffset)
    return 1 << 31 | (region.isHigh ? size << 16 | 0x3500 << 16 | 1 << 7 : size | 0x3500 | 1 << 23)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // SCTLR: M; TRE and AFE mean nothing with EAE; WXN and UWXN off.
    shapeLines + [
      RootDescription.Line("stage", "1"),
      RootDescription.Line("split", "\(region.sizeOffset)"),
      RootDescription.Line("base", hex: region.base),
      RootDescription.Line(region.isHigh ? "ttbr1" : "ttbr0", hex: rootAddress),
      RootDescription.Line("ttbcr", hex: control),
      RootDescription.Line("mair0", hex: ARMStage1Attributes.mair & 0xFFFF_FFFF),
      RootDescription.Line("mair1", hex: ARMStage1Attributes.mair >> 32),
    ]
  }
}
