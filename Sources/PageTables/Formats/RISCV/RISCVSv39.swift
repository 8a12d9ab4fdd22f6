/// The RISC-V page tables of three levels: 39 bits of address, sign-extended.
struct RISCVSv39: RISCVFormat {
  typealias Word = UInt64

  static let name = "riscv-sv39"
  static let summary = "RISC-V processors and IOMMU: Sv39, 3 levels, with Svnapot and Svpbmt"
  static let attributeLines = RISCVAttributeLines.wide
  static let levels = 3
  static let isSecondStage = false

  var context: RISCVDeviceContext?
}
