import PageTables
import PhysicalMemory
import TestSupport
import Testing

/// The text of snapshots: fixed width, addressable at any offset, the same in pieces as in whole.
struct RenderingTests {
  @Test(arguments: FormatCase.defaults)
  func anyPieceIsTheSameAsTheWhole(format: FormatCase) throws {
    var session = try RandomSession(format, seed: 21)
    for _ in 0..<40 { try session.step() }
    let snapshot = session.harness.table.snapshot()
    let whole = Array(snapshot.text(step: 1 << 20).utf8)
    #expect(UInt64(whole.count) == snapshot.byteCount)
    var random = SeededRandom(seed: 22)
    for _ in 0..<100 {
      let offset = Int.random(in: 0...whole.count, using: &random)
      let count = Int.random(in: 0...300, using: &random)
      let expected = Array(whole[offset..<min(offset + count, whole.count)])
      #expect(snapshot.read(offset: UInt64(offset), count: count) == expected)
    }
    #expect(snapshot.read(offset: snapshot.byteCount, count: 10).isEmpty)
    #expect(snapshot.read(offset: .max, count: 10).isEmpty)
  }

  @Test(arguments: FormatCase.all)
  func linesSayWhatEntriesSay(format: FormatCase) throws {
    var session = try RandomSession(format, seed: 31)
    for _ in 0..<30 { try session.step() }
    let snapshot = session.harness.table.snapshot()
    let lines = snapshot.text().split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let entries = snapshot.entries
    #expect(lines.count == entries.count)
    #expect(lines.allSatisfy { $0.utf8.count + 1 == snapshot.bytesPerLine })
    // Of thousands of lines, some hundreds all over the dump.
    let step = max(lines.count / 300, 1)
    for (number, (line, entry)) in zip(lines, entries).enumerated() where number % step == 0 {
      Self.expect(line, says: entry)
    }
    #expect(snapshot.columnHeader.utf8.count < snapshot.bytesPerLine)
  }

  /// Neighbours that differ in one bit, of an address or of anything else: what a line shares with the one before it is
  /// decided by those bits.
  @Test(arguments: FormatCase.all)
  func linesSayWhatDamagedEntriesSay(format: FormatCase) throws {
    var session = try RandomSession(format, seed: 41)
    for _ in 0..<30 { try session.step() }
    let tables = session.harness.tables
    var random = SeededRandom(seed: 42)
    for entry in session.harness.table.snapshot().entries.prefix(3000) where Bool.random(using: &random) {
      let bytes = session.harness.description.entryByteCount
      let place = entry.entryAddress + UInt64.random(in: 0..<UInt64(bytes), using: &random)
      guard let slot = tables.memory.pointer(to: place, byteCount: 1) else { continue }
      let byte = slot.load(as: UInt8.self) ^ 1 << UInt8.random(in: 0..<8, using: &random)
      slot.storeBytes(of: byte, as: UInt8.self)
    }
    let snapshot = session.harness.table.snapshot()
    var entries: [PageTableSnapshot.Entry] = []
    snapshot.forEachEntry(from: 0) {
      entries.append($0)
      return entries.count < 1500
    }
    let text = snapshot.read(offset: 0, count: entries.count * snapshot.bytesPerLine)
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == entries.count)
    for (line, entry) in zip(lines, entries) { Self.expect(line, says: entry) }
  }

  private static func expect(_ line: Substring, says entry: PageTableSnapshot.Entry) {
    let fields = line.split(separator: " ")
    #expect(fields.count >= 8)
    guard fields.count >= 8 else { return }
    #expect(fields[0] == entry.levelName)
    let numbers = fields[1...6].map { field in
      field.hasPrefix("0x") ? UInt64(field.dropFirst(2), radix: 16) : UInt64(field)
    }
    #expect(
      numbers == [
        entry.index, entry.entryAddress, entry.entry, entry.deviceAddress, entry.size, entry.outputAddress,
      ])
    #expect(fields[7] == entry.outputKind)
    #expect(fields[7] == (entry.kind == .leaf ? "pa" : "table"))
    #expect(fields[8...].joined(separator: " ") == entry.words)
    // The column before says it.
    #expect(!entry.words.hasPrefix("table"))
  }

  @Test(arguments: FormatCase.defaults)
  func snapshotsAreSharedUntilBytesChange(format: FormatCase) throws {
    let harness = try TableHarness(format)
    let page = harness.twin.pageSize
    let empty = harness.table.snapshot()
    #expect(harness.table.snapshot() === empty)
    try harness.map(format.origin, [OutputRun(physicalAddress: page, length: page)], MappingAttributes())
    let one = harness.table.snapshot()
    #expect(one !== empty && one.lineCount > 0 && empty.lineCount == 0)
    let text = one.text()
    try harness.unmap(format.origin, page)
    #expect(one.text() == text)
    #expect(harness.table.snapshot().lineCount == 0)
  }

  @Test(arguments: FormatCase.defaults)
  func tablePagesAreTheMemory(format: FormatCase) throws {
    let harness = try TableHarness(format)
    let page = harness.twin.pageSize
    try harness.map(format.origin, [OutputRun(physicalAddress: page, length: page * 3)], MappingAttributes())
    let snapshot = harness.table.snapshot()
    let bytes = snapshot.withTablePages(offset: 0, count: .max) { Array($0) }
    #expect(bytes.count == Int(snapshot.tableByteCount))
    #expect(snapshot.tablePages.first?.physicalAddress == harness.table.root.tableAddress)
    for entry in snapshot.entries {
      let holder = try #require(
        snapshot.tablePages.first {
          entry.entryAddress >= $0.physicalAddress
            && entry.entryAddress < $0.physicalAddress + UInt64($0.byteCount)
        })
      let offset = Int(holder.offset + entry.entryAddress - holder.physicalAddress)
      let word = bytes[offset..<offset + harness.description.entryByteCount]
      let value =
        harness.description.endianness == .big
        ? word.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        : word.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
      #expect(value == entry.entry)
    }
    let tail = snapshot.withTablePages(offset: snapshot.tableByteCount - 8, count: 64) { Array($0) }
    #expect(tail == Array(bytes.suffix(8)))
    #expect(snapshot.withTablePages(offset: .max, count: 64) { $0.count } == 0)
  }
}
