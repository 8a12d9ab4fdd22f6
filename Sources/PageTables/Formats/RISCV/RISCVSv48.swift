/// The RISC-V page tables of four levels: 48 bits of address, sign-extended.
struct RISCVSv48: RISCVFormat {
  typealias Word = UInt64

  static let name = "riscv-sv48"
  static let summary = "RISC-V processors and IOMMU: Sv48, 4 levels, with Svnapot and Svpbmt"
  static let attributeLines = RISCVAttributeLines.wide
  static let levels = 4
  static let isSecondStage = false

  var context: RISCVDeviceContext?
}
