import PageTables
import TestSupport
import Testing

/// The planned number of leaves against the table that mapping makes, for every format.
struct LeafPlanTests {
  @Test(arguments: FormatCase.all, [1, 2, 3] as [UInt64])
  func agreesWithTheTable(format: FormatCase, seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let page = try format.description.smallestPageSize
    #expect(try format.entry.smallestPageSize(for: format.configuration) == page)
    let sizes = try format.description.pageSizes
    let span = min(max(1 << 28, page * 64), try format.span)
    let place = try #require(try format.edges(span).first)
    for step in 0..<40 {
      let harness = try TableHarness(format)
      let (start, runs) = Self.mapping(in: place, span, sizes, &random)
      let context = "seed \(seed) step \(step) \(format.label) at \(start): \(runs)"
      let plan = Result { () throws(PageTableError) in
        try format.entry.planLeaves(
          deviceAddress: start, runs: runs, configuration: format.configuration)
      }
      let table = Result { () throws(PageTableError) in
        try harness.table.map(deviceAddress: start, runs: runs, attributes: MappingAttributes())
      }
      switch (plan, table) {
      case (.success(let plan), .success):
        #expect(plan.map(\.size) == harness.table.leafCounts.map(\.size), "\(context)")
        #expect(plan.map { Int($0.count) } == harness.table.leafCounts.map(\.count), "\(context)")
      case (.failure, .failure): break
      default: Issue.record("\(context): planned \(plan), mapped \(table)")
      }
      harness.table.destroy()
    }
  }

  /// A few runs of a few pages of every size, more or less aligned, that stay inside a range.
  private static func mapping(
    in place: UInt64, _ span: UInt64, _ sizes: [UInt64], _ random: inout SeededRandom
  ) -> (UInt64, [OutputRun]) {
    let page = sizes[0]
    func size() -> UInt64 { min(sizes.randomElement(using: &random) ?? page, max(page, span / 8)) }
    var offset = UInt64.random(in: 0...(span / 4 / page), using: &random) * page
    if Bool.random(using: &random) { offset = offset / size() * size() }
    let first = place &+ offset
    var runs: [OutputRun] = []
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let pages = page * UInt64.random(in: 0...2, using: &random)
      let length = max(page, size() * UInt64.random(in: 1...3, using: &random) + pages)
      guard offset + length <= span else { break }
      var output = UInt64.random(in: 0..<64, using: &random) * size()
      if Bool.random(using: &random) {
        let size = size()
        output = output / size * size + (place &+ offset) % size
      }
      if Int.random(in: 0..<8, using: &random) == 0 { output += page / 2 }
      runs.append(OutputRun(physicalAddress: output, length: length))
      offset += length
    }
    if runs.isEmpty { runs.append(OutputRun(physicalAddress: 0, length: page)) }
    return (first, runs)
  }
}
