import PageTables
import PhysicalMemory
import Testing

/// A table, the memory it lives in, and a twin that says what it should hold.
final class TableHarness {
  let format: FormatCase
  let description: FormatDescription
  let tables: TestTableMemory
  let table: any PageTable
  var twin: MappingTwin
  private var meanings: [MappingAttributes: MappingAttributes] = [:]

  init(_ format: FormatCase, tables: TestTableMemory? = nil) throws {
    self.format = format
    let memory = try tables ?? TestTableMemory()
    self.tables = memory
    table = try format.entry.makeTable(configuration: format.configuration, tableMemory: memory)
    description = table.format
    twin = MappingTwin(description)
  }

  /// What a wish becomes in this format: found by mapping one page in a table of its own.
  ///
  /// Nothing of it may permit more than was wished, but for execution, which not every format can forbid.
  func meaning(_ wish: MappingAttributes) throws -> MappingAttributes {
    if let known = meanings[wish] { return known }
    let scratch = try TestTableMemory(size: 1 << 24)
    let table = try format.entry.makeTable(configuration: format.configuration, tableMemory: scratch)
    let start = try #require(try format.edges(description.smallestPageSize).first)
    let run = OutputRun(
      physicalAddress: description.smallestPageSize, length: description.smallestPageSize)
    try table.map(deviceAddress: start, to: run, attributes: wish)
    guard case .mapped(_, _, let found) = table.translate(start) else {
      throw PageTableError.notMapped(deviceAddress: start)
    }
    table.destroy()
    let data: MappingAttributes.Access = [.read, .write]
    #expect(found.access.intersection(data) == wish.access.intersection(data), "\(wish)")
    #expect(!wish.access.contains(.execute) || found.access.contains(.execute), "\(wish)")
    #expect(wish.access.isEmpty || found.privilege == wish.privilege, "\(wish)")
    #expect(found.isSecure == wish.isSecure, "\(wish)")
    meanings[wish] = found
    return found
  }

  func map(_ start: UInt64, _ runs: [OutputRun], _ wish: MappingAttributes) throws {
    try table.map(deviceAddress: start, runs: runs, attributes: wish)
    twin.map(start, runs, try meaning(wish))
  }

  func unmap(_ start: UInt64, _ length: UInt64) throws {
    try table.unmap(deviceAddress: start, length: length)
    twin.unmap(start, length)
  }

  func change(_ start: UInt64, _ length: UInt64, _ wish: MappingAttributes) throws {
    try table.changeAttributes(deviceAddress: start, length: length, attributes: wish)
    twin.change(start, length, try meaning(wish))
  }

  /// Compares one address with the twin: the format's own walker, and the second decoder.
  func check(_ deviceAddress: UInt64) {
    let page = twin.page(deviceAddress)
    let offset = deviceAddress % twin.pageSize
    let place = "\(format.label) 0x\(String(deviceAddress, radix: 16))"
    switch (table.translate(deviceAddress), page) {
    case (.mapped(let output, let size, let attributes), let page?):
      #expect(output == page.address + offset, "\(place)")
      #expect(size == page.leafSize, "\(place)")
      #expect(attributes == page.attributes, "\(place)")
    case (.fault, nil): break
    case (let found, let page): Issue.record("\(place): \(found), not \(String(describing: page))")
    }
    checkWalk(deviceAddress)
    let decoder = IndependentDecoder(
      memory: tables.memory, table: table.root.tableAddress, levels: description.levels,
      lines: table.root.lines)
    guard decoder.knows(format.name) else { return }
    let expected = page.map {
      IndependentDecoder.Answer(
        address: $0.address + offset, size: $0.leafSize, read: $0.attributes.access.contains(.read),
        write: $0.attributes.access.contains(.write), execute: $0.attributes.access.contains(.execute),
        user: $0.attributes.privilege == .user, secure: $0.attributes.isSecure)
    }
    #expect(decoder.decode(format.name, deviceAddress) == expected, "\(place)")
  }

  /// The walk says the same as the translation, and its steps are entries in memory.
  private func checkWalk(_ deviceAddress: UInt64) {
    let walk = table.walk(deviceAddress)
    switch (walk.result, table.translate(deviceAddress)) {
    case (.mapped(let mapping), .mapped(let output, let size, let attributes)):
      #expect(mapping.outputAddress == output && mapping.leafSize == size && mapping.attributes == attributes)
      #expect(walk.steps.last?.kind == .leaf)
    case (.fault(let level, _, let reason), .fault(let otherLevel, let otherReason)):
      #expect(level == otherLevel && reason == otherReason)
    default: Issue.record("walk and translation of \(deviceAddress) disagree")
    }
    #expect(
      walk.steps.map(\.level) == (description.levels - walk.steps.count..<description.levels).reversed())
  }

  /// The bytes that tables occupy, of Sun-3's block of page maps those in use.
  var tableBytes: UInt64 {
    format.name == "sun3-mmu" ? 8192 + 64 * UInt64(table.tableCount - 1) : tables.outstandingBytes
  }

  /// Compares everything: figures, table memory, and the snapshot line by line.
  func checkAll() {
    let snapshot = table.snapshot()
    let entries = snapshot.entries
    #expect(snapshot.lineCount == UInt64(table.validEntryCount))
    #expect(entries.count == table.validEntryCount)
    #expect(table.tableByteCount == tableBytes)
    #expect(snapshot.tableByteCount == tableBytes)
    #expect(tables.wrongFrees == 0)
    let counts = Dictionary(uniqueKeysWithValues: table.leafCounts.map { ($0.size, $0.count) })
    #expect(counts == twin.leafCounts)
    #expect(entries.count { $0.kind == .table } == table.tableCount - 1)
    var seen: Set<UInt64> = []
    for entry in entries where entry.kind == .leaf {
      let page = twin.pages[entry.deviceAddress]
      #expect(page?.address == entry.outputAddress)
      if format.groupsAdvance {
        #expect(page.map { $0.leafSize % entry.size } == 0)
        seen.insert(page?.leafStart ?? entry.deviceAddress)
      } else {
        #expect(page?.leafStart == entry.deviceAddress && page?.leafSize == entry.size)
        seen.insert(entry.deviceAddress)
      }
    }
    #expect(seen.count == twin.leafCounts.values.reduce(0, +))
  }
}
