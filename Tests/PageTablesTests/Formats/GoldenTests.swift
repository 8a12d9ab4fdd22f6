import Foundation
import PageTables
import Testing

/// Each format's table of one fixed set of mappings, as text: root, columns, lines. A change of any bit shows here.
///
/// With UPDATE_GOLDEN=1 in the environment the files are written anew.
struct GoldenTests {
  @Test(arguments: FormatCase.defaults)
  func dumpIsAsRecorded(format: FormatCase) throws {
    let harness = try TableHarness(format)
    try Self.fill(harness)
    let snapshot = harness.table.snapshot()
    let text = harness.table.root.text + snapshot.columnHeader + "\n" + snapshot.text()
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/\(format.name).txt")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let recorded = try String(contentsOf: file, encoding: .utf8)
    #expect(text == recorded, "UPDATE_GOLDEN=1 records the new text")
  }

  /// A page, a run that begins and ends off the boundaries of a larger page, a page of each size, and some attributes.
  private static func fill(_ harness: TableHarness) throws {
    let description = harness.description
    let page = description.smallestPageSize
    let wishes = harness.format.wishes.filter { !$0.isSecure }
    var start: UInt64 = 0x1000_0000 / page * page
    try harness.map(
      start, [OutputRun(physicalAddress: 0x8765_4000 / page * page, length: page)], MappingAttributes())
    start += page * 15
    try harness.map(
      start, [OutputRun(physicalAddress: 0x9000_0000 + page * 15, length: page * 18)], MappingAttributes())
    start += page * 64
    for (index, size) in description.pageSizes.enumerated() {
      start = (start / size + 2) * size
      let wish = wishes[(index * 7 + 3) % wishes.count]
      try harness.map(start, [OutputRun(physicalAddress: size * 2, length: size)], wish)
    }
    for wish in wishes.prefix(8) {
      start += description.pageSizes.last ?? page
      try harness.map(start, [OutputRun(physicalAddress: page, length: page)], wish)
    }
  }
}
