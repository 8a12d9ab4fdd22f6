/// What the page tables of 64-bit x86 processors have in common: 512 entries of 64 bits at each of four or five levels.
///
/// Addresses are canonical: the bits above the top index repeat its highest bit, so the lower half of the root serves
/// addresses from 0 up and the upper half those below 2^64. Pointers permit everything, leaves decide.
/// Facts: Intel SDM volume 3A, chapter 4; Linux arch/x86/include/asm/pgtable_types.h.
protocol X86LongFormat: PageTableFormat where Word == UInt64, LeafAttributes == X86Attributes {
  /// The number of levels: 4, or 5 with LA57.
  var levels: Int { get }
}

extension X86LongFormat {
  static var stage: FormatDescription.Stage { .first }

  var inputBits: Int { 12 &+ 9 &* levels }
  var outputBits: Int { 52 }
  var topLevel: Int { levels - 1 }

  func levelName(_ level: Int) -> StaticString {
    switch level {
    case 0: "PT"
    case 1: "PD"
    case 2: "PDPT"
    case 3: "PML4"
    default: "PML5"
    }
  }

  func slotShift(_ level: Int) -> Int { 12 &+ 9 &* level }
  func indexBits(_ level: Int) -> Int { 9 }
  func leafSizes(_ level: Int) -> UInt64 { level <= 2 ? 1 << UInt64(slotShift(level)) : 0 }

  func tableOffset(of deviceAddress: UInt64) -> UInt64? {
    offset(ofSignExtended: deviceAddress)
  }

  func deviceAddress(ofTableOffset offset: UInt64) -> UInt64 { signExtended(offset) }

  func inputFault(_ deviceAddress: UInt64) -> Walk.FaultReason { .inputTooWide }

  func kind(of entry: UInt64, level: Int) -> EntryKind {
    if entry & 1 == 0 { return .empty }
    if level == 0 { return .leaf }
    if entry >> 7 & 1 == 0 { return .table }
    return level <= 2 ? .leaf : .reserved
  }

  func tableAddress(of entry: UInt64, level: Int) -> UInt64 { entry & 0x000F_FFFF_FFFF_F000 }

  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> UInt64 {
    // P, RW, US, A.
    address | 0x27
  }

  func leafSizeLog2(of entry: UInt64, level: Int) -> Int { slotShift(level) }

  func outputAddress(of entry: UInt64, level: Int) -> UInt64 {
    entry & 0x000F_FFFF_FFFF_FFFF & UInt64.max &<< UInt64(truncatingIfNeeded: slotShift(level))
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: X86Attributes) -> UInt64 {
    attributes.entry(isLarge: level > 0)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 { outputAddress }
  var addressShift: Int? { 0 }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> X86Attributes {
    try X86Attributes(wish, format: Self.name)
  }

  @inline(__always)
  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> X86Attributes {
    X86Attributes(entry: entry, isLarge: level > 0, path: path)
  }

  func path(_ path: UInt64, through pointer: UInt64, level: Int) -> UInt64 {
    // RW and US are and-ed along the way; XD is or-ed, so it is handed down inverted.
    path & (pointer ^ 1 << 63)
  }

  @inline(__always)
  func mappingAttributes(of attributes: X86Attributes) -> MappingAttributes { attributes.mapping }

  static var wordsWidth: Int { 49 }

  func describe(_ attributes: X86Attributes, into text: inout TextCursor) { attributes.describe(into: &text) }

  func describe(pointer: UInt64, level: Int, into text: inout TextCursor) {
    X86Attributes.describe(pointer: pointer, into: &text)
  }

  func rootLines(rootAddress: UInt64) -> [RootDescription.Line] {
    // CR0: PG, WP, PE. CR4: PAE, and LA57 for five levels. EFER: LME, LMA, NXE.
    [
      RootDescription.Line("levels", "\(levels)"),
      RootDescription.Line("input_bits", "\(inputBits)"),
      RootDescription.Line("cr3", hex: rootAddress),
      RootDescription.Line("cr0", hex: 0x8001_0001),
      RootDescription.Line("cr4", hex: levels == 5 ? 0x1020 : 0x20),
      RootDescription.Line("efer", hex: 0xD00),
      RootDescription.Line("pat", hex: X86Attributes.pat),
    ]
  }
}

/// The lines of `formats/<format>/attributes` that x86 formats with 64-bit entries share.
let x86AttributeLines = [
  "read: P; every mapping permits it, so write, execute or nothing without read cannot be expressed",
  "write: RW; write-protection holds for the supervisor too when CR0.WP = 1",
  "execute: XD = 0, else XD = 1 (EFER.NXE)",
  "user: US = 1; supervisor: US = 0",
  "secure: cannot be expressed",
  "cache none: PAT index 3; wt: index 1; wb-wa and wb-nwa: index 0 (one write-back policy), with the PAT of reset",
  "global: G = 0; accessed: A = 1, dirty: D = write, set beforehand",
]
