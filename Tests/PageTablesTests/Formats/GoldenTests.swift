import Foundation
import PageTables
import Testing

/// Each format's table of one fixed set of mappings, as text: root, columns, lines.
///
/// A change of any bit shows here.
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

  /// A physical address, cut to whole pages and to what an entry holds.
  private static func output(_ address: UInt64, _ description: FormatDescription) -> UInt64 {
    let bits = UInt64(min(description.outputBits, 32))
    return address % (1 << bits) / description.smallestPageSize * description.smallestPageSize
  }

  /// A page, a run that begins and ends off the boundaries of a larger page, a page of each size, and some attributes.
  private static func fill(_ harness: TableHarness) throws {
    let description = harness.description
    let page = description.smallestPageSize
    let wishes = harness.format.wishes.filter { !$0.isSecure }
    // Many sizes stop at 16M: every one is tested elsewhere.
    let span = try harness.format.span
    let sizes = description.pageSizes.filter {
      (description.pageSizes.count < 8 || $0 <= 1 << 24) && $0 / page <= 1 << 18 && $0 <= span / 16
    }
    var start: UInt64 = harness.format.origin
    if try harness.format.span > 1 << 28 { start += 0x1000_0000 / page * page }
    try harness.map(
      start, [OutputRun(physicalAddress: Self.output(0x8765_4000, description), length: page)],
      MappingAttributes())
    start += page * 15
    try harness.map(
      start,
      [OutputRun(physicalAddress: Self.output(0x9000_0000, description) + page * 15, length: page * 18)],
      MappingAttributes())
    start += page * 64
    for (index, size) in sizes.enumerated() {
      start = (start / size + 2) * size
      let wish = wishes[(index * 7 + 3) % wishes.count]
      try harness.map(start, [OutputRun(physicalAddress: size * 2, length: size)], wish)
    }
    for wish in wishes.prefix(8) {
      start += sizes.last ?? page
      try harness.map(start, [OutputRun(physicalAddress: page, length: page)], wish)
    }
  }
}
