import PageTables
import PhysicalMemory
import Testing

/// Two tables, one behind each root: together they translate what the split says, each its own half.
struct SplitTests {
  struct Pair: Sendable, CustomTestStringConvertible {
    let name: String
    let split: Int
    /// The first address of the low half's top page, and of the high half's first page.
    let low: UInt64
    let high: UInt64
    /// An address that belongs to neither; `nil` if there is none.
    let neither: UInt64?

    var testDescription: String { "\(name) split=\(split)" }
  }

  static let pairs: [Pair] =
    (1...7).flatMap { (split: Int) -> [Pair] in
      let boundary: UInt64 = 1 << UInt64(32 - split)
      return ["msm-smmu", "arm-v7s"].map {
        Pair(name: $0, split: split, low: boundary - 4096, high: boundary, neither: nil)
      }
    }
    + (1...7).map { split in
      let size: UInt64 = 1 << UInt64(32 - split)
      let high: UInt64 = 1 << 32 - size
      return Pair(
        name: "arm-lpae", split: split, low: size - 4096, high: high, neither: split == 1 ? nil : high - 4096)
    }
    + ["4k", "16k", "64k", "4k-52", "16k-52", "64k-52"].flatMap { (granule: String) -> [Pair] in
      [17, 25, 39].map { (split: Int) -> Pair in
        let size: UInt64 = 1 << UInt64(64 - split)
        return Pair(
          name: "arm64-\(granule)", split: split, low: size - 0x1_0000, high: 0 &- size, neither: size)
      }
    }

  private static func table(
    _ pair: Pair, _ base: TableConfiguration.Base, _ tables: TestTableMemory
  ) throws -> any PageTable {
    let entry = try #require(FormatRegistry.named(pair.name))
    return try entry.makeTable(
      configuration: TableConfiguration(base: base, split: pair.split), tableMemory: tables)
  }

  private static func register(_ table: any PageTable, _ key: String) -> UInt64? {
    table.root.lines.first { $0.key == key }.flatMap { UInt64($0.value.dropFirst(2), radix: 16) }
  }

  @Test(arguments: pairs) func halves(pair: Pair) throws {
    let tables = try TestTableMemory()
    let low = try Self.table(pair, .low, tables)
    let high = try Self.table(pair, .high, tables)
    let page = low.format.smallestPageSize
    let wish = MappingAttributes()
    try low.map(
      deviceAddress: pair.low, to: OutputRun(physicalAddress: 0x10_0000, length: page), attributes: wish)
    try high.map(
      deviceAddress: pair.high, to: OutputRun(physicalAddress: 0x20_0000, length: page), attributes: wish)
    // Neither translates, nor takes, an address of the other's.
    for (table, foreign) in [(low, pair.high), (high, pair.low)]
      + (pair.neither.map { [(low, $0), (high, $0)] } ?? [])
    {
      guard case .fault = table.translate(foreign) else {
        Issue.record("\(pair) translates \(foreign)")
        continue
      }
      #expect(throws: PageTableError.self) {
        try table.map(
          deviceAddress: foreign, to: OutputRun(physicalAddress: 0, length: page), attributes: wish)
      }
    }
    for (address, output) in [(pair.low, 0x10_0000), (pair.high, 0x20_0000)] as [(UInt64, UInt64)] {
      #expect(Self.decode(pair, tables.memory, low, high, address + 0x123) == output + 0x123, "\(pair)")
    }
    if let neither = pair.neither { #expect(Self.decode(pair, tables.memory, low, high, neither) == nil) }
  }

  /// Where the second decoder finds an address with both roots programmed.
  private static func decode(
    _ pair: Pair, _ memory: PhysicalMemory, _ low: any PageTable, _ high: any PageTable, _ address: UInt64
  ) -> UInt64? {
    var lines = low.root.lines.filter { !["ttbcr", "tcr_el1"].contains($0.key) }
    for key in ["ttbcr", "tcr_el1"] {
      guard let first = register(low, key), let second = register(high, key) else { continue }
      if key == "ttbcr", pair.name != "arm-lpae" {
        // N, the same in both, says which root an address belongs to.
        guard first == second, first == UInt64(pair.split) else { return nil }
        let isHigh = address >> (32 - first) != 0
        let root = register(isHigh ? high : low, isHigh ? "ttbr1" : "ttbr0").map { $0 & ~0x7F }
        return root.flatMap {
          IndependentDecoder(memory: memory, table: $0).decode(pair.name, address)?.address
        }
      }
      // EPD0 and EPD1 off.
      lines.append(RootDescription.Line(key, hex: (first | second) & ~(1 << 7 | 1 << 23)))
    }
    lines += high.root.lines.filter { $0.key.hasPrefix("ttbr1") }
    return IndependentDecoder(memory: memory, table: low.root.tableAddress, lines: lines)
      .decode(pair.name, address)?.address
  }
}
