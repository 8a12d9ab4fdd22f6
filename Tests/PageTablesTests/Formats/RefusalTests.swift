import PageTables
import PhysicalMemory
import Testing

/// Requests that no table can grant: each is refused by its own error, and nothing changes.
struct RefusalTests {
  private func refusal(_ body: () throws(PageTableError) -> Void) -> PageTableError? {
    do {
      try body()
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: FormatCase.all)
  func badRanges(format: FormatCase) throws {
    let harness = try TableHarness(format)
    let table = harness.table
    let page = harness.twin.pageSize
    let start = try #require(try format.edges(page * 4).first)
    let wish = MappingAttributes()
    func map(_ address: UInt64, _ output: UInt64, _ length: UInt64) -> PageTableError? {
      refusal { () throws(PageTableError) in
        try table.map(
          deviceAddress: address, to: OutputRun(physicalAddress: output, length: length), attributes: wish)
      }
    }
    #expect(map(start, 0, 0) == .badRange(start: 0, length: 0))
    #expect(map(start + 1, 0, page) == .misaligned(value: start + 1, pageSize: page))
    #expect(map(start, 1, page) == .misaligned(value: 1, pageSize: page))
    #expect(map(start, 0, page + 1) == .misaligned(value: page + 1, pageSize: page))
    #expect(map(.max - page + 1, 0, page * 2) != nil)
    #expect(map(start, .max - page + 1, page * 2) != nil)
    // Of 64 bits there is nothing above, and what crosses the top is no range.
    if harness.description.outputBits < 64 {
      let top: UInt64 = 1 << UInt64(harness.description.outputBits)
      if case .outputTooWide? = map(start, top, page) {} else { Issue.record("output \(top) was accepted") }
      if case .outputTooWide? = map(start, top - page, page * 2) {} else { Issue.record("crossing \(top)") }
    }
    #expect(
      refusal { () throws(PageTableError) in
        try table.map(deviceAddress: start, runs: [], attributes: wish)
      } == .badRange(start: start, length: 0))
    #expect(
      refusal { () throws(PageTableError) in try table.unmap(deviceAddress: start, length: page) }
        == .notMapped(deviceAddress: start))
    #expect(table.validEntryCount == 0 && table.tableCount == 1)
  }

  /// Just outside of what the format translates, on each side that exists.
  @Test(arguments: FormatCase.all)
  func outsideOfTheInputRange(format: FormatCase) throws {
    let harness = try TableHarness(format)
    let page = harness.twin.pageSize
    for start in try format.edges(page) {
      for outside in [start &- page, start &+ page] {
        do {
          try format.entry.checkRange(start: outside, length: page, configuration: format.configuration)
          continue
        } catch {
          let run = OutputRun(physicalAddress: 0, length: page)
          let found = refusal { () throws(PageTableError) in
            try harness.table.map(deviceAddress: outside, to: run, attributes: MappingAttributes())
          }
          #expect(found == error, "\(format.label) \(outside)")
          guard case .fault(_, let reason) = harness.table.translate(outside) else {
            Issue.record("\(outside) is translated")
            continue
          }
          #expect(reason == .inputTooWide || reason == .outsideWindow)
        }
      }
    }
  }

  @Test(arguments: FormatCase.defaults)
  func unknownConfigurations(format: FormatCase) throws {
    for configuration in [
      TableConfiguration(levels: 99), TableConfiguration(levels: -1), TableConfiguration(granuleLog2: 99),
      TableConfiguration(split: 99), TableConfiguration(split: -1), TableConfiguration(base: .high, split: 0),
    ] {
      #expect(throws: PageTableError.self) { try format.entry.description(for: configuration) }
      #expect(throws: PageTableError.self) {
        try format.entry.makeTable(configuration: configuration, tableMemory: try TestTableMemory())
      }
    }
  }

  @Test func everyErrorHasASentence() {
    let errors: [PageTableError] = [
      .inputTooWide(deviceAddress: 1, bits: 32), .outputTooWide(physicalAddress: 1, bits: 32),
      .outsideWindow(deviceAddress: 1), .misaligned(value: 1, pageSize: 4096), .badRange(start: 1, length: 0),
      .overlap(deviceAddress: 1), .notMapped(deviceAddress: 1),
      .splitsLeaf(deviceAddress: 1, leafSize: 65536),
      .outOfTableMemory(byteCount: 4096), .tableOutOfReach(physicalAddress: 1, bits: 32),
      .cannotExpress(attribute: "x", format: "y"), .badConfiguration(key: "x", value: "y", format: "z"),
      .damaged(entryAddress: 1),
    ]
    #expect(Set(errors.map(\.sentence)).count == errors.count)
    #expect(
      PageTableError.overlap(deviceAddress: 0x1000).sentence == "device address 0x1000 is mapped already")
  }

  /// Table memory at an address that a 32-bit pointer or register cannot hold.
  @Test func tableMemoryOutOfReach() throws {
    let tables = try TestTableMemory(base: 1 << 32, size: 1 << 22)
    let narrow = [
      "msm-smmu", "omap-iommu", "arm-v7s", "sun3-mmu", "hp-u2", "x86-32", "x86-pae", "mediatek-v7s",
      "rockchip-v1", "exynos-v1", "sun50i", "sprd", "m68k-040",
    ]
    for format in FormatCase.defaults {
      let isNarrow = narrow.contains(format.name)
      do {
        let table = try format.entry.makeTable(configuration: format.configuration, tableMemory: tables)
        #expect(!isNarrow, "\(format.label)")
        table.destroy()
      } catch {
        guard case .tableOutOfReach = error else { throw error }
        #expect(isNarrow, "\(format.label)")
      }
      #expect(tables.outstanding.isEmpty)
    }
  }
}
