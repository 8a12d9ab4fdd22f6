import Testing

@testable import PageTables

struct TegraVectorTests {
  @Test func systemMMU() throws {
    let format = TegraSMMU()
    #expect(format.tableEntry(pointingTo: 0x2_8000_1000, level: 1, key: 0) == 0xF028_0001, "G27")
    #expect(format.tableAddress(of: 0xF028_0001, level: 1) == 0x2_8000_1000, "G27")
    Vector.check(format, "G28", sizeLog2: 12, output: 0x3_89AB_C000, TegraSMMUAttributes(), 0xE038_9ABC)
    Vector.check(
      format, "G29", sizeLog2: 12, output: 0x3_89AB_D000, TegraSMMUAttributes(canWrite: false), 0xA038_9ABD)
    #expect(format.path(to: 0x1234_5000) == [0x48, 0x345], "G27, G28")
    #expect(try format.entry(0x3_89AB_C000, MappingAttributes()) == 0xE038_9ABC, "G28")
    #expect(try format.entry(0x3_89AB_D000, MappingAttributes(access: .read)) == 0xA038_9ABD, "G29")
    #expect(format.line("ptb_data", rootAddress: 0x2_8000_0000) == "0xe0280000")
  }

  /// A directory entry without NEXT is a page of 4M, as Linux' first driver wrote it for all of an empty directory.
  @Test func largePages() {
    let format = TegraSMMU()
    for directory in [0, 1, 0x3FF] as [UInt32] {
      Vector.check(
        format, "4M", level: 1, sizeLog2: 22, output: UInt64(directory) << 22, TegraSMMUAttributes(),
        directory << 10 | 0xE000_0000)
    }
    #expect(format.kind(of: 0xF000_0000, level: 1) == .table && format.kind(of: 0, level: 1) == .empty)
    #expect(format.kind(of: 0xF000_0000, level: 0) == .leaf)
  }

  /// The directory's flags restrict the page's.
  @Test func flagsRestrict() {
    let format = TegraSMMU()
    let attributes = format.leafAttributes(of: 0xE000_0001, level: 0, path: 0xB000_0000)
    #expect(attributes == TegraSMMUAttributes(canWrite: false))
    let words = TextCursor.string(capacity: TegraSMMU.wordsWidth) {
      format.describe(pointer: 0x9000_0001, level: 1, into: &$0)
    }
    #expect(words == "no-write secure")
  }

  @Test func addressSpaces() throws {
    let format = try TegraSMMU(TableConfiguration(requester: 127))
    #expect(format.line("ptb_asid", rootAddress: 0) == "0x7f")
    #expect(throws: PageTableError.badConfiguration(key: "requester", value: "0x80", format: "tegra-smmu")) {
      try TegraSMMU(TableConfiguration(requester: 128))
    }
  }

  @Test func relocationTable() throws {
    let format = TegraGART()
    Vector.check(format, "G30", sizeLog2: 12, output: 0x1234_5000, NoAttributes(), 0x9234_5000)
    Vector.check(format, "G30b", sizeLog2: 12, output: 0x3FFF_F000, NoAttributes(), 0xBFFF_F000)
    #expect(format.emptyEntry(0) == 0 && format.kind(of: 0, level: 0) == .empty, "G30c")
    #expect(format.path(to: 0x5800_1000) == [1], "G30")
    #expect(format.path(to: 0x59FF_F000) == [0x1FFF], "G30b")
    #expect(format.path(to: 0x5A00_0000).isEmpty)
    #expect(format.line("gart_entry_addr", rootAddress: 0) == "0x58000000")
    #expect(throws: PageTableError.cannotExpress(attribute: "read-only access", format: "tegra-gart")) {
      try format.leafAttributes(for: MappingAttributes(access: .read))
    }
  }
}
