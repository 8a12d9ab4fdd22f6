import PhysicalMemory
import Testing

@testable import PageTables

struct PASemiVectorTests {
  @Test func entries() {
    typealias Row = Vector<PASemiIOB>
    let cached = PASemiAttributes(isCached: true)
    Row.check(PASemiIOB(), "P1", sizeLog2: 12, output: 0x0123_4000, PASemiAttributes(), 0x8000_1234)
    Row.check(PASemiIOB(), "P2", sizeLog2: 12, output: 0x1_2345_6000, PASemiAttributes(), 0x8012_3456)
    Row.check(PASemiIOB(), "P3", sizeLog2: 12, output: 0xFFFF_F000, PASemiAttributes(), 0x800F_FFFF)
    Row.check(PASemiIOB(), "P4", sizeLog2: 12, output: 0x1_2345_6000, cached, 0xC012_3456)
  }

  /// The first-level registers of a block at 0x7FE00000, and where the entries lie that they lead to.
  @Test(arguments: [
    (0x0000_1000 as UInt64, 0, "0x4007fe00", 0x7FE0_0004 as UInt64),
    (0x0612_3000, 3, "0x4007fe18", 0x7FE1_848C),
    (0x7FFF_F000, 63, "0x4007fff8", 0x7FFF_FFFC),
  ])
  func registers(deviceAddress: UInt64, register: Int, value: String, entryAddress: UInt64) throws {
    let format = PASemiIOB()
    #expect(format.line("l1_\(register)", rootAddress: 0x7FE0_0000) == value)
    #expect(deviceAddress >> 25 == UInt64(register))
    let slot = try #require(format.path(to: deviceAddress).first)
    #expect(0x7FE0_0000 + UInt64(slot) * 4 == entryAddress)
    #expect(format.line("l1_64", rootAddress: 0x7FE0_0000) == nil)
    #expect(format.line("iob_ad", rootAddress: 0) == "0x1")
  }

  /// Unused entries lead to the spare page, and count as empty.
  @Test func spareEntries() throws {
    let tables = try TestTableMemory()
    let table = try PASemiIOB.makeTable(TableConfiguration.window(0, 1 << 28), tables)
    let walk = table.walk(0x1000)
    let spare = try #require(table.root.lines.first { $0.key == "spare" }?.value)
    let entry = try #require(walk.steps.first)
    #expect(entry.kind == .empty && entry.entry >> 30 == 2)
    #expect("0x" + String((entry.entry & 0x3FFF_FFFF) << 12, radix: 16) == spare)
    #expect(table.snapshot().lineCount == 0 && tables.outstandingBytes == 1 << 18 + 4096)
    try table.map(
      deviceAddress: 0x1000, to: OutputRun(physicalAddress: 0x0123_4000, length: 0x1000),
      attributes: MappingAttributes())
    try table.unmap(deviceAddress: 0x1000, length: 0x1000)
    #expect(table.walk(0x1000).steps == walk.steps)
  }
}

struct TCEVectorTests {
  @Test func entries() throws {
    typealias Row = Vector<PowerTCE>
    let readOnly = TCEAttributes(canWrite: false)
    let wide = try PowerTCE(.window(0, 1 << 32, granuleLog2: 16))
    let wider = try PowerTCE(.window(0, 1 << 32, granuleLog2: 24))
    Row.check(PowerTCE(), "T1", sizeLog2: 12, output: 0x1234_5000, TCEAttributes(), 0x1234_5003)
    Row.check(PowerTCE(), "T2", sizeLog2: 12, output: 0xAB_CDE6_7000, readOnly, 0xAB_CDE6_7001)
    Row.check(PowerTCE(), "T3", sizeLog2: 12, output: 0x1000, TCEAttributes(), 0x1003)
    Row.check(wide, "T6", sizeLog2: 16, output: 0x7_ABCD_0000, TCEAttributes(), 0x7_ABCD_0003)
    Row.check(wider, "T9", sizeLog2: 24, output: 0x4500_0000, readOnly, 0x4500_0001)
    #expect(PowerTCE().path(to: 0x5000) == [5])
    #expect(PowerTCE().path(to: 0x7FFF_F000) == [524287])
    #expect(try PowerTCE(.window(0x1000_0000, 1 << 28)).path(to: 0x1000_3000) == [3], "T3")
    #expect(wide.path(to: 0x123_0000) == [0x123] && wider.path(to: 0x300_0000) == [3])
    #expect(PowerTCE().bytes(of: 0x1234_5003) == [0, 0, 0, 0, 0x12, 0x34, 0x50, 0x03])
    #expect(try PowerTCE().entry(0x1000, MappingAttributes(access: .write)) == 0x1002)
  }

  /// T7, T8, T11: 2G, pages of 64K, two levels of 8192 entries; T10: pages of 4K, one level.
  @Test func levels() throws {
    let format = try PowerTCEIODA(TableConfiguration(levels: 2, granuleLog2: 16))
    #expect(format.path(to: 0x6_ABC0_0000) == [])
    let large = try PowerTCEIODA(.window(0, 1 << 35, granuleLog2: 16, levels: 2))
    #expect(large.path(to: 0x6ABC_0000) == [3, 2748])
    #expect(format.path(to: 0x6ABC_0000) == [3, 2748], "T7")
    Vector.check(format, "T7", sizeLog2: 16, output: 0x1_1234_0000, TCEAttributes(), 0x1_1234_0003)
    #expect(format.tableEntry(pointingTo: 0x3FD2_0000, level: 1, key: 0) == 0x3FD2_0003, "T8")
    #expect(format.kind(of: 0x3FD2_0003, level: 1) == .table)
    #expect(format.tableAddress(of: 0x3FD2_0003, level: 1) == 0x3FD2_0000)
    #expect(format.line("tve", rootAddress: 0x3FD0_0000) == "0x3fd002505", "T11")
    #expect(PowerTCEIODA().line("tve", rootAddress: 0x3FC0_0000) == "0x3fc000b01", "T10")
  }

  /// Every number of levels with every page size that has room for it.
  @Test(arguments: 1...5, [12, 16, 24, 28]) func shapes(levels: Int, page: Int) throws {
    let configuration = TableConfiguration.window(0, 1 << 32, granuleLog2: page, levels: levels)
    guard levels < 5 || page < 28 else {
      #expect(throws: PageTableError.self) { try PowerTCEIODA(configuration) }
      return
    }
    let format = try PowerTCEIODA(configuration)
    #expect(format.topLevel == levels - 1)
    #expect(format.path(to: 1 << 32 - 1 << UInt64(page)).count == levels)
    #expect(format.slotShift(levels - 1) + format.indexBits(levels - 1) >= 32)
  }

  @Test func secondEntryOfAnEndpoint() throws {
    let format = try PowerTCEIODA(.window(1 << 59, 1 << 31))
    #expect(format.line("tve_index", rootAddress: 0) == "1")
    #expect(format.path(to: 1 << 59 + 0x5000) == [5])
    #expect(format.path(to: 0x5000) == [])
  }

  /// T4, T5: the entries of iSeries' virtual bus have other bits; they are described, not written.
  @Test func virtualBus() {
    let both = VirtualBusTCE(outputAddress: 0x1234_5000, canWrite: true)
    #expect(both.word == 0x1234_5C01, "T4")
    #expect(VirtualBusTCE(word: 0x1234_5C01) == both)
    let readOnly = VirtualBusTCE(outputAddress: 0x1234_5000, canWrite: false)
    #expect(readOnly.word == 0x1234_5C00, "T5")
    #expect(VirtualBusTCE(word: 0x1234_5C00) == readOnly)
    #expect(VirtualBusTCE(word: 0x1234_5003) == nil)
  }
}

struct DARTVectorTests {
  @Test func entries() {
    typealias Row = Vector<AppleU4DART>
    Row.check(AppleU4DART(), "D1", sizeLog2: 12, output: 0x1234_5000, NoAttributes(), 0x8001_2345)
    Row.check(AppleU4DART(), "D2", sizeLog2: 12, output: 0xF_FFFF_F000, NoAttributes(), 0x80FF_FFFF)
    Row.check(AppleU4DART(), "D3", sizeLog2: 12, output: 0x00A0_0000, NoAttributes(), 0x8000_0A00)
    Row.check(AppleU4DART(), "D4", sizeLog2: 12, output: 0x1_0000_0000, NoAttributes(), 0x8010_0000)
    let paths = [0x3000, 0x7FFF_E000, 0x4000, 0x1000_0000].map { AppleU4DART().path(to: $0) }
    #expect(paths == [[3], [0x7FFFE], [4], [65536]])
    #expect(AppleU4DART().kind(of: 0x8100_0000, level: 0) == .reserved)
    // The bridge reads ahead: the last page is not used.
    #expect(AppleU4DART().path(to: 0x7FFF_F000) == [])
  }

  @Test func registers() {
    let format = AppleU4DART()
    #expect(format.line("u3_dart_cntl", rootAddress: 0x7F00_0000) == "0x7f000200")
    #expect(format.line("u4_dart_base", rootAddress: 0x7F00_0000) == "0x7f000")
    #expect(format.line("u4_dart_size", rootAddress: 0x7F00_0000) == "0x200")
    #expect(format.line("u4_dart_cntl", rootAddress: 0x7F00_0000) == "0x80000000")
  }

  /// D3 in a table: what is not mapped leads to the spare page.
  @Test func spareEntries() throws {
    let tables = try TestTableMemory()
    let table = try AppleU4DART.makeTable(TableConfiguration.window(0, 1 << 22), tables)
    let step = try #require(table.walk(0x4000).steps.first)
    let spare = try #require(table.root.lines.first { $0.key == "spare" }?.value)
    #expect(step.kind == .empty && step.entry >> 24 == 0x80)
    #expect("0x" + String((step.entry & 0xFF_FFFF) << 12, radix: 16) == spare)
    let address = try #require(UInt64(spare.dropFirst(2), radix: 16))
    let page = try #require(tables.memory.pointer(to: address, byteCount: 4096))
    #expect((0..<4096).allSatisfy { page.load(fromByteOffset: $0, as: UInt8.self) == 0 })
  }
}

struct CellVectorTests {
  @Test func segments() throws {
    let small = CellIOC()
    #expect(small.tableEntry(pointingTo: 0x2000_0000, level: 1, key: 0) == 0x8000_0000_2000_0FE1, "C1")
    let large = try CellIOC(TableConfiguration(granuleLog2: 24))
    #expect(large.tableEntry(pointingTo: 0x2100_0000, level: 1, key: 0) == 0x8000_0000_2100_0007, "C2")
    #expect(small.kind(of: 0x8000_0000_2000_0FE1, level: 1) == .table)
    #expect(small.kind(of: 0x8000_0000_2100_0007, level: 1) == .reserved)
    #expect(small.tableAddress(of: 0x8000_0000_2000_0FE1, level: 1) == 0x2000_0000)
    #expect(small.tableSizeLog2(0) == 19 && large.tableSizeLog2(0) == 7)
    #expect(small.line("ioc_iost_origin", rootAddress: 0x2200_0000) == "0x8000000022000800")
  }

  @Test func entries() throws {
    typealias Row = Vector<CellIOC>
    let cell = CellIOC()
    Row.check(
      cell, "C3", sizeLog2: 12, output: 0x1F34_5000, CellAttributes(isCoherent: true, device: 5),
      0xF800_0000_1F34_5005)
    Row.check(
      cell, "C4", sizeLog2: 12, output: 0x0100_0000, CellAttributes(canRead: false, isCoherent: true),
      0xB800_0000_0100_0000)
    Row.check(
      cell, "C5", sizeLog2: 12, output: 0x0100_0000,
      CellAttributes(canWrite: false, isCoherent: true, ordering: 0), 0x6000_0000_0100_0000)
    #expect(cell.path(to: 0x0034_5000) == [0, 0x345] && cell.path(to: 0x1000_1000) == [1, 1])
    let fifth = try CellIOC(TableConfiguration(requester: 5))
    let wish = MappingAttributes(cache: .writeBackWriteAllocate)
    #expect(try fifth.entry(0x1F34_5000, wish) == 0xF800_0000_1F34_5005, "C3")
    #expect(throws: PageTableError.self) { try CellIOC(TableConfiguration(requester: 0x800)) }
  }
}
