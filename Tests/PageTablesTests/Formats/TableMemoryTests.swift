import PageTables
import PhysicalMemory
import Testing

/// What happens to table memory: on failure at every place, and on damage by others.
struct TableMemoryTests {
  /// The formats that need another table for a mapping beside one that there is.
  private static let needsMoreTables = [
    "msm-smmu", "omap-iommu", "arm-v7s", "intel-vtd", "x86-64", "amd-v1", "x86-64-la57", "x86-32",
    "x86-pae", "riscv-sv32", "riscv-sv39", "riscv-sv48", "riscv-sv57", "riscv-sv32x4", "riscv-sv39x4",
    "riscv-sv48x4", "riscv-sv57x4", "mediatek-v7s", "exynos-v1", "exynos-v5", "tegra-smmu",
    "intel-vtd-fs", "amd-v2", "sparc-srmmu",
  ]

  /// Runs and a range for which tables at every level below the root are needed.
  private static func mapping(
    _ format: FormatCase, _ description: FormatDescription
  ) throws -> (start: UInt64, runs: [OutputRun]) {
    let page = description.smallestPageSize
    let big = max(min(description.pageSizes.dropFirst().last ?? page, 1 << 21), page * 8)
    let length = big * 2 + page * 3
    let start =
      try #require(try format.edges(length * 4).first ?? format.edges(length * 2).first) + big - page
    return (
      start,
      [
        OutputRun(physicalAddress: page, length: page * 5),
        OutputRun(physicalAddress: 16 * page, length: length - page * 5),
      ]
    )
  }

  @Test(arguments: FormatCase.all)
  func runningOutAnywhereLeavesNothingBehind(format: FormatCase) throws {
    let needed = try Self.blocksNeeded(format)
    for limit in 0..<needed.full {
      let tables = try TestTableMemory()
      tables.remaining = limit
      guard limit >= needed.empty else {
        #expect(throws: PageTableError.self) {
          try format.entry.makeTable(configuration: format.configuration, tableMemory: tables)
        }
        #expect(tables.outstanding.isEmpty, "\(format.label), block \(limit)")
        continue
      }
      let harness = try TableHarness(format, tables: tables)
      let (start, runs) = try Self.mapping(format, harness.description)
      let before = (tables.outstanding, harness.table.snapshot().text())
      var refusal: PageTableError?
      do { try harness.table.map(deviceAddress: start, runs: runs, attributes: MappingAttributes()) } catch {
        refusal = error
      }
      guard case .outOfTableMemory? = refusal else {
        Issue.record("\(String(describing: refusal)) at block \(limit)")
        continue
      }
      #expect(tables.outstanding == before.0, "\(format.label), block \(limit)")
      #expect(harness.table.snapshot().text() == before.1)
      harness.checkAll()
      tables.remaining = nil
      try harness.map(start, runs, MappingAttributes())
      harness.checkAll()
    }
  }

  /// The blocks of an empty table, and those of one with the mapping.
  private static func blocksNeeded(_ format: FormatCase) throws -> (empty: Int, full: Int) {
    let tables = try TestTableMemory()
    let harness = try TableHarness(format, tables: tables)
    let empty = tables.outstanding.count
    let (start, runs) = try mapping(format, harness.description)
    try harness.map(start, runs, MappingAttributes())
    return (empty, tables.outstanding.count)
  }

  /// A failure beside live mappings leaves those as they are.
  @Test(arguments: FormatCase.defaults.filter { needsMoreTables.contains($0.name) })
  func runningOutKeepsNeighbours(format: FormatCase) throws {
    let harness = try TableHarness(format)
    let page = harness.twin.pageSize
    let (start, runs) = try Self.mapping(format, harness.description)
    try harness.map(start - page * 2, [OutputRun(physicalAddress: 0, length: page)], MappingAttributes())
    let before = harness.table.snapshot().text()
    harness.tables.remaining = 0
    #expect(throws: PageTableError.self) {
      try harness.table.map(deviceAddress: start, runs: runs, attributes: MappingAttributes())
    }
    #expect(harness.table.snapshot().text() == before)
    harness.checkAll()
  }

  @Test(arguments: FormatCase.all)
  func destroyGivesEverythingBackOnce(format: FormatCase) throws {
    let tables = try TestTableMemory()
    do {
      let harness = try TableHarness(format, tables: tables)
      let (start, runs) = try Self.mapping(format, harness.description)
      try harness.map(start, runs, MappingAttributes())
      harness.table.destroy()
      #expect(tables.outstanding.isEmpty)
      #expect(harness.table.validEntryCount == 0 && harness.table.tableByteCount == 0)
      harness.table.destroy()
      guard case .fault = harness.table.translate(start) else {
        Issue.record("a destroyed table translates")
        return
      }
      #expect(harness.table.snapshot().lineCount == 0)
    }
    #expect(tables.outstanding.isEmpty && tables.wrongFrees == 0)
  }
}
