import PhysicalMemory
import Testing

@testable import PageTables

struct MediaTekVectorTests {
  private static let cached = MappingAttributes(cache: .writeBackWriteAllocate)

  @Test func entries() throws {
    let format = MediaTekV7s()
    let cached = MediaTekAttributes(memoryClass: 0b00111)
    Vector.check(format, "A8", sizeLog2: 12, output: 0x7_89AB_C000, cached, 0x89AB_CE7E)
    Vector.check(format, "A9", sizeLog2: 16, output: 0x5_1234_0000, cached, 0x1234_1E2D)
    #expect(format.path(to: 0x1234_7000) == [0x123, 0x47], "A8")
    #expect(format.path(to: 0x1236_0000) == [0x123, 0x60], "A9")
    #expect(try format.entry(0x7_89AB_C000, Self.cached) == 0x89AB_CE7E, "A8")
    // Sections and supersections are not on the page: PA[34:32] in the same bits, the rest as A4 and A5.
    Vector.check(format, "1M", level: 1, sizeLog2: 20, output: 0x6_A030_0000, cached, 0xA03B_103E)
    Vector.check(format, "16M", level: 1, sizeLog2: 24, output: 0x1_4200_0000, cached, 0x420F_120E)
  }

  @Test func rootAndPointers() throws {
    let format = MediaTekV7s()
    #expect(format.tableEntry(pointingTo: 0x8FF0_0400, level: 1, key: 8) == 0x8FF0_0409)
    #expect(format.line("mmu_pt_base_addr", rootAddress: 0x8000_4000) == "0x80004000")
    let wide = try MediaTekV7s(.window(0, 1 << 34))
    #expect(wide.tableEntry(pointingTo: 0x5_8FF0_0400, level: 1, key: 0) == 0x8FF0_0621)
    #expect(wide.tableAddress(of: 0x8FF0_0621, level: 1) == 0x5_8FF0_0400)
    #expect(wide.line("mmu_pt_base_addr", rootAddress: 0x5_8000_0000) == "0x80000005")
    #expect(wide.line("entries", rootAddress: 0) == "16384")
    #expect(wide.path(to: 0x3_FFFF_F000) == [0x3FFF, 0xFF])
  }

  /// NS of pages stands in the first-level entry: one of two pages cannot change sides.
  @Test func securePagesHaveTablesOfTheirOwn() throws {
    let tables = try TestTableMemory()
    let table = try MediaTekV7s.makeTable(TableConfiguration(), tables)
    let page = OutputRun(physicalAddress: 0, length: 0x1000)
    try table.map(deviceAddress: 0, to: page, attributes: Self.cached)
    #expect(throws: PageTableError.self) {
      try table.map(deviceAddress: 0x1000, to: page, attributes: MappingAttributes(isSecure: true))
    }
    try table.map(deviceAddress: 0x10_0000, to: page, attributes: MappingAttributes(isSecure: true))
    guard case .mapped(_, _, let first) = table.translate(0),
      case .mapped(_, _, let second) = table.translate(0x10_0000)
    else {
      Issue.record("not mapped")
      return
    }
    #expect(!first.isSecure && second.isSecure)
    table.destroy()
    #expect(tables.outstanding.isEmpty)
  }
}

struct Sun50iVectorTests {
  @Test func entries() throws {
    let format = Sun50iIOMMU()
    #expect(format.tableEntry(pointingTo: 0x4000_0400, level: 1, key: 0) == 0x4000_0401, "G24")
    Vector.check(format, "G25", sizeLog2: 12, output: 0x49AB_C000, Sun50iAttributes(), 0x49AB_C042)
    Vector.check(format, "G26", sizeLog2: 12, output: 0x49AB_D000, Sun50iAttributes(domain: 2), 0x49AB_D022)
    #expect(format.path(to: 0x1234_5000) == [0x123, 0x45], "G24, G25")
    #expect(format.path(to: 0x1234_6000) == [0x123, 0x46], "G26")
    #expect(try format.entry(0x49AB_C000, MappingAttributes()) == 0x49AB_C042, "G25")
    #expect(try format.entry(0x49AB_D000, MappingAttributes(access: .read)) == 0x49AB_D022, "G26")
    #expect(try format.entry(0x49AB_D000, MappingAttributes(access: .write)) == 0x49AB_D032)
    #expect(try format.entry(0x49AB_D000, MappingAttributes(access: [])) == 0x49AB_D012)
    #expect(format.kind(of: 0x4000_0402, level: 1) == .reserved)
    #expect(format.line("ttb", rootAddress: 0x4000_0000) == "0x40000000")
  }

  /// Domains that no entry uses permit nothing: neither in the registers nor in what is said of an entry.
  @Test func domains() {
    let format = Sun50iIOMMU()
    #expect(
      (0..<8).map { format.line("dm_aut_ctrl\($0)", rootAddress: 0) } == [
        "0xfff0fff", "0x5550aaa", "0xfff0000", "0xfff0fff", "0xfff0fff", "0xfff0fff", "0xfff0fff",
        "0xfff0fff",
      ])
    for domain in [0, 1, 5, 15] as [UInt8] {
      #expect(Sun50iAttributes(domain: domain).mapping.access.isEmpty)
    }
  }
}

struct SprdVectorTests {
  @Test func entries() throws {
    let format = SprdIOMMU()
    Vector.check(format, "G31", sizeLog2: 12, output: 0x89AB_C000, NoAttributes(), 0x0008_9ABC)
    Vector.check(format, "G31b", sizeLog2: 12, output: 0xFFFF_F000, NoAttributes(), 0x000F_FFFF)
    #expect(format.emptyEntry(0) == 0 && format.kind(of: 0, level: 0) == .empty, "G31c")
    #expect(format.path(to: 0x1_2000) == [0x12], "G31")
    #expect(format.path(to: 0xFFF_F000) == [0xFFFF], "G31b")
    #expect(format.path(to: 0x1_3000) == [0x13], "G31c")
    #expect(format.path(to: 0x1000_0000).isEmpty)
  }

  @Test func registers() throws {
    let format = try SprdIOMMU(.window(0x1000_0000, 3 << 20))
    #expect(format.line("first_ppn", rootAddress: 0x8000_1000) == "0x80001")
    #expect(format.line("first_vpn", rootAddress: 0) == "0x10000")
    #expect(format.line("vpn_range", rootAddress: 0) == "0x2ff")
  }

  /// Entry 0 is nothing, so page 0 is refused by name, and nothing of the request is mapped.
  @Test func pageZeroIsRefused() throws {
    let tables = try TestTableMemory()
    let table = try SprdIOMMU.makeTable(.window(0, 1 << 20), tables)
    let runs = [
      OutputRun(physicalAddress: 0x5000, length: 0x1000), OutputRun(physicalAddress: 0, length: 0x2000),
    ]
    #expect(throws: PageTableError.cannotExpress(attribute: "the physical address 0x0", format: "sprd")) {
      try table.map(deviceAddress: 0, runs: runs, attributes: MappingAttributes())
    }
    #expect(table.validEntryCount == 0)
    try table.map(
      deviceAddress: 0, to: OutputRun(physicalAddress: 0x1000, length: 0x1000),
      attributes: MappingAttributes())
    #expect(table.validEntryCount == 1)
  }

  /// The default page is memory of the table's own.
  @Test func defaultPage() throws {
    let tables = try TestTableMemory()
    let table = try SprdIOMMU.makeTable(.window(0, 1 << 20), tables)
    #expect(tables.outstanding.values.sorted() == [10, 12])
    let page = try #require(table.root.lines.first { $0.key == "default_ppn" }?.value)
    #expect(tables.outstanding.keys.contains { hex($0 >> 12) == page && $0 != table.root.tableAddress })
    table.destroy()
    #expect(tables.outstanding.isEmpty)
  }
}
