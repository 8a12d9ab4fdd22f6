/// AMD's IOMMU with guest ("v2") tables: x86-64 tables that a GCR3 table and a device table entry lead to.
///
/// The device table entry has guest translation on and host translation off; with GIOV, requests without a PASID are those
/// of PASID 0, whose entry of the GCR3 table (one level, 512 PASIDs) leads to the table. NX is never written, for units
/// without it reserve the bit. Facts: AMD I/O Virtualization Technology (IOMMU) Specification, 48882, 2.2.2 and 2.2.6; Linux
/// drivers/iommu/amd/amd_iommu_types.h (`DTE_*`, `GCR3_*`), iommu.c (`set_dte_gcr3_table`).
struct AMDv2: X86DeviceFormat {
  static let name = "amd-v2"
  static let summary = "AMD IOMMU, v2 (guest) page tables of 4 or 5 levels, behind a GCR3 table (2011 on)"
  static let attributeLines =
    x86DeviceAttributeLines + ["execute: NX = 0 always; what may be read may be executed"]
  static let canForbidExecution = false

  let levels: Int
  /// The device table.
  private var devices: AMDDeviceTable
  /// The GCR3 table's address, once made.
  private var contextTable: UInt64 = 0

  init() {
    levels = 4
    devices = AMDDeviceTable(requester: 0x0008)
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["levels", "requester"], format: Self.name)
    levels = try Self.levels(configuration)
    devices = AMDDeviceTable(requester: configuration.requesterOrStandard)
  }

  /// V, TV, GIOV, GV, GLX = 0, IR, IW and GCR3[14:12]; the domain, GCR3[30:15] and GCR3[51:31]; the guest's paging mode.
  static func deviceEntry(contextTable: UInt64, levels: Int) -> [UInt64] {
    [
      AMDDeviceTable.valid | 1 << 54 | 1 << 55 | (contextTable >> 12 & 7) << 58 | 3 << 61,
      AMDDeviceTable.domain | (contextTable >> 15 & 0xFFFF) << 16 | (contextTable >> 31 & 0x1F_FFFF) << 43,
      levels == 5 ? 1 << 54 : 0,
    ]
  }

  private var deviceEntry: [UInt64] { Self.deviceEntry(contextTable: contextTable, levels: levels) }

  mutating func prepare(rootAddress: UInt64, structures: inout RootStructures) throws(PageTableError) {
    contextTable = try structures.allocate(byteCountLog2: 12, addressBits: 52, name: "GCR3")
    structures.store((rootAddress | 1).littleEndian, at: contextTable)
    let entry = deviceEntry
    try devices.prepare(&structures, entry: entry)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    [
      RootDescription.Line("levels", "\(levels)"),
      RootDescription.Line("input_bits", "\(inputBits)"),
    ] + devices.lines(entry: deviceEntry) + [
      RootDescription.Line("pasid", "0"),
      RootDescription.Line("gcr3_table", hex: contextTable),
      RootDescription.Line("gcr3_0", hex: rootAddress | 1),
    ]
  }
}
