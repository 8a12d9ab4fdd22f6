/// The System MMU of the first Exynos chips (versions 1 to 3), with 32 bits of physical address.
///
/// Facts: Linux drivers/iommu/exynos-iommu.c (`SYSMMU_LV1_PROT`, `SYSMMU_LV2_PROT`, `sysmmu_v1_variant`, `CFG_EAP`).
struct ExynosV1: ExynosFormat {
  static let name = "exynos-v1"
  static let summary = "Samsung Exynos System MMU, versions 1 to 3 (Exynos 4 and 5; 2010-2014)"
  static let attributeLines = [
    "read: access bit = 1 (10 of a section, 4 of a page); none: 0",
    "write: read-only bit = 0 (15 of a section, 9 of a page); write without read cannot be expressed",
    AttributeLine.noExecute, AttributeLine.noUser, AttributeLine.noSecure, AttributeLine.noCache,
  ]
  static let addressShift: UInt64 = 0

  init() {}

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: [], format: Self.name)
  }

  func protectionBits(_ attributes: ExynosAttributes, level: Int) -> UInt32 {
    guard attributes.canRead else { return 0 }
    let access: UInt32 = level == 0 ? 1 << 4 : 1 << 10
    return attributes.canWrite ? access : access | access << 5
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> ExynosAttributes {
    if !wish.access.isEmpty { try wish.requireRead(format: Self.name) }
    try wish.requireNoPrivilegeBit(format: Self.name)
    return ExynosAttributes(canRead: wish.access.contains(.read), canWrite: wish.access.contains(.write))
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> ExynosAttributes {
    let bits = entry >> (level == 0 ? 4 : 10)
    return ExynosAttributes(canRead: bits & 1 != 0, canWrite: bits & 0x21 == 1)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // CFG: 0 LRU, 2 check access protection bits (EAP), 10:7 priority. CTRL: 0 enable, 2 interrupts.
    shapeLines + [
      RootDescription.Line("pt_base_addr", hex: rootAddress),
      RootDescription.Line("mmu_cfg", hex: 15 << 7 | 1 << 2 | 1),
      RootDescription.Line("mmu_ctrl", hex: 0x5),
    ]
  }
}
