/// The RISC-V second stage of four levels: 50 bits of a guest's physical address, a root of 16K.
struct RISCVSv48x4: RISCVFormat {
  typealias Word = UInt64

  static let name = "riscv-sv48x4"
  static let summary = "RISC-V hypervisor extension and IOMMU: Sv48x4, G-stage of 4 levels"
  static let attributeLines = RISCVAttributeLines.wideSecondStage
  static let levels = 4
  static let isSecondStage = true

  var context: RISCVDeviceContext?
}
