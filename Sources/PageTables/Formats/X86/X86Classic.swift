/// The page tables of 32-bit x86 processors without physical address extension: two levels of 1024 entries of 32 bits.
///
/// A page of 4M (PSE) holds 40 bits of physical address (PSE-36), bits 39:32 of it at 20:13. Pointers permit everything,
/// leaves decide. Facts: Intel SDM volume 3A, chapter 4.3; Linux arch/x86/include/asm/pgtable_types.h.
struct X86Classic: PageTableFormat {
  static let name = "x86-32"
  static let summary = "32-bit x86 processors: 2-level paging with 4M pages (PSE, PSE-36; i386 on, 1985)"
  static let stage = FormatDescription.Stage.first
  static let attributeLines = [
    "read: P; every mapping permits it, so write, execute or nothing without read cannot be expressed",
    "write: RW; write-protection holds for the supervisor too when CR0.WP = 1",
    "execute: no bit; every mapping may be executed",
    "user: US = 1; supervisor: US = 0",
    "secure: cannot be expressed",
    "cache none: PAT index 3; wt: index 1; wb-wa and wb-nwa: index 0 (one write-back policy), with the PAT of reset",
    "global: G = 0; accessed: A = 1, dirty: D = write, set beforehand",
  ]

  init() {}

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: [], format: Self.name)
  }

  var inputBits: Int { 32 }
  var outputBits: Int { 32 }
  var topLevel: Int { 1 }

  func levelName(_ level: Int) -> StaticString { level == 0 ? "PT" : "PD" }
  func slotShift(_ level: Int) -> Int { level == 0 ? 12 : 22 }
  func indexBits(_ level: Int) -> Int { 10 }
  func leafSizes(_ level: Int) -> UInt64 { 1 << UInt64(slotShift(level)) }
  func outputBits(sizeLog2: Int) -> Int { sizeLog2 == 22 ? 40 : 32 }

  func kind(of entry: UInt32, level: Int) -> EntryKind {
    if entry & 1 == 0 { return .empty }
    if level == 0 { return .leaf }
    if entry >> 7 & 1 == 0 { return .table }
    return entry >> 21 & 1 == 0 ? .leaf : .reserved
  }

  func tableAddress(of entry: UInt32, level: Int) -> UInt64 { UInt64(entry & 0xFFFF_F000) }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt32 {
    // P, RW, US, A.
    UInt32(truncatingIfNeeded: address) & 0xFFFF_F000 | 0x27
  }

  func leafSizeLog2(of entry: UInt32, level: Int) -> Int { slotShift(level) }

  func outputAddress(of entry: UInt32, level: Int) -> UInt64 {
    level == 0
      ? UInt64(entry & 0xFFFF_F000) : UInt64(entry & 0xFFC0_0000) | UInt64(entry >> 13 & 0xFF) << 32
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: X86Attributes) -> UInt32 {
    UInt32(truncatingIfNeeded: attributes.entry(isLarge: level > 0))
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt32 {
    let low = UInt32(truncatingIfNeeded: outputAddress)
    return level == 0 ? low : low | UInt32(truncatingIfNeeded: outputAddress >> 32 & 0xFF) << 13
  }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> X86Attributes {
    var attributes = try X86Attributes(wish, format: Self.name)
    attributes.isExecuteDisabled = false
    return attributes
  }

  func leafAttributes(of entry: UInt32, level: Int, path: UInt32) -> X86Attributes {
    // Nothing on the way disables execution.
    X86Attributes(entry: UInt64(entry), isLarge: level > 0, path: UInt64(path) | 1 << 63)
  }

  func mappingAttributes(of attributes: X86Attributes) -> MappingAttributes { attributes.mapping }

  static var wordsWidth: Int { 49 }

  func describe(_ attributes: X86Attributes, into text: inout TextCursor) { attributes.describe(into: &text) }

  func describe(pointer: UInt32, level: Int, into text: inout TextCursor) {
    X86Attributes.describe(pointer: UInt64(pointer), into: &text)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // CR0: PG, WP, PE. CR4: PSE.
    [
      RootDescription.Line("levels", "2"),
      RootDescription.Line("input_bits", "32"),
      RootDescription.Line("cr3", hex: rootAddress),
      RootDescription.Line("cr0", hex: 0x8001_0001),
      RootDescription.Line("cr4", hex: 0x10),
      RootDescription.Line("pat", hex: X86Attributes.pat),
    ]
  }
}
