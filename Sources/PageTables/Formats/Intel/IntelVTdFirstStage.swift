/// Intel VT-d's first stage in scalable mode: x86-64 tables, with the root, context and PASID tables before them.
///
/// The requester's requests without a PASID are translated, by the entry of PASID 0. NXE is set there, so XD forbids
/// execution. The hardware takes canonical addresses only. Facts: Intel Virtualization Technology for Directed I/O, chapters
/// 3 and 9; Linux drivers/iommu/intel/pasid.c (`intel_pasid_setup_first_level`).
struct IntelVTdFirstStage: X86DeviceFormat {
  static let name = "intel-vtd-fs"
  static let summary = "Intel VT-d, scalable mode: first-stage translation of 4 or 5 levels (2019 on)"
  static let attributeLines =
    x86DeviceAttributeLines + ["execute: XD = 0, else XD = 1; the PASID entry's NXE is 1"]
  static let canForbidExecution = true

  let levels: Int
  /// What leads hardware to the table.
  private var root: VTdRoot

  init() {
    levels = 4
    root = VTdRoot(requester: 0x0008, table: .first(levels: 4), isScalable: true)
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["levels", "requester", "root"], format: Self.name)
    _ = try configuration.root(among: [.scalable], format: Self.name)
    levels = try Self.levels(configuration)
    root = VTdRoot(
      requester: configuration.requesterOrStandard, table: .first(levels: levels), isScalable: true)
  }

  mutating func prepare(rootAddress: UInt64, structures: inout RootStructures) throws(PageTableError) {
    try root.prepare(rootAddress: rootAddress, &structures)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    [
      RootDescription.Line("levels", "\(levels)"),
      RootDescription.Line("input_bits", "\(inputBits)"),
    ] + root.lines(rootAddress: rootAddress)
  }
}
