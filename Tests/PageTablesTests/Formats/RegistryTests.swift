import PageTables
import Testing

struct RegistryTests {
  @Test func namesAreUniqueAndFound() {
    let names = FormatRegistry.all.map(\.description.name)
    #expect(Set(names).count == names.count)
    for name in names { #expect(FormatRegistry.named(name)?.description.name == name) }
    #expect(FormatRegistry.named("no-such-format") == nil)
    #expect(Set(["msm-smmu", "omap-iommu", "arm-v7s", "intel-vtd", "x86-64"]).isSubset(of: names))
  }

  @Test func descriptionsSayTheShape() throws {
    let vtd = try #require(FormatRegistry.named("intel-vtd"))
    #expect(vtd.description.levelNames == ["L4", "L3", "L2", "L1"])
    #expect(vtd.description.pageSizes == [1 << 12, 1 << 21, 1 << 30])
    #expect(vtd.description.inputBits == 48 && vtd.description.outputBits == 52)
    #expect(vtd.description.entryByteCount == 8 && vtd.description.endianness == .little)
    #expect(try vtd.description(for: TableConfiguration(levels: 2)).pageSizes == [1 << 12, 1 << 21])
    let msm = try #require(FormatRegistry.named("msm-smmu"))
    #expect(msm.description.pageSizes == [1 << 12, 1 << 16, 1 << 20, 1 << 24])
    for format in FormatRegistry.all {
      #expect(!format.description.summary.isEmpty)
      #expect(format.description.attributes.contains { $0.hasPrefix("read") })
      #expect(format.description.attributes.contains { $0.hasPrefix("cache") })
    }
  }

  /// The root's lines begin with the table and then what a walker must be told.
  @Test(arguments: FormatCase.all)
  func rootLinesAreInOrder(format: FormatCase) throws {
    let harness = try TableHarness(format)
    let lines = harness.table.root.lines
    #expect(lines.first == RootDescription.Line("table", hex: harness.table.root.tableAddress))
    #expect(lines.contains(RootDescription.Line("levels", "\(harness.description.levels)")))
    #expect(lines.contains(RootDescription.Line("input_bits", "\(harness.description.inputBits)")))
    #expect(harness.table.root.text.hasSuffix("\n"))
  }
}
