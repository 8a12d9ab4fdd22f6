/// The DART of Apple's U3 and U4 north bridges (PowerMac G5): one level of 32-bit big-endian entries from address 0.
///
/// The bridge reads ahead past the end of a buffer, so unused entries are valid and lead to a spare page; walks and dumps
/// here treat such an entry as empty. For the same reason the last page of the 2G stays unused unless a window says
/// otherwise. Facts: Linux v2.6.35 arch/powerpc/sysdev/dart.h, dart_iommu.c (`dart_build`, `dart_init`).
struct AppleU4DART: FlatFormat {
  static let name = "apple-u4-dart"
  static let summary = "Apple U3 and U4 DART (PowerMac G5, 2003-2006)"
  static let attributeLines =
    AttributeLine.none + ["invalid: unused entries are valid and lead to a spare page of zeros"]

  private static let rules = WindowRules(
    standard: TableWindow(base: 0, size: 1 << 31 - 1 << 12), sizes: 1 << 22...1 << 31, granularity: 1 << 12,
    isNatural: false, addressBits: 31)

  let window: TableWindow
  let pageSizeLog2 = 12
  /// The entry of pages that are not mapped; 0 until there is a spare page.
  private var spareEntry: UInt32 = 0

  init() {
    window = Self.rules.standard
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["window"], format: Self.name)
    window = try Self.rules.window(configuration, format: Self.name)
    guard window.base == 0 else {
      throw .badConfiguration(
        key: "window", value: "\(hex(window.base)) of \(window.size) bytes", format: Self.name)
    }
  }

  var inputBits: Int { 31 }
  var outputBits: Int { 36 }
  var isBigEndian: Bool { true }

  func levelName(_ level: Int) -> StaticString { "DART" }

  func emptyEntry(_ level: Int) -> UInt32 { spareEntry }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    if entry >> 31 == 0 || entry == spareEntry { return .empty }
    return entry >> 24 & 0x7F == 0 ? .leaf : .reserved
  }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 { UInt64(entry & 0x00FF_FFFF) << 12 }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: NoAttributes) -> UInt32 { 0x8000_0000 }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    UInt32(truncatingIfNeeded: outputAddress >> 12) & 0x00FF_FFFF
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> NoAttributes {
    try wish.requireReadWrite(format: Self.name)
    return NoAttributes()
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> NoAttributes { NoAttributes() }
  func mappingAttributes(of attributes: NoAttributes) -> MappingAttributes { attributes.mapping }

  static var wordsWidth: Int { 8 }

  func describe(_ attributes: NoAttributes, into text: inout TextCursor) {
    text.append("prot=rwx")
  }

  mutating func prepare(rootAddress: UInt64, structures: inout RootStructures) throws(PageTableError) {
    let spare = try structures.allocate(byteCountLog2: 12, addressBits: outputBits, name: "spare page")
    try adopt(sparePage: spare)
  }

  mutating func adopt(sparePage: UInt64) throws(PageTableError) {
    spareEntry = leafEntry(outputAddress: sparePage, level: 0, sizeLog2: 12, attributes: NoAttributes())
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // U3: one register, 31:12 table, 9 enable, 8:0 pages of the table. U4: control bit 31 enable, base and size apart.
    let pages: UInt64 = 1 << UInt64(max(tableSizeLog2(0) - 12, 0))
    return windowLines + [
      RootDescription.Line("spare", hex: outputAddress(of: spareEntry, level: 0)),
      RootDescription.Line("u3_dart_cntl", hex: rootAddress & 0xFFFF_F000 | 1 << 9 | pages & 0x1FF),
      RootDescription.Line("u4_dart_cntl", hex: 1 << 31),
      RootDescription.Line("u4_dart_base", hex: rootAddress >> 12 & 0x00FF_FFFF),
      RootDescription.Line("u4_dart_size", hex: pages & 0x1FFF),
    ]
  }
}
