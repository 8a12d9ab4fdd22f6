/// The shape of an IODA table: equal tables on each level, and the validation entry (TVE) that leads to the top.
struct IODAShape: Hashable, Sendable {
  /// The window that the table translates.
  var window: TableWindow
  /// The number of levels, 1 to 5.
  var levels: Int
  /// The log2 of the page.
  var pageSizeLog2: Int
  /// The log2 of the entries of each table.
  var indexBits: Int

  /// What a configuration without choices gets: 2G at 0, one level of 4K pages.
  static let standard = IODAShape(
    window: TableWindow(base: 0, size: 1 << 31), levels: 1, pageSizeLog2: 12, indexBits: 19)

  /// The bit of a device address that selects the second of an endpoint's two TVEs.
  static let selector: UInt64 = 1 << 59

  /// The TVE: 63:16 top table >> 12, 15:13 levels - 1, 12:8 log2 of the table's bytes - 11, 4:0 log2 of the page - 11.
  func translationValidationEntry(rootAddress: UInt64) -> UInt64 {
    (rootAddress >> 12) << 16 | UInt64(levels - 1) << 13 | UInt64(indexBits + 3 - 11) << 8
      | UInt64(pageSizeLog2 - 11)
  }
}

extension IODAShape {
  /// The table that Linux would make: entries shared out evenly, tables of at least a processor's page.
  ///
  /// The processor's page is 4K with pages of 4K and 64K with all others, unless five levels of such tables would need
  /// more address bits than there are.
  ///
  /// - Throws: `badConfiguration`.
  init(_ configuration: TableConfiguration, format: String) throws(PageTableError) {
    let pageSizeLog2 = try configuration.pageSizeLog2(
      among: [12, 16, 24, 28], standard: 12, format: format)
    let levels = configuration.levels ?? 1
    guard (1...5).contains(levels) else {
      throw .badConfiguration(key: "levels", value: "\(levels)", format: format)
    }
    let rules = WindowRules(
      standard: TableWindow(base: 0, size: 1 << 31), sizes: 1 << UInt64(pageSizeLog2)...1 << 59,
      granularity: 1 << UInt64(pageSizeLog2), isNatural: true, addressBits: 60)
    let window = try rules.window(configuration, format: format)
    guard window.base & ~Self.selector == 0 else {
      throw .badConfiguration(
        key: "window", value: "\(hex(window.base)) of \(window.size) bytes", format: format)
    }
    let needed = (window.indexBits(pageShift: pageSizeLog2) + levels - 1) / levels
    let usual = max(needed, pageSizeLog2 == 12 ? 9 : 13)
    let indexBits = pageSizeLog2 + (levels - 1) * usual < 60 ? usual : max(needed, 9)
    guard indexBits <= 27, pageSizeLog2 + (levels - 1) * indexBits < 64 else {
      throw .badConfiguration(key: "levels", value: "\(levels)", format: format)
    }
    self.init(window: window, levels: levels, pageSizeLog2: pageSizeLog2, indexBits: indexBits)
  }
}

/// The TCE tables of powernv (IODA2 and IODA3: PHB3 of POWER8, PHB4 of POWER9): 1 to 5 levels, four page sizes.
///
/// Each level's table has the same number of entries. A pointer is the table's address with both permission bits, which
/// only say that it is present; leaves decide. Facts: Linux arch/powerpc/platforms/powernv/pci-ioda-tce.c (`pnv_tce`,
/// `pnv_pci_ioda2_table_alloc_pages`); skiboot hw/phb3.c (map PE DMA window); QEMU hw/pci-host/pnv_phb4.c
/// (`pnv_phb4_translate_tve`), include/hw/pci-host/pnv_phb4_regs.h (`IODA3_TVT_*`).
struct PowerTCEIODA: TCEFormat {
  static let name = "ppc-tce-ioda"
  static let summary = "IBM powernv translation control entries, 1 to 5 levels (PHB3, PHB4; 2014 on)"
  static let attributeLines = tceAttributeLines

  private let shape: IODAShape

  init() {
    shape = .standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window", "granule", "levels"], format: Self.name)
    shape = try IODAShape(configuration, format: Self.name)
  }

  var inputBits: Int { 60 }
  var topLevel: Int { shape.levels - 1 }

  func levelName(_ level: Int) -> StaticString {
    switch level {
    case 0: "L0"
    case 1: "L1"
    case 2: "L2"
    case 3: "L3"
    default: "L4"
    }
  }

  func slotShift(_ level: Int) -> Int { shape.pageSizeLog2 + level * shape.indexBits }
  func indexBits(_ level: Int) -> Int { shape.indexBits }
  func tableAlignmentLog2(_ level: Int) -> Int { max(tableSizeLog2(level), 12) }
  func leafSizes(_ level: Int) -> UInt64 { level == 0 ? 1 << UInt64(shape.pageSizeLog2) : 0 }
  func leafSizeLog2(of entry: UInt64, level: Int) -> Int { shape.pageSizeLog2 }

  func tableOffset(of deviceAddress: UInt64) -> UInt64? { shape.window.offset(of: deviceAddress) }
  func deviceAddress(ofTableOffset offset: UInt64) -> UInt64 { shape.window.base &+ offset }

  func kind(of entry: UInt64, level: Int) -> EntryKind {
    if entry & 3 == 0 { return .empty }
    return level == 0 ? .leaf : .table
  }

  func tableAddress(of entry: UInt64, level: Int) -> UInt64 { entry & 0x000F_FFFF_FFFF_F000 }
  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt64 { address | 3 }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    [
      RootDescription.Line("levels", "\(shape.levels)"),
      RootDescription.Line("input_bits", "\(inputBits)"),
      RootDescription.Line("page", sizeName(log2: shape.pageSizeLog2)),
      RootDescription.Line("base", hex: shape.window.base),
      RootDescription.Line("size", "\(shape.window.size)"),
      RootDescription.Line("entries", "\(1 << shape.indexBits)"),
      RootDescription.Line("tve_index", "\(shape.window.base == 0 ? 0 : 1)"),
      RootDescription.Line("tve", hex: shape.translationValidationEntry(rootAddress: rootAddress)),
    ]
  }
}
