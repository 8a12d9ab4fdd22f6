/// The page tables of 32-bit x86 processors with physical address extension: four entries that CR3 points to, then two
/// levels of 512 entries of 64 bits.
///
/// The entries of the root (PDPTEs) permit nothing and forbid nothing: they have P, PWT, PCD and an address, and their
/// other bits must be 0. Pointers below permit everything, leaves decide. CR3 has 32 bits, so tables are taken from below
/// 4G. Facts: Intel SDM volume 3A, chapter 4.4.
struct X86PAE: PageTableFormat {
  static let name = "x86-pae"
  static let summary = "32-bit x86 processors: PAE paging, 3 levels (Pentium Pro on, 1995)"
  static let stage = FormatDescription.Stage.first
  static let attributeLines = x86AttributeLines

  init() {}

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: [], format: Self.name)
  }

  var inputBits: Int { 32 }
  var outputBits: Int { 52 }
  var topLevel: Int { 2 }
  var tableAddressBits: Int { 32 }

  func levelName(_ level: Int) -> StaticString {
    switch level {
    case 0: "PT"
    case 1: "PD"
    default: "PDPT"
    }
  }

  func slotShift(_ level: Int) -> Int { 12 + 9 * level }
  func indexBits(_ level: Int) -> Int { level == 2 ? 2 : 9 }
  func leafSizes(_ level: Int) -> UInt64 { level <= 1 ? 1 << UInt64(slotShift(level)) : 0 }

  func kind(of entry: UInt64, level: Int) -> EntryKind {
    if entry & 1 == 0 { return .empty }
    // Bits 2:1, 8:5 and 63:52 of a root's entry, bits 62:52 of any other.
    if level >= 2 { return entry & 0xFFF0_0000_0000_01E6 == 0 ? .table : .reserved }
    if entry & 0x7FF0_0000_0000_0000 != 0 { return .reserved }
    return level == 1 && entry >> 7 & 1 == 0 ? .table : .leaf
  }

  func tableAddress(of entry: UInt64, level: Int) -> UInt64 { entry & 0x000F_FFFF_FFFF_F000 }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt64 {
    // P; below the root also RW, US, A.
    address | (level >= 2 ? 1 : 0x27)
  }

  func leafSizeLog2(of entry: UInt64, level: Int) -> Int { slotShift(level) }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 {
    entry & 0x000F_FFFF_FFFF_FFFF & UInt64.max << UInt64(slotShift(level))
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: X86Attributes) -> UInt64 {
    attributes.entry(isLarge: level > 0)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 { outputAddress }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> X86Attributes {
    try X86Attributes(wish, format: Self.name)
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> X86Attributes {
    X86Attributes(entry: entry, isLarge: level > 0, path: path)
  }

  func path(_ path: UInt64, through pointer: UInt64, level: Int) -> UInt64 {
    // As with four levels, but for the root's entries, which hand down nothing.
    level >= 2 ? path : path & (pointer ^ 1 << 63)
  }

  func mappingAttributes(of attributes: X86Attributes) -> MappingAttributes { attributes.mapping }

  static var wordsWidth: Int { 49 }

  func describe(_ attributes: X86Attributes, into text: inout TextCursor) { attributes.describe(into: &text) }

  func describe(pointer: UInt64, level: Int, into text: inout TextCursor) {
    if level < 2 { X86Attributes.describe(pointer: pointer, into: &text) }
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // CR0: PG, WP, PE. CR4: PAE. EFER: NXE.
    [
      RootDescription.Line("levels", "3"),
      RootDescription.Line("input_bits", "32"),
      RootDescription.Line("cr3", hex: rootAddress),
      RootDescription.Line("cr0", hex: 0x8001_0001),
      RootDescription.Line("cr4", hex: 0x20),
      RootDescription.Line("efer", hex: 0x800),
      RootDescription.Line("pat", hex: X86Attributes.pat),
    ]
  }
}
