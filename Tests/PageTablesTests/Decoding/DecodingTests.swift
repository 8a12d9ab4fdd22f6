import PageTables
import PhysicalMemory
import TestSupport
import Testing

/// Tables that are right, read by somebody who has only their memory.
struct DecodingTests {
  @Test(arguments: FormatCase.all, [21, 22] as [UInt64])
  func saysWhatTheMountSays(format: FormatCase, seed: UInt64) throws {
    var session = try RandomSession(format, seed: seed)
    let harness = session.harness
    for _ in 0..<60 { try session.step() }
    let decoded = try harness.decoded()
    let snapshot = harness.table.snapshot()
    #expect(decoded.snapshot.text() == snapshot.text(), "seed \(seed)")
    #expect(decoded.snapshot.columnHeader == snapshot.columnHeader)
    #expect(decoded.format == harness.table.format)
    // Physical memory is drawn at random, so the same may well be mapped twice.
    let problems = decoded.allProblems.filter { $0.kind != .conflict }
    #expect(problems.isEmpty, "seed \(seed): \(problems.prefix(3).map(\.line))")
    checkRuns(decoded.runs, harness.twin, "\(format.label) seed \(seed)")
  }

  /// Runs cover the twin's pages, each once, and could not be longer.
  private func checkRuns(_ runs: [DecodedRun], _ twin: MappingTwin, _ context: String) {
    var covered = 0
    for run in runs {
      for offset in stride(from: 0, to: run.byteCount, by: Int(twin.pageSize)) {
        let page = twin.pages[run.deviceAddress &+ offset]
        #expect(page?.address == run.outputAddress &+ offset, "\(context)")
        covered += 1
      }
    }
    #expect(covered == twin.pages.count, "\(context)")
    for (run, next) in zip(runs, runs.dropFirst()) {
      let follows =
        run.last &+ 1 == next.deviceAddress && run.outputAddress &+ run.byteCount == next.outputAddress
      #expect(!follows || run.words != next.words, "\(context): \(run) and \(next) are one")
      #expect(run.last < next.deviceAddress, "\(context)")
    }
    #expect(runs.reduce(0) { $0 + $1.pageCount } == twin.leafCounts.values.reduce(0, +), "\(context)")
  }

  /// A range shows the lines whose leaves or tables have an address in it, as picking them from the whole does.
  @Test(arguments: FormatCase.all)
  func rangesPickLines(format: FormatCase) throws {
    var session = try RandomSession(format, seed: 31)
    let harness = session.harness
    for _ in 0..<50 { try session.step() }
    let snapshot = try harness.decoded().snapshot
    let lines = snapshot.text().split(separator: "\n")
    let entries = snapshot.entries
    var random = SeededRandom(seed: 32)
    for _ in 0..<6 {
      let middle = entries.randomElement(using: &random)?.deviceAddress ?? 0
      let width = UInt64.random(in: 0..<40, using: &random) * harness.twin.pageSize / 2
      let last = middle > .max - width ? .max : middle + width
      let wanted = zip(entries, lines).filter { entry, _ in
        entry.deviceAddress <= last && entry.deviceAddress &+ (entry.size - 1) >= middle
      }
      #expect(snapshot.text(within: middle...last).split(separator: "\n") == wanted.map(\.1))
      var found: [PageTableSnapshot.Entry] = []
      snapshot.forEachEntry(within: middle...last) {
        found.append($0)
        return true
      }
      #expect(found == wanted.map(\.0))
    }
    #expect(snapshot.text(within: 0...UInt64.max) == snapshot.text())
  }

  @Test func rootsOutsideOfMemoryAreRefused() throws {
    let memory = try TestTableMemory(size: 1 << 16).memory
    let format = try #require(FormatRegistry.named("x86-64"))
    for root in [0, 0x7FFF_F000, 0x8001_0000, UInt64.max - 4095] as [UInt64] {
      #expect(throws: PageTableError.rootOutsideMemory(physicalAddress: root, byteCount: 4096)) {
        _ = try format.decode(memory, rootAddress: root, configuration: .init(), options: .init())
      }
    }
    #expect(throws: PageTableError.badConfiguration(key: "spare", value: "0x80000000", format: "x86-64")) {
      _ = try format.decode(
        memory, rootAddress: 0x8000_0000, configuration: .init(),
        options: DecodingOptions(sparePage: 0x8000_0000))
    }
  }
}
