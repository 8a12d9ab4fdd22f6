/// The RISC-V second stage of two levels: 34 bits of a guest's physical address, a root of 16K.
struct RISCVSv32x4: RISCVFormat {
  typealias Word = UInt32

  static let name = "riscv-sv32x4"
  static let summary = "RISC-V hypervisor extension and IOMMU: Sv32x4, G-stage of 2 levels"
  static let attributeLines = RISCVAttributeLines.narrowSecondStage
  static let levels = 2
  static let isSecondStage = true

  var context: RISCVDeviceContext?
}
