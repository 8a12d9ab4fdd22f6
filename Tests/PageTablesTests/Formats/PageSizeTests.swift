import PageTables
import PhysicalMemory
import Testing

/// Every page size of every format, at both ends of the input range and of the output range, with every attribute.
struct PageSizeTests {
  @Test(arguments: FormatCase.all)
  func eachSizeAtTheEdges(format: FormatCase) throws {
    let harness = try TableHarness(format)
    for size in harness.description.pageSizes {
      let top: UInt64 = 1 << UInt64(harness.description.outputBits)
      for start in try format.edges(size) {
        for output in [format.firstOutputPage * size, size, (top / 2) / size * size, top &- size] {
          let run = OutputRun(physicalAddress: output, length: size)
          try harness.table.map(deviceAddress: start, to: run, attributes: MappingAttributes())
          let context = "\(format.label) \(size) at \(start) to \(output)"
          #expect(harness.table.leafCounts.map(\.size) == [size], "\(context)")
          for offset in [0, size / 2 + 3, size - 1] {
            guard case .mapped(let found, size, _) = harness.table.translate(start + offset) else {
              Issue.record("\(context): \(harness.table.walk(start + offset))")
              continue
            }
            #expect(found == output + offset, "\(context)")
          }
          try harness.table.unmap(deviceAddress: start, length: size)
          #expect(harness.table.validEntryCount == 0 && harness.table.tableCount == 1, "\(context)")
        }
      }
    }
    #expect(harness.table.tableByteCount == harness.tableBytes)
  }

  @Test(arguments: FormatCase.all)
  func eachAttributeOnEachSize(format: FormatCase) throws {
    let harness = try TableHarness(format)
    let start = try #require(
      try format.edges(1 << 30).first ?? format.edges(1 << 25).first
        ?? format.edges(harness.twin.pageSize).first)
    for size in harness.description.pageSizes {
      let place = (start + size - 1) / size * size
      guard (try format.edges(size)).isEmpty == false else { continue }
      for wish in format.wishes {
        let meaning = try harness.meaning(wish)
        let run = OutputRun(physicalAddress: size, length: size)
        try harness.table.map(deviceAddress: place, to: run, attributes: wish)
        guard case .mapped(_, size, let found) = harness.table.translate(place) else {
          Issue.record("\(format.label) \(size) \(wish)")
          continue
        }
        #expect(found == meaning, "\(format.label) \(size) \(wish)")
        try harness.table.unmap(deviceAddress: place, length: size)
      }
    }
    let taken = Set(format.wishes)
    for wish in FormatCase.allWishes where !taken.contains(wish) {
      #expect(throws: PageTableError.self, "\(format.label) \(wish)") {
        let run = OutputRun(physicalAddress: 0, length: harness.twin.pageSize)
        try harness.table.map(deviceAddress: start, to: run, attributes: wish)
      }
      #expect(harness.table.validEntryCount == 0)
    }
  }

  /// From every state of attributes to every other: what is seen afterwards is exactly the new state.
  @Test(arguments: FormatCase.defaults)
  func attributesChangeInPlace(format: FormatCase) throws {
    let harness = try TableHarness(format)
    let size = harness.description.pageSizes.dropFirst().first ?? harness.twin.pageSize
    let run = OutputRun(physicalAddress: size * 3, length: size)
    let wishes = format.wishes
    let start = format.origin + size * 5
    try harness.map(start, [run], wishes.first ?? MappingAttributes())
    for from in wishes {
      for to in wishes {
        try harness.change(start, size, from)
        try harness.change(start, size, to)
        harness.check(start + size / 2)
      }
    }
    harness.checkAll()
  }
}
