/// The System MMU of later Exynos chips (versions 5 and 7), with 36 bits of physical address.
///
/// Addresses stand in entries shifted right by four, and reading and writing have a bit each.
/// Facts: Linux drivers/iommu/exynos-iommu.c (`SYSMMU_V5_LV1_PROT`, `SYSMMU_V5_LV2_PROT`, `sysmmu_v5_variant`,
/// `sysmmu_v7_vm_variant`).
struct ExynosV5: ExynosFormat {
  static let name = "exynos-v5"
  static let summary = "Samsung Exynos System MMU, versions 5 and 7 (Exynos 5433, 7 on; 2014 on)"
  static let attributeLines = [
    "read: bit 4 of a section, 2 of a page; write: bit 5 of a section, 3 of a page, also without read; none: both = 0",
    AttributeLine.noExecute, AttributeLine.noUser, AttributeLine.noSecure, AttributeLine.noCache,
  ]
  static let addressShift: UInt64 = 4

  init() {}

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: [], format: Self.name)
  }

  func protectionBits(_ attributes: ExynosAttributes, level: Int) -> UInt32 {
    ((attributes.canRead ? 1 : 0) | (attributes.canWrite ? 2 : 0)) << (level == 0 ? 2 : 4)
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> ExynosAttributes {
    try wish.requireExecuteOnlyWithRead(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return ExynosAttributes(canRead: wish.access.contains(.read), canWrite: wish.access.contains(.write))
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> ExynosAttributes {
    let bits = entry >> (level == 0 ? 2 : 4)
    return ExynosAttributes(canRead: bits & 1 != 0, canWrite: bits & 2 != 0)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // PT_BASE is the table's address >> 12. CFG: 2 check access protection bits (EAP), 10:7 priority, 20 first-level
    // cache, 24 clock gating. CTRL: 0 enable, 2 interrupts. Version 7 with virtual machines: CTRL_VM 0 enable, 3 stall.
    shapeLines + [
      RootDescription.Line("pt_base", hex: rootAddress >> 12),
      RootDescription.Line("mmu_cfg", hex: 1 << 24 | 1 << 20 | 15 << 7 | 1 << 2),
      RootDescription.Line("mmu_ctrl", hex: 0x5),
      RootDescription.Line("v7_ctrl_vm", hex: 0x9),
    ]
  }
}
