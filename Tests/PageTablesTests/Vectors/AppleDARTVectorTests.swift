import Testing

@testable import PageTables

struct AppleDARTVectorTests {
  private static let four = TableConfiguration(granuleLog2: 12)

  @Test func firstGeneration() throws {
    let dart = AppleDART()
    #expect(dart.tableEntry(pointingTo: 0x8_0001_4000, level: 1, key: 0) == 0x0000_0008_0001_4001, "G1")
    Vector.check(dart, "G2", sizeLog2: 14, output: 0x8_9ABC_C000, DARTAttributes(), 0x000F_FF08_9ABC_C003)
    Vector.check(
      dart, "G3", sizeLog2: 14, output: 0x8_9ABD_0000, DARTAttributes(canWrite: false),
      0x000F_FF08_9ABD_0083)
    Vector.check(
      try AppleDART(Self.four), "G4", sizeLog2: 12, output: 0x8_1234_5000, DARTAttributes(canRead: false),
      0x000F_FF08_1234_5103)
    #expect(dart.path(to: 0x1234_4000) == [0x9, 0xD1], "G1, G2")
    #expect(dart.path(to: 0x1234_8000) == [0x9, 0xD2], "G3")
    #expect(try AppleDART(Self.four).path(to: 0x456_7000) == [0x22, 0x167], "G4")
  }

  @Test func secondGeneration() {
    let dart = AppleDARTT6000()
    #expect(dart.tableEntry(pointingTo: 0x100_0001_4000, level: 1, key: 0) == 0x0000_0010_0000_1401, "G5")
    #expect(dart.tableAddress(of: 0x0000_0010_0000_1401, level: 1) == 0x100_0001_4000, "G5")
    Vector.check(dart, "G6", sizeLog2: 14, output: 0x103_89AB_C000, DARTAttributes(), 0x000F_FF10_389A_BC01)
    Vector.check(
      dart, "G7", sizeLog2: 14, output: 0x103_89AC_0000, DARTAttributes(canWrite: false, isUncached: true),
      0x000F_FF10_389A_C007)
    #expect(dart.path(to: 0x1234_4000) == [0x9, 0xD1], "G5, G6")
    #expect(dart.path(to: 0x1234_8000) == [0x9, 0xD2], "G7")
  }

  @Test func wishes() throws {
    #expect(try AppleDART().entry(0x8_9ABC_C000, MappingAttributes()) == 0x000F_FF08_9ABC_C003, "G2")
    #expect(
      try AppleDART().entry(0x8_9ABD_0000, MappingAttributes(access: .read)) == 0x000F_FF08_9ABD_0083, "G3")
    #expect(
      try AppleDART(Self.four).entry(0x8_1234_5000, MappingAttributes(access: .write))
        == 0x000F_FF08_1234_5103, "G4")
    #expect(
      try AppleDARTT6000().entry(0x103_89AB_C000, MappingAttributes(cache: .writeBackWriteAllocate))
        == 0x000F_FF10_389A_BC01, "G6")
    #expect(
      try AppleDARTT6000().entry(0x103_89AC_0000, MappingAttributes(access: .read))
        == 0x000F_FF10_389A_C007, "G7")
  }

  /// The registers: TTBR of a table, four of them with 4K pages, t8110's own.
  @Test func registers() throws {
    #expect(AppleDART().line("ttbr0", rootAddress: 0x8_0001_0000) == "0x80800010")
    #expect(AppleDART().line("tcr", rootAddress: 0) == "0x80")
    #expect(AppleDART().line("ttbr1", rootAddress: 0) == nil)
    let four = try AppleDART(Self.four)
    #expect(
      (0..<4).map { four.line("ttbr\($0)", rootAddress: 0x8_0001_0000) } == [
        "0x80800010", "0x80800011", "0x80800012", "0x80800013",
      ])
    // Bits 31:30 of an address choose the register: each of the four tables has 512 entries.
    #expect(four.path(to: 0xC000_0000).first == 3 * 512)
    let newer = AppleDARTT6000()
    #expect(newer.line("t8110_ttbr", rootAddress: 0x100_0001_0000) == "0x10000011")
    #expect(newer.line("t8110_tcr", rootAddress: 0) == "0x1")
    let wide = try AppleDARTT6000(TableConfiguration(levels: 3))
    #expect(wide.line("ttbr0", rootAddress: 0) == nil && wide.line("tcr", rootAddress: 0) == nil)
    #expect(wide.line("t8110_tcr", rootAddress: 0) == "0x9")
    #expect(wide.path(to: 0x3FF_FFFF_C000) == [0x3F, 0x7FF, 0x7FF])
  }

  /// An entry for a part of a page permits nothing as a whole, and says which part it is.
  @Test func partsOfPages() {
    let dart = AppleDART()
    // Without the bit that disables it, the part counts: 1K to 2K of a page of 16K.
    let part = dart.leafAttributes(of: 0x1001_FF08_9ABC_C001, level: 0, path: .max)
    #expect(part.part == DARTAttributes.Part(start: 0x100, end: 0x1FF))
    #expect(dart.mappingAttributes(of: part).access.isEmpty)
    let words = TextCursor.string(capacity: AppleDART.wordsWidth) { dart.describe(part, into: &$0) }
    #expect(words == "prot=none part=0x100-0x1ff")
    let disabled = dart.leafAttributes(of: 0x1001_FF08_9ABC_C003, level: 0, path: .max)
    #expect(dart.mappingAttributes(of: disabled).access == [.read, .write, .execute])
    let newer = AppleDARTT6000().leafAttributes(of: 0x1001_FF10_389A_BC01, level: 0, path: .max)
    #expect(newer.mapping.access.isEmpty)
  }

  @Test func configurations() throws {
    for configuration in [
      TableConfiguration(levels: 2), TableConfiguration(granuleLog2: 16), .window(0, 1 << 30),
      TableConfiguration(requester: 1),
    ] {
      #expect(throws: PageTableError.self) { try AppleDART(configuration) }
    }
    for configuration in [
      TableConfiguration(levels: 1), TableConfiguration(levels: 4), TableConfiguration(granuleLog2: 12),
    ] {
      #expect(throws: PageTableError.self) { try AppleDARTT6000(configuration) }
    }
    #expect(try AppleDARTT6000(TableConfiguration(levels: 2, granuleLog2: 14)).inputBits == 32)
  }
}
