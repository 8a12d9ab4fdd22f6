import PageTables
import PhysicalMemory
import Testing

/// Pointers that lead to the wrong place, and memory that is mapped in two ways.
struct PointerProblemTests {
  /// A table of x86-64, whose pointers hold addresses in place, with one page of 4K at 0.
  private func x86() throws -> (TableHarness, tables: [PageTableSnapshot.Entry]) {
    let (harness, entries) = try ProblemTests.onePage("x86-64", 1 << 12)
    return (harness, entries.filter { $0.kind == .table })
  }

  private func store(_ value: UInt64, at address: UInt64, _ harness: TableHarness) throws {
    try harness.bytes(address, 8).storeBytes(of: value.littleEndian, as: UInt64.self)
  }

  @Test func tableOutsideMemory() throws {
    let (harness, tables) = try x86()
    try store(0x1000 | 7, at: tables[1].entryAddress, harness)
    let problems = try harness.decoded().allProblems
    #expect(problems.map(\.kind) == [.tableOutsideMemory])
    #expect(
      problems.first?.line
        == "table-outside-memory: PDPT slot 0x0 at \(tables[1].at), entry 0x1007, device 0x0: "
        + "the table of 4096 bytes at 0x1000 does not lie in memory")
  }

  @Test func loop() throws {
    let (harness, tables) = try x86()
    let root = harness.table.root.tableAddress
    try store(root | 7, at: tables[0].entryAddress + 8, harness)
    let problems = try harness.decoded().allProblems
    #expect(problems.map(\.kind) == [.loop], "what lies below a loop is known already")
    #expect(problems.first?.place?.entryAddress == tables[0].entryAddress + 8)
    #expect(problems.first?.sentence == "leads back to the PML4 table at \(root.hexadecimal)")
  }

  @Test func sharedTable() throws {
    let (harness, tables) = try x86()
    try store(tables[2].entry, at: tables[2].entryAddress + 40, harness)
    let problems = try harness.decoded().allProblems
    #expect(problems.map(\.kind) == [.tableShared])
    #expect(problems.first?.place?.slot == 5)
    #expect(
      problems.first?.sentence
        == "the table at \(tables[2].outputAddress.hexadecimal) is reached from the entry at \(tables[2].at) too"
    )
  }

  @Test func overlappingAndMisalignedTables() throws {
    let (harness, entries) = try ProblemTests.onePage("amd-v1", 1 << 12)
    let pointer = try #require(entries.last { $0.kind == .table })
    // The same table one level too high, where a page of 4K is none of 2M.
    let root = try #require(entries.first)
    try store(root.entry & ~0x000F_FFFF_FFFF_F000 | pointer.outputAddress, at: root.entryAddress + 8, harness)
    let problems = try harness.decoded().allProblems
    #expect(problems.map(\.kind) == [.misalignedPage, .tablesOverlap], "\(problems.map(\.line))")
    let (arm, found) = try ProblemTests.onePage("riscv-sv39x4", 1 << 12)
    withExtendedLifetime((arm, found)) {}
    let wrong = try arm.format.entry.decode(
      arm.tables.memory, rootAddress: arm.table.root.tableAddress + 4096, configuration: .init(),
      options: .init())
    #expect(wrong.allProblems.contains { $0.kind == .misalignedTable && $0.place == nil })
  }

  @Test func tooManyTables() throws {
    let (harness, _) = try x86()
    let problems = try harness.decoded(DecodingOptions(tableLimit: 2)).allProblems
    #expect(problems.map(\.kind) == [.tooManyTables])
  }

  @Test func conflictingAttributes() throws {
    let format = try #require(FormatCase.defaults.first { $0.name == "x86-64" })
    let harness = try TableHarness(format)
    func map(
      _ device: UInt64, _ physical: UInt64, _ length: UInt64, _ cache: MappingAttributes.CachePolicy
    ) throws {
      let run = OutputRun(physicalAddress: physical, length: length)
      try harness.table.map(deviceAddress: device, to: run, attributes: MappingAttributes(cache: cache))
    }
    try map(0x10_0000, 0x4000, 0x4000, .notCached)
    try map(0x20_0000, 0x0, 0x4000, .writeBackWriteAllocate)
    try map(0x30_0000, 0x4000, 0x1000, .notCached)
    #expect(try harness.decoded().allProblems.isEmpty)
    try map(0x40_0000, 0x6000, 0x4000, .writeBackWriteAllocate)
    let problems = try harness.decoded().allProblems
    #expect(
      problems.map(\.line) == [
        "attribute-conflict: physical 0x6000 to 0x7fff is mapped at device 0x102000 with cache=none and at device "
          + "0x400000 with cache=wb-wa"
      ])
  }

  @Test func keepsNoMoreThanAsked() throws {
    let (harness, entries) = try ProblemTests.onePage("omap-iommu", 1 << 24)
    for entry in entries { try harness.flip(1 << 13, at: entry.entryAddress) }
    let problems = try harness.decoded().problems(limit: 3)
    #expect(problems.counts == [.reservedBits: 16])
    #expect(problems.problems.count == 3 && problems.total == 16)
  }
}

extension UInt64 {
  /// As addresses are printed.
  fileprivate var hexadecimal: String { "0x" + String(self, radix: 16) }
}

extension PageTableSnapshot.Entry {
  fileprivate var at: String { entryAddress.hexadecimal }
}
