/// The page tables of 64-bit x86 processors: four levels, or five with LA57.
///
/// Addresses are canonical: the bits above the top index repeat its highest bit, so the lower half of the root serves
/// addresses from 0 up and the upper half those below 2^64. Pointers permit everything, leaves decide.
/// Facts: Intel SDM volume 3A, chapter 4; Linux arch/x86/include/asm/pgtable_types.h.
struct X86Long: PageTableFormat {
  static let name = "x86-64"
  static let summary = "x86-64 processors: 4-level paging (5-level with levels = 5)"
  static let attributeLines = [
    "read: P; every mapping permits it, so write, execute or nothing without read cannot be expressed",
    "write: RW; write-protection holds for the supervisor too when CR0.WP = 1",
    "execute: XD = 0, else XD = 1 (EFER.NXE)",
    "user: US = 1; supervisor: US = 0",
    "secure: cannot be expressed",
    "cache none: PAT index 3; wt: index 1; wb-wa and wb-nwa: index 0 (one write-back policy), with the PAT of reset",
    "global: G = 0; accessed: A = 1, dirty: D = write, set beforehand",
  ]

  private let levels: Int

  init() {
    levels = 4
  }

  init(_ configuration: TableConfiguration) throws(PageTableError) {
    try configuration.refuse(except: ["levels"], format: Self.name)
    levels = configuration.levels ?? 4
    guard (4...5).contains(levels) else {
      throw .badConfiguration(key: "levels", value: "\(levels)", format: Self.name)
    }
  }

  var inputBits: Int { 12 + 9 * levels }
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

  func slotShift(_ level: Int) -> Int { 12 + 9 * level }
  func indexBits(_ level: Int) -> Int { 9 }
  func leafSizes(_ level: Int) -> UInt64 { level <= 2 ? 1 << UInt64(slotShift(level)) : 0 }

  func tableOffset(of deviceAddress: UInt64) -> UInt64? {
    let unused = UInt64(64 - inputBits)
    let extended = UInt64(bitPattern: Int64(bitPattern: deviceAddress << unused) >> Int64(unused))
    return extended == deviceAddress ? (deviceAddress << unused) >> unused : nil
  }

  func deviceAddress(ofTableOffset offset: UInt64) -> UInt64 {
    let unused = UInt64(64 - inputBits)
    return UInt64(bitPattern: Int64(bitPattern: offset << unused) >> Int64(unused))
  }

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
    entry & 0x000F_FFFF_FFFF_FFFF & UInt64.max << UInt64(slotShift(level))
  }

  func leafTemplate(level: Int, sizeLog2: Int, attributes: X86Attributes) -> UInt64 {
    let index = UInt64(attributes.cacheIndex)
    var entry: UInt64 = 1 | (index & 3) << 3
    if attributes.canWrite { entry |= 2 }
    if attributes.isUser { entry |= 4 }
    if attributes.isAccessed { entry |= 0x20 }
    if attributes.isDirty { entry |= 0x40 }
    if attributes.isGlobal { entry |= 0x100 }
    if attributes.isExecuteDisabled { entry |= 1 << 63 }
    // The index's high bit stands where a page's entry has it, or behind PS = 1 in a larger leaf's.
    let high = index >> 2 & 1
    return entry | (level > 0 ? 0x80 | high << 12 : high << 7)
  }

  func addressBits(_ outputAddress: UInt64, level: Int, sizeLog2: Int) -> UInt64 { outputAddress }

  func leafAttributes(for wish: MappingAttributes) throws(PageTableError) -> X86Attributes {
    try X86Attributes(wish, format: Self.name)
  }

  func leafAttributes(of entry: UInt64, level: Int, path: UInt64) -> X86Attributes {
    let high = level > 0 ? entry >> 12 & 1 : entry >> 7 & 1
    var attributes = X86Attributes()
    attributes.canWrite = entry & path & 2 != 0
    attributes.isUser = entry & path & 4 != 0
    attributes.isExecuteDisabled = (entry | ~path) >> 63 != 0
    attributes.cacheIndex = UInt8(truncatingIfNeeded: entry >> 3 & 3 | high << 2)
    attributes.isGlobal = entry >> 8 & 1 != 0
    attributes.isAccessed = entry >> 5 & 1 != 0
    attributes.isDirty = entry >> 6 & 1 != 0
    return attributes
  }

  func path(_ path: UInt64, through pointer: UInt64, level: Int) -> UInt64 {
    // RW and US are and-ed along the way; XD is or-ed, so it is handed down inverted.
    path & (pointer ^ 1 << 63)
  }

  func mappingAttributes(of attributes: X86Attributes) -> MappingAttributes { attributes.mapping }

  static var wordsWidth: Int { 49 }

  func describe(_ attributes: X86Attributes, into text: inout TextCursor) {
    text.append(attributes.mapping)
    text.append(word: "pat=")
    text.append(decimal: UInt64(attributes.cacheIndex))
    if attributes.isGlobal { text.append(word: "G") }
    if attributes.isAccessed { text.append(word: "A") }
    if attributes.isDirty { text.append(word: "D") }
  }

  func describe(pointer: UInt64, level: Int, into text: inout TextCursor) {
    text.append("table")
    text.append(word: "r")
    text.append(pointer >> 1 & 1 != 0 ? "w" : "-")
    text.append(pointer >> 63 == 0 ? "x" : "-")
    text.append(word: pointer >> 2 & 1 != 0 ? "user" : "supervisor")
    if pointer >> 5 & 1 != 0 { text.append(word: "A") }
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
