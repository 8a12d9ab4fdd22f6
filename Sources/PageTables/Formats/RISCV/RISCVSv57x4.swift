/// The RISC-V second stage of five levels: 59 bits of a guest's physical address, a root of 16K.
struct RISCVSv57x4: RISCVFormat {
  typealias Word = UInt64

  static let name = "riscv-sv57x4"
  static let summary = "RISC-V hypervisor extension and IOMMU: Sv57x4, G-stage of 5 levels"
  static let attributeLines = RISCVAttributeLines.wideSecondStage
  static let levels = 5
  static let isSecondStage = true

  var context: RISCVDeviceContext?
}
