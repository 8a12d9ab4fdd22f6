/// The RISC-V page tables of five levels: 57 bits of address, sign-extended.
struct RISCVSv57: RISCVFormat {
  typealias Word = UInt64

  static let name = "riscv-sv57"
  static let summary = "RISC-V processors and IOMMU: Sv57, 5 levels, with Svnapot and Svpbmt"
  static let attributeLines = RISCVAttributeLines.wide
  static let levels = 5
  static let isSecondStage = false

  var context: RISCVDeviceContext?
}
