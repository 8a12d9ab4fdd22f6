/// The RISC-V page tables of two levels, for 32-bit processors: 32 bits of address.
struct RISCVSv32: RISCVFormat {
  typealias Word = UInt32

  static let name = "riscv-sv32"
  static let summary = "RISC-V processors and IOMMU: Sv32, 2 levels of 32-bit entries"
  static let attributeLines = RISCVAttributeLines.narrow
  static let levels = 2
  static let isSecondStage = false

  var context: RISCVDeviceContext?
}
