import PageTables
import PhysicalMemory
import Testing

/// Tables with one thing wrong in them: it is found, named, and the only thing found.
struct ProblemTests {
  /// Bits of an entry that nothing may set: the format, the page mapped, the level, the bits, what they are.
  struct WrongBits: Sendable, CustomTestStringConvertible {
    let format: String
    let pageSize: UInt64
    let level: String
    let bits: UInt64
    let kind: TableProblem.Kind
    var testDescription: String { "\(format) \(level) \(String(bits, radix: 16))" }

    init(_ format: String, _ pageSize: UInt64, _ level: String, bit: UInt64, _ kind: TableProblem.Kind) {
      self.format = format
      self.pageSize = pageSize
      self.level = level
      bits = 1 << bit
      self.kind = kind
    }
  }

  /// From the manuals: Intel SDM 3A tables 4-14 to 4-20, VT-d 9.8, AMD 48882 2.2.3, ARM DDI 0487 D8.3, DDI 0406C B3.5.1,
  /// RISC-V privileged 4.4.1; for the others from the bit tables of docs/FORMATS.md.
  static let wrongBits = [
    WrongBits("x86-64", 1 << 12, "PML4", bit: 7, .reservedEntry),
    WrongBits("x86-64", 1 << 21, "PD", bit: 13, .misalignedPage),
    WrongBits("x86-64", 1 << 30, "PDPT", bit: 29, .misalignedPage),
    WrongBits("x86-pae", 1 << 12, "PT", bit: 52, .reservedEntry),
    WrongBits("x86-pae", 1 << 21, "PD", bit: 20, .misalignedPage),
    WrongBits("intel-vtd", 1 << 12, "L1", bit: 62, .reservedBits),
    WrongBits("intel-vtd", 1 << 12, "L2", bit: 62, .reservedBits),
    WrongBits("intel-vtd", 1 << 21, "L2", bit: 12, .misalignedPage),
    WrongBits("amd-v1", 1 << 12, "L1", bit: 53, .reservedBits),
    WrongBits("amd-v1", 1 << 12, "L2", bit: 59, .reservedBits),
    WrongBits("amd-v1", 1 << 21, "L2", bit: 14, .misalignedPage),
    WrongBits("arm64-4k", 1 << 12, "L3", bit: 49, .reservedBits),
    WrongBits("arm64-4k", 1 << 21, "L2", bit: 15, .misalignedPage),
    WrongBits("arm64-4k", 1 << 12, "L1", bit: 48, .reservedBits),
    WrongBits("arm-lpae", 1 << 12, "L3", bit: 41, .reservedBits),
    WrongBits("arm-v7s", 1 << 12, "L1", bit: 4, .reservedBits),
    WrongBits("msm-smmu", 1 << 24, "L1", bit: 5, .copiesDiffer),
    WrongBits("omap-iommu", 1 << 20, "L1", bit: 13, .reservedBits),
    WrongBits("omap-iommu", 1 << 12, "L2", bit: 7, .reservedBits),
    WrongBits("riscv-sv39", 1 << 12, "VPN0", bit: 54, .reservedEntry),
    WrongBits("riscv-sv39", 1 << 21, "VPN1", bit: 10, .misalignedPage),
    WrongBits("riscv-sv39", 1 << 12, "VPN1", bit: 7, .reservedEntry),
    WrongBits("ppc-tce", 1 << 12, "TCE", bit: 5, .reservedBits),
    WrongBits("sun4u-iommu", 1 << 13, "TSB", bit: 7, .reservedBits),
    WrongBits("hp-zx1", 1 << 12, "PDIR", bit: 62, .reservedBits),
  ]

  @Test(arguments: wrongBits)
  func bitsThatNothingMaySet(_ wrong: WrongBits) throws {
    let (harness, entries) = try Self.onePage(wrong.format, wrong.pageSize)
    let entry = try #require(entries.first { $0.levelName == wrong.level })
    try harness.flip(wrong.bits, at: entry.entryAddress)
    let problems = try harness.decoded().allProblems
    #expect(problems.map(\.kind).contains(wrong.kind), "\(problems.map(\.line))")
    let places = Set(problems.compactMap { $0.place?.entryAddress })
    #expect(places == [entry.entryAddress], "\(problems.map(\.line))")
    // Right again, and nothing is wrong.
    try harness.flip(wrong.bits, at: entry.entryAddress)
    #expect(try harness.decoded().allProblems.isEmpty)
  }

  /// Bits that hardware ignores or software owns are no problem.
  @Test(arguments: [
    WrongBits("x86-64", 1 << 12, "PT", bit: 9, .reservedBits),
    WrongBits("x86-64", 1 << 21, "PD", bit: 58, .reservedBits),
    WrongBits("x86-64", 1 << 12, "PML4", bit: 63, .reservedBits),
    WrongBits("intel-vtd", 1 << 12, "L1", bit: 52, .reservedBits),
    WrongBits("intel-vtd", 1 << 12, "L1", bit: 9, .reservedBits),
    WrongBits("amd-v1", 1 << 12, "L1", bit: 6, .reservedBits),
    WrongBits("arm64-4k", 1 << 12, "L3", bit: 55, .reservedBits),
    WrongBits("arm64-4k", 1 << 12, "L3", bit: 10, .reservedBits),
    WrongBits("arm64-4k", 1 << 12, "L1", bit: 60, .reservedBits),
    WrongBits("arm-v7s", 1 << 20, "L1", bit: 9, .reservedBits),
    WrongBits("riscv-sv39", 1 << 12, "VPN0", bit: 8, .reservedBits),
  ])
  func bitsThatAreFree(_ free: WrongBits) throws {
    let (harness, entries) = try Self.onePage(free.format, free.pageSize)
    let entry = try #require(entries.first { $0.levelName == free.level })
    try harness.flip(free.bits, at: entry.entryAddress)
    #expect(try harness.decoded().allProblems.map(\.line) == [])
  }

  /// A format and the size of a page of several entries in it.
  static let repeated: [(FormatCase, UInt64)] = FormatCase.all.flatMap { format in
    ((try? format.description.pageSizes) ?? []).compactMap { size in
      guard let (harness, entries) = try? onePage(format, size) else { return nil }
      let leaves = entries.filter { $0.kind == .leaf }
      withExtendedLifetime(harness) {}
      return leaves.count > 1 ? (format, size) : nil
    }
  }

  @Test(arguments: repeated)
  func copiesThatDiffer(format: FormatCase, size: UInt64) throws {
    for wrong in [0, 2, -1] {
      let (harness, entries) = try Self.onePage(format, size)
      let leaves = entries.filter { $0.kind == .leaf }
      let index = wrong < 0 ? leaves.count - 1 : wrong
      guard leaves.count > 2, index < leaves.count else { continue }
      let entry = leaves[index]
      try harness.flip(entry.entry, at: entry.entryAddress)
      let problems = try harness.decoded().allProblems
      #expect(problems.map(\.kind) == [.copiesDiffer], "\(problems.map(\.line))")
      #expect(problems.first?.place?.entryAddress == entry.entryAddress, "\(problems.map(\.line))")
    }
  }

  /// A table with one page of a size, and its entries.
  static func onePage(
    _ format: FormatCase, _ size: UInt64
  ) throws -> (TableHarness, [PageTableSnapshot.Entry]) {
    let harness = try TableHarness(format)
    let start = try #require(try format.edges(size).first)
    let run = OutputRun(physicalAddress: size, length: size)
    try harness.table.map(deviceAddress: start, to: run, attributes: MappingAttributes())
    return (harness, harness.table.snapshot().entries)
  }

  static func onePage(
    _ name: String, _ size: UInt64
  ) throws -> (TableHarness, [PageTableSnapshot.Entry]) {
    try onePage(try #require(FormatCase.defaults.first { $0.name == name }), size)
  }
}
