import PhysicalMemory
import Testing

@testable import PageTables

struct Sun3VectorTests {
  private static let supervisor = MappingAttributes(privilege: .supervisor)

  @Test func entries() {
    let dvma = Sun3Attributes(isSystem: true)
    let plain = Sun3Attributes(isSystem: true, isAccessed: false, isModified: false)
    let readOnly = Sun3Attributes(canWrite: false, isModified: false)
    typealias Row = Vector<Sun3MMU>
    Row.check(Sun3MMU(), "S1", sizeLog2: 13, output: 0x0012_4000, dvma, 0xF300_0092)
    Row.check(Sun3MMU(), "S2", sizeLog2: 13, output: 0x007F_E000, dvma, 0xF300_03FF)
    Row.check(Sun3MMU(), "S3", sizeLog2: 13, output: 0x0020_0000, readOnly, 0x9200_0100)
    Row.check(Sun3MMU(), "S4", sizeLog2: 13, output: 1 << 32, plain, 0xF400_0000)
    Row.check(Sun3MMU(), "S5", sizeLog2: 13, output: 3 << 32 | 0x10_0000, plain, 0xFC00_0080)
    #expect(Sun3MMU().kind(of: 0x2000_0000, level: 0) == .empty, "S6")
  }

  /// What Linux' DMA writes is what an ordinary supervisor's wish gives; S3 is a user's read-only one.
  @Test func wishes() throws {
    #expect(try Sun3MMU().entry(0x12_4000, Self.supervisor) == 0xF300_0092, "S1")
    #expect(try Sun3MMU().entry(0x20_0000, MappingAttributes(access: .read)) == 0x9200_0100, "S3")
    #expect(try Sun3MMU().entry(0x12_4000, MappingAttributes(cache: .writeThrough)) == 0xC300_0092)
  }

  @Test(arguments: [
    (0x0FF0_2000 as UInt64, 0x7F8, 0x1), (0x0FFD_E000, 0x7FE, 0xF), (0x0002_0000, 0x001, 0x0),
    (0x0FE0_0000, 0x7F0, 0x0), (0x0F00_0000, 0x780, 0x0),
  ])
  func indices(deviceAddress: UInt64, segment: Int, page: Int) {
    #expect(Sun3MMU().path(to: deviceAddress) == [segment, page])
  }

  /// The shadow: the segment's byte is the number of the page map, and no more than 255 page maps exist.
  @Test func shadow() throws {
    let tables = try TestTableMemory()
    let table = try Sun3MMU.makeTable(TableConfiguration(), tables)
    #expect(tables.outstanding.values.sorted() == [15])
    for segment in 0..<255 as Range<UInt64> {
      try table.map(
        deviceAddress: segment << 17, to: OutputRun(physicalAddress: segment << 13, length: 0x2000),
        attributes: Self.supervisor)
      let step = try #require(table.walk(segment << 17).steps.first)
      #expect(step.entry & 0xFF == segment)
    }
    #expect(throws: PageTableError.outOfTableMemory(byteCount: 64)) {
      try table.map(
        deviceAddress: 255 << 17, to: OutputRun(physicalAddress: 0, length: 0x2000),
        attributes: Self.supervisor)
    }
    // Page map 7 is free again, and the next segment gets it.
    try table.unmap(deviceAddress: 7 << 17, length: 0x2000)
    let freed = try #require(table.walk(7 << 17).steps.first)
    #expect(freed.entry == 0xFF && freed.kind == .empty)
    try table.map(
      deviceAddress: 300 << 17, to: OutputRun(physicalAddress: 0x2000, length: 0x2000),
      attributes: Self.supervisor)
    let walk = table.walk(300 << 17)
    #expect(walk.steps.first.map { $0.entry & 0xFF } == 7)
    #expect(walk.steps.last?.entryAddress == table.root.tableAddress + 0x4000 + 7 * 64)
    let bytes = try #require(
      tables.memory.pointer(to: table.root.tableAddress + 0x4000 + 7 * 64, byteCount: 4))
    #expect((0..<4).map { bytes.load(fromByteOffset: $0, as: UInt8.self) } == [0xF3, 0, 0, 1])
    table.destroy()
    #expect(tables.outstanding.isEmpty && tables.wrongFrees == 0)
  }

  @Test func mapperEntries() {
    typealias Row = Vector<Sun3xIOMMU>
    let linux = Sun3xAttributes(isCacheInhibited: false)
    let inhibited = Sun3xAttributes(canWrite: false, isFullBlock: false)
    Row.check(Sun3xIOMMU(), "S7", sizeLog2: 13, output: 0x12_4000, linux, 0x0012_4021)
    Row.check(Sun3xIOMMU(), "S8", sizeLog2: 13, output: 0x03FF_E000, linux, 0x03FF_E021)
    Row.check(Sun3xIOMMU(), "S9", sizeLog2: 13, output: 0x12_4000, inhibited, 0x0012_4045)
    Row.check(Sun3xIOMMU(), "S10", sizeLog2: 13, output: 0x0200_0000, linux, 0x0200_0021)
    #expect(Sun3xIOMMU().kind(of: 0x0012_4022, level: 0) == .reserved)
    let paths = [0x2000, 0xEF_E000, 0x7F_E000].map { Sun3xIOMMU().path(to: $0) }
    #expect(paths == [[1], [1919], [1023]])
    // The PROM's megabyte is not in the window unless it is asked for.
    #expect(Sun3xIOMMU().path(to: 0xF0_0000) == [])
  }

  @Test func mapperWishes() throws {
    let cached = MappingAttributes(cache: .writeBackWriteAllocate)
    #expect(try Sun3xIOMMU().entry(0x12_4000, cached) == 0x0012_4021, "S7")
    #expect(try Sun3xIOMMU().entry(0x12_4000, MappingAttributes(access: .read)) == 0x0012_4065)
    #expect(try Sun3xIOMMU(.window(0xF0_0000, 1 << 20)).path(to: 0xFF_E000) == [2047])
  }
}

struct SPARCVectorTests {
  @Test func sun4mEntries() throws {
    typealias Row = Vector<Sun4mIOMMU>
    let format = Sun4mIOMMU()
    Row.check(format, "N1", sizeLog2: 12, output: 0x0123_4000, Sun4mAttributes(isCached: true), 0x0012_3486)
    Row.check(format, "N2", sizeLog2: 12, output: 0x7FFF_F000, Sun4mAttributes(), 0x07FF_FF06)
    Row.check(
      format, "N3", sizeLog2: 12, output: 0x80_0000, Sun4mAttributes(canWrite: false, isCached: true),
      0x0008_0082)
    Row.check(
      format, "N4", sizeLog2: 12, output: 0xC_1234_5000, Sun4mAttributes(isCached: true), 0xC123_4586)
    let paths = [0xF000_3000, 0xFFFF_F000, 0xF001_0000, 0xF002_0000].map { format.path(to: $0) }
    #expect(paths == [[3], [65535], [16], [32]])
    #expect(format.line("iommu_base", rootAddress: 0x00A4_0000) == "0xa4000")
    #expect(format.line("iommu_control", rootAddress: 0x00A4_0000) == "0x11")
    #expect(format.bytes(of: 0x0012_3486) == [0x00, 0x12, 0x34, 0x86])
    #expect(
      try format.entry(0x80_0000, MappingAttributes(access: .read, cache: .writeThrough)) == 0x0008_0082)
  }

  /// RNGE: every one of the eight windows, and nothing else.
  @Test(arguments: 0...7 as ClosedRange<UInt64>) func sun4mRanges(range: UInt64) throws {
    let size: UInt64 = (16 << 20) << range
    let format = try Sun4mIOMMU(.window(1 << 32 - size, size))
    #expect(format.line("iommu_control", rootAddress: 0) == "0x" + String(range << 2 | 1, radix: 16))
    #expect(format.tableSizeLog2(0) == 14 + Int(range))
    #expect(format.path(to: 1 << 32 - size) == [0])
    #expect(format.path(to: 1 << 32 - size - 4096) == [])
  }

  @Test func sun4uEntries() throws {
    typealias Row = Vector<Sun4uIOMMU>
    let format = Sun4uIOMMU()
    Row.check(
      format, "U1", sizeLog2: 13, output: 0x1234_0000, Sun4uAttributes(isCached: true), 0x8000_0000_1234_0012)
    Row.check(
      format, "U2", sizeLog2: 13, output: 0x1F_FFFF_E000,
      Sun4uAttributes(isCached: true, isStreaming: true, context: 5), 0x9002_801F_FFFF_E012)
    Row.check(
      format, "U3", sizeLog2: 13, output: 0x4000_0000,
      Sun4uAttributes(canWrite: false, isCached: true, isStreaming: true), 0x9000_0000_4000_0010)
    Row.check(
      format, "U4", sizeLog2: 13, output: 0x7FFF_FFFF_E000, Sun4uAttributes(isCached: true, context: 4095),
      0x87FF_FFFF_FFFF_E012)
    Row.check(
      format, "U5", sizeLog2: 16, output: 0x1234_0000, Sun4uAttributes(isCached: true), 0xA000_0000_1234_0012)
    let paths = [0xC000_4000, 0xC000_6000, 0xFFFF_E000, 0xC000_0000].map { format.path(to: $0) }
    #expect(paths == [[2], [3], [131071], [0]])
    // A slot that Linux has unmapped: a dummy page without V.
    #expect(format.kind(of: 0x0000_0000_1235_0000, level: 0) == .empty)
    #expect(format.line("iommu_control", rootAddress: 0) == "0x70001")
    #expect(format.line("fire_iommu_tsbbase", rootAddress: 0x20_0000) == "0x200007")
  }

  /// U5 in a table: eight identical entries, the second of them decoded alike.
  @Test func sun4uLargePages() throws {
    let tables = try TestTableMemory()
    let table = try Sun4uIOMMU.makeTable(TableConfiguration.window(0xC000_0000, 1 << 23), tables)
    try table.map(
      deviceAddress: 0xC001_0000, to: OutputRun(physicalAddress: 0x1234_0000, length: 1 << 16),
      attributes: MappingAttributes(cache: .writeBackWriteAllocate))
    let entries = table.snapshot().entries
    #expect(entries.map(\.index) == Array(8...15))
    #expect(entries.allSatisfy { $0.entry == 0xA000_0000_1234_0012 && $0.size == 65536 })
    let large = try Sun4uIOMMU(.window(0x8000_0000, 1 << 31, granuleLog2: 16))
    #expect(large.line("iommu_control", rootAddress: 0) == "0x50005")
    #expect(large.kind(of: 0x8000_0000_1234_0012, level: 0) == .reserved)
  }

  /// V1 to V4: what the hypervisor was told of each slot.
  @Test func sun4vCalls() throws {
    let tables = try TestTableMemory()
    let table = try Sun4vIOMMU.makeTable(TableConfiguration(), tables)
    func slot(_ number: UInt64) throws -> UInt64 {
      let bytes = try #require(
        tables.memory.pointer(to: table.root.tableAddress + number * 8, byteCount: 8))
      return bytes.load(as: UInt64.self).bigEndian
    }
    try table.map(
      deviceAddress: 0x8000_6000,
      runs: [
        OutputRun(physicalAddress: 0x0840_4000, length: 0x2000),
        OutputRun(physicalAddress: 0x0A00_0000, length: 0x2000),
      ], attributes: MappingAttributes())
    #expect(try slot(3) == 0x0840_4003 && slot(4) == 0x0A00_0003, "V1")
    try table.map(
      deviceAddress: 0xFFFF_E000, to: OutputRun(physicalAddress: 0x1FFF_E000, length: 0x2000),
      attributes: MappingAttributes(access: .read))
    #expect(try slot(0x3FFFF) == 0x1FFF_E001, "V2")
    try table.unmap(deviceAddress: 0x8000_6000, length: 0x4000)
    #expect(try slot(3) == 0 && slot(4) == 0, "V3")
    let second = try Sun4vIOMMU(.window(0xC000_0000, 1 << 24))
    let entries = try [0x1000_0000, 0x1000_2000, 0x1000_8000].map {
      try second.entry($0, MappingAttributes(access: .write))
    }
    #expect(second.path(to: 0xC000_0000) == [0], "V4")
    #expect(entries == [0x1000_0002, 0x1000_2002, 0x1000_8002], "V4")
  }
}
