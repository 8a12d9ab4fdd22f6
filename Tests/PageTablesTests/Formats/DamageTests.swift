import PageTables
import PhysicalMemory
import TestSupport
import Testing

/// Somebody else writes into the memory file.
///
/// Nothing may crash, loop, or free what is not ours.
struct DamageTests {
  /// The formats whose entries point to tables by little-endian words with the address in place.
  private static let pointing = FormatCase.defaults.filter {
    $0.entry.description.levels > 1 && $0.entry.description.endianness == .little
      && !$0.name.hasPrefix("riscv-") && !shifted.contains($0.name)
  }

  /// The formats whose entries hold an address shifted.
  private static let shifted = ["apple-dart-t6000", "exynos-v5", "tegra-smmu"]

  @Test(arguments: FormatCase.seeded(11, 12))
  func scribbledTablesAreSafe(format: FormatCase, seed: UInt64) throws {
    var session = try RandomSession(format, seed: seed)
    for _ in 0..<30 { try session.step() }
    let harness = session.harness
    var random = SeededRandom(seed: seed)
    for _ in 0..<8 {
      Self.scribble(harness.tables, &random)
      Self.look(harness, &random)
      Self.operate(harness, &random)
    }
    harness.table.destroy()
    #expect(harness.tables.outstanding.isEmpty, "seed \(seed)")
    #expect(harness.tables.wrongFrees == 0, "seed \(seed)")
  }

  /// Overwrites words of tables with noise, with pointers to tables, and with pointers to nowhere.
  private static func scribble(_ tables: TestTableMemory, _ random: inout SeededRandom) {
    let blocks = tables.outstanding.sorted { $0.key < $1.key }
    for _ in 0..<40 {
      guard let block = blocks.randomElement(using: &random) else { return }
      let offset = UInt64.random(in: 0..<1 << UInt64(block.value - 2), using: &random) * 4
      let target = blocks.randomElement(using: &random)?.key ?? 0
      let value: UInt64 =
        switch UInt64.random(in: 0..<3, using: &random) {
        case 0: random.next()
        case 1: target | UInt64.random(in: 0..<8, using: &random)
        default: random.next() & 0xF_FFFF_F000 | 3
        }
      tables.memory.pointer(to: block.key + offset, byteCount: 4)?
        .storeBytes(of: UInt32(truncatingIfNeeded: value), as: UInt32.self)
    }
  }

  private static func look(_ harness: TableHarness, _ random: inout SeededRandom) {
    for _ in 0..<40 {
      guard let address = harness.twin.anyPage(using: &random)?.leafStart else { return }
      let walk = harness.table.walk(address)
      #expect(walk.steps.count <= harness.description.levels)
      _ = harness.table.translate(address)
    }
    let snapshot = harness.table.snapshot()
    for _ in 0..<20 {
      let offset = UInt64.random(in: 0..<snapshot.byteCount + 1, using: &random)
      let bytes = snapshot.read(offset: offset, count: 1000)
      #expect(UInt64(bytes.count) == min(1000, snapshot.byteCount - offset))
    }
    var count = 0
    snapshot.forEachEntry(from: 0) { _ in
      count += 1
      return count < 300
    }
  }

  private static func operate(_ harness: TableHarness, _ random: inout SeededRandom) {
    guard let page = harness.twin.anyPage(using: &random) else { return }
    // Either outcome is right; what counts is that our own record stays right.
    try? harness.table.changeAttributes(
      deviceAddress: page.leafStart, length: page.leafSize, attributes: MappingAttributes())
    if (try? harness.table.unmap(deviceAddress: page.leafStart, length: page.leafSize)) != nil {
      harness.twin.unmap(page.leafStart, page.leafSize)
    } else {
      Issue.record("damage must not stop an unmap of what we mapped")
    }
  }

  /// A table whose entries all point to itself shows only as many levels as there are.
  @Test(arguments: pointing)
  func loopsAreBounded(format: FormatCase) throws {
    let harness = try TableHarness(format)
    let page = harness.twin.pageSize
    try harness.map(0, [OutputRun(physicalAddress: 0, length: page)], MappingAttributes())
    let root = harness.table.root.tableAddress
    let first = try #require(harness.table.snapshot().entries.first { $0.kind == .table })
    let size = harness.description.entryByteCount
    let looping = first.entry & 0xFFF | root
    for slot in 0..<512 {
      let place = try #require(
        harness.tables.memory.pointer(to: root + UInt64(slot * size), byteCount: UInt64(size)))
      withUnsafeBytes(of: looping.littleEndian) {
        place.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(place), byteCount: size)
      }
    }
    let snapshot = harness.table.snapshot()
    #expect(snapshot.tablePages.count < 20)
    #expect(snapshot.lineCount >= 512)
    let end = snapshot.read(offset: snapshot.byteCount - 50, count: 100)
    #expect(end.count == 50 && end.last == 0x0A)
    #expect(harness.table.walk(0).steps.count <= harness.description.levels)
  }

  /// A pointer to where there is no memory is reported by walk and dump.
  @Test(arguments: pointing)
  func pointerOutsideMemoryIsReported(format: FormatCase) throws {
    let harness = try TableHarness(format)
    let page = harness.twin.pageSize
    try harness.map(0, [OutputRun(physicalAddress: 0, length: page)], MappingAttributes())
    let entry = try #require(harness.table.snapshot().entries.first { $0.kind == .table })
    let place = try #require(harness.tables.memory.pointer(to: entry.entryAddress, byteCount: 4))
    place.storeBytes(of: UInt32(truncatingIfNeeded: entry.entry & 0xFFF) | 0x1000_0000, as: UInt32.self)
    guard case .fault(_, _, .tableOutsideMemory(0x1000_0000)) = harness.table.walk(0).result else {
      Issue.record("\(harness.table.walk(0))")
      return
    }
    let text = harness.table.snapshot().text()
    #expect(text.contains(" table outside memory"))
    #expect(throws: PageTableError.self) {
      // The leaf's own entry is untouched, so its attributes can still be changed; nothing must crash either way.
      try harness.table.changeAttributes(deviceAddress: 0, length: page * 2, attributes: MappingAttributes())
    }
  }
}
