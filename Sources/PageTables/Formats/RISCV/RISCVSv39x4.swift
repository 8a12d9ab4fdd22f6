/// The RISC-V second stage of three levels: 41 bits of a guest's physical address, a root of 16K.
struct RISCVSv39x4: RISCVFormat {
  typealias Word = UInt64

  static let name = "riscv-sv39x4"
  static let summary = "RISC-V hypervisor extension and IOMMU: Sv39x4, G-stage of 3 levels"
  static let attributeLines = RISCVAttributeLines.wideSecondStage
  static let levels = 3
  static let isSecondStage = true

  var context: RISCVDeviceContext?
}
