import PageTables
import Testing

/// Runs that fill tables with pages: these are made many at a time.
struct FullTableTests {
  /// More than two tables of 512 entries, at addresses where no leaf but the smallest fits.
  private static let pageCount: UInt64 = 1200

  @Test(arguments: FormatCase.defaults)
  func aLongRunOfPagesIsWhatManyPagesAre(format: FormatCase) throws {
    let harness = try TableHarness(format)
    let page = harness.description.smallestPageSize
    let length = Self.pageCount * page
    guard let start = try format.edges(length).last else { return }
    // Of one table that is there already, a run leaves out nothing and takes nothing twice.
    let middle = start + 700 * page
    try harness.map(middle, [OutputRun(physicalAddress: page, length: page)], MappingAttributes())
    // An odd number of pages lies between an address and its memory.
    let memory = (start / page % 2 == 0 ? 2049 : 2050) * page
    try harness.map(
      start, [OutputRun(physicalAddress: memory, length: 700 * page)], MappingAttributes())
    try harness.map(
      middle + page,
      [OutputRun(physicalAddress: memory + 701 * page, length: length - 701 * page)],
      MappingAttributes())
    harness.checkAll()
    let counts = (harness.table.validEntryCount, harness.table.tableCount, harness.table.tableByteCount)

    try harness.unmap(start + page, length - 2 * page)
    harness.checkAll()
    for number in 1..<Self.pageCount - 1 {
      let address = number * page
      try harness.map(
        start + address, [OutputRun(physicalAddress: memory + address, length: page)], MappingAttributes())
    }
    harness.checkAll()
    #expect(harness.table.validEntryCount == counts.0)
    #expect(harness.table.tableCount == counts.1)
    #expect(harness.table.tableByteCount == counts.2)
    #expect(harness.table.leafCounts.reduce(0) { $0 + $1.count } == Int(Self.pageCount))
  }

  @Test("of a run of tables only the first of which pointers reach, that one is taken")
  func tooFarForPointers() throws {
    // The root, a directory and one table lie below 4 GiB; three tables are given at a time.
    let tables = try TestTableMemory(base: (1 << 32) - 0x3000, size: 1 << 20)
    let entry = try #require(FormatRegistry.named("x86-pae"))
    let table = try entry.makeTable(
      configuration: TableConfiguration(), tableMemory: tables)
    let before = tables.outstanding
    #expect(throws: PageTableError.self) {
      try table.map(
        deviceAddress: 0, to: OutputRun(physicalAddress: 0x1000, length: 32 << 20),
        attributes: MappingAttributes())
    }
    #expect(tables.outstanding == before)
    #expect(tables.wrongFrees == 0)
    #expect(table.tableCount == 1)
  }
}
