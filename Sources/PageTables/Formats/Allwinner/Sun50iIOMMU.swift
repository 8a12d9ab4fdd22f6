/// The domain that an entry of Allwinner's IOMMU belongs to: its authority control index.
struct Sun50iAttributes: Hashable, Sendable {
  /// ACI, bits 7:4.
  var domain: UInt8 = 4
}

extension Sun50iAttributes {
  /// The domains as Linux numbers them; what each permits stands in registers.
  private static let access: [UInt8: MappingAttributes.Access] = [2: .read, 3: .write, 4: [.read, .write]]

  /// The domain that permits what is wished; 1 permits nothing.
  init(_ access: MappingAttributes.Access) {
    domain = (access.contains(.read) ? 1 : 0) + (access.contains(.write) ? 2 : 0) + 1
  }

  /// What the domain permits with the registers of `authorityControls`.
  var mapping: MappingAttributes {
    let access = Self.access[domain] ?? []
    return MappingAttributes(canRead: access.contains(.read), canWrite: access.contains(.write))
  }

  /// The registers DM_AUT_CTRL0 to 7: two domains each, and in those for each of six masters a bit that forbids reading
  /// and one that forbids writing.
  static let authorityControls: [UInt64] = (0..<8).map { register in
    (0..<2).reduce(0 as UInt64) { word, half in
      let access = access[UInt8(2 * register + half)] ?? []
      let forbidden: UInt64 = (access.contains(.read) ? 0 : 0x555) | (access.contains(.write) ? 0 : 0xAAA)
      return word | forbidden << UInt64(16 * half)
    }
  }
}

/// The IOMMU of Allwinner's H6 (sun50i): two levels of 32-bit entries, pages of 4K, permissions by domain.
///
/// Facts: Linux drivers/iommu/sun50i-iommu.c (`SUN50I_*`, `IOMMU_DM_AUT_CTRL_REG`).
struct Sun50iIOMMU: PageTableFormat {
  static let name = "sun50i"
  static let summary = "Allwinner sun50i IOMMU (H6, 2017 on)"
  static let attributeLines = [
    "read, write: ACI (bits 7:4) 4 both, 2 read-only, 3 write-only, 1 none; the registers dm_aut_ctrl0 to 7 say what a"
      + " domain permits",
    AttributeLine.noExecute, AttributeLine.noUser, AttributeLine.noSecure, AttributeLine.noCache,
  ]

  init() {}

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: [], format: Self.name)
  }

  var inputBits: Int { 32 }
  var outputBits: Int { 32 }
  var topLevel: Int { 1 }

  func levelName(_ level: Int) -> StaticString { level == 0 ? "PT" : "DT" }
  func slotShift(_ level: Int) -> Int { level == 0 ? 12 : 20 }
  func indexBits(_ level: Int) -> Int { level == 0 ? 8 : 12 }
  func leafSizes(_ level: Int) -> UInt64 { level == 0 ? 1 << 12 : 0 }
  func leafSizeLog2(of entry: UInt32, level: Int) -> Int { 12 }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    if level == 0 { return entry & 2 == 0 ? .empty : .leaf }
    return switch entry & 3 {
    case 0: .empty
    case 1: .table
    default: .reserved
    }
  }

  func tableAddress(of entry: UInt32, level: Int) -> UInt64 { UInt64(entry & 0xFFFF_FC00) }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: address) & 0xFFFF_FC00 | 1
  }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 { UInt64(entry & 0xFFFF_F000) }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: outputAddress) & 0xFFFF_F000
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: Sun50iAttributes) -> UInt32 {
    UInt32(attributes.domain & 15) << 4 | 2
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> Sun50iAttributes {
    try wish.requireExecuteOnlyWithRead(format: Self.name)
    try wish.requireNoPrivilegeBit(format: Self.name)
    return Sun50iAttributes(wish.access)
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> Sun50iAttributes {
    Sun50iAttributes(domain: UInt8(entry >> 4 & 15))
  }

  func mappingAttributes(of attributes: Sun50iAttributes) -> MappingAttributes { attributes.mapping }

  static var wordsWidth: Int { 16 }

  func describe(_ attributes: Sun50iAttributes, into text: inout TextCursor) {
    text.append(attributes.mapping, showsPrivilege: false, showsCache: false)
    text.append(word: "aci=")
    text.append(decimal: UInt64(attributes.domain))
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    [
      RootDescription.Line("levels", "2"),
      RootDescription.Line("input_bits", "32"),
      RootDescription.Line("ttb", hex: rootAddress),
    ]
      + Sun50iAttributes.authorityControls.enumerated().map {
        RootDescription.Line("dm_aut_ctrl\($0.offset)", hex: $0.element)
      } + [RootDescription.Line("enable", hex: 1)]
  }
}
