import Testing

@testable import PageTables

/// Windows: what each format takes by default, what it takes at all, and what it refuses by name.
struct WindowTests {
  struct Row: Sendable {
    var format: String
    /// The window of a configuration without one.
    var standard: (base: UInt64, size: UInt64)
    /// Windows that the hardware has.
    var legal: [(base: UInt64, size: UInt64)]
    /// Windows that it has not.
    var illegal: [(base: UInt64, size: UInt64)]
  }

  static let rows = [
    Row(
      format: "sun3-mmu", standard: (0, 1 << 28), legal: [(0x0FF0_0000, 0xE_0000), (0x2_0000, 0x2_0000)],
      illegal: [(0x1_0000, 1 << 20), (0, 1 << 29), (1 << 28, 1 << 20)]),
    Row(
      format: "sun3x-iommu", standard: (0, 0xF0_0000), legal: [(0, 1 << 24), (0xF0_0000, 1 << 20)],
      illegal: [(0, 1 << 25), (0x1000, 1 << 20), (0, 0x1000)]),
    Row(
      format: "alpha-sg", standard: (1 << 30, 1 << 30), legal: [(0x80_0000, 0x80_0000), (0, 1 << 32)],
      illegal: [(0x40_0000, 0x80_0000), (0, 0x30_0000), (0, 1 << 19), (0, 1 << 33)]),
    Row(
      format: "pasemi-iob", standard: (0, 1 << 31), legal: [(0, 1 << 28)],
      illegal: [(0, 1 << 30), (1 << 28, 1 << 28), (0, 1 << 37)]),
    Row(
      format: "ppc-tce", standard: (0, 1 << 31), legal: [(1 << 59, 1 << 36), (0x1000_0000, 0x3000)],
      illegal: [(0, 0x800), (0x800, 1 << 20), (.max - 0xFFF, 1 << 20), (0, 1 << 50)]),
    Row(
      format: "ppc-tce-ioda", standard: (0, 1 << 31), legal: [(1 << 59, 1 << 30), (0, 1 << 20)],
      illegal: [(1 << 30, 1 << 30), (0, 3 << 30), (0, 1 << 60)]),
    Row(
      format: "apple-u4-dart", standard: (0, 1 << 31 - 1 << 12), legal: [(0, 1 << 31), (0, 1 << 22)],
      illegal: [(1 << 30, 1 << 30), (0, 1 << 32), (0, 1 << 21)]),
    Row(
      format: "cell-ioc", standard: (0, 1 << 31), legal: [(0x2000_0000, 0x2000_0000), (0, 1 << 35)],
      illegal: [(0, 1 << 27), (1 << 27, 1 << 28), (1 << 34, 1 << 35)]),
    Row(
      format: "sun4m-iommu", standard: (0xF000_0000, 1 << 28),
      legal: [(0xFF00_0000, 1 << 24), (1 << 31, 1 << 31)],
      illegal: [(0, 1 << 28), (0xFF80_0000, 1 << 23), (0, 1 << 32), (0xD000_0000, 3 << 28)]),
    Row(
      format: "sun4u-iommu", standard: (3 << 30, 1 << 30), legal: [(0x8000_0000, 1 << 23), (0, 1 << 30)],
      illegal: [(0, 1 << 22), (0, 1 << 31), (1 << 24, 1 << 25)]),
    Row(
      format: "sun4v-iommu", standard: (1 << 31, 1 << 31), legal: [(0xC000_0000, 3 << 20), (0, 1 << 32)],
      illegal: [(0x1000, 1 << 20), (1 << 31, 1 << 32)]),
    Row(
      format: "hp-zx1", standard: (1 << 30, 1 << 30), legal: [(0, 1 << 21), (1 << 31, 1 << 31)],
      illegal: [(0, 1 << 20), (1 << 29, 1 << 30), (0, 3 << 28)]),
    Row(
      format: "hp-astro", standard: (0, 1 << 30), legal: [(0, 1 << 20), (1 << 30, 1 << 30)],
      illegal: [(0, 1 << 31), (1 << 29, 1 << 30)]),
    Row(
      format: "hp-u2", standard: (0, 1 << 30), legal: [(0, 1 << 20)],
      illegal: [(1 << 30, 1 << 20), (1 << 20, 1 << 20), (0, 1 << 31), (0, 3 << 20)]),
    Row(
      format: "mediatek-v7s", standard: (0, 1 << 32), legal: [(0, 1 << 34)],
      illegal: [(0, 1 << 33), (1 << 32, 1 << 32), (0, 1 << 35), (0, 1 << 20)]),
    Row(
      format: "tegra-gart", standard: (0x5800_0000, 1 << 25),
      legal: [(0x5900_0000, 1 << 24), (0x59FF_F000, 0x1000), (0x5800_1000, 0x3000)],
      illegal: [(0x57FF_F000, 0x2000), (0x59FF_F000, 0x2000), (0, 1 << 25), (0x5800_0000, 1 << 26)]),
    Row(
      format: "sprd", standard: (0, 1 << 28),
      legal: [(1 << 28, 3 << 20), (0xFFFF_F000, 0x1000), (0, 1 << 32)],
      illegal: [(0x800, 1 << 20), (0, 0x1800), (1 << 32, 1 << 20), (0xFFFF_F000, 0x2000)]),
  ]

  @Test(arguments: rows) func windows(row: Row) throws {
    let entry = try #require(FormatRegistry.named(row.format))
    try check(entry, TableConfiguration(), row.standard)
    for window in row.legal { try check(entry, .window(window.base, window.size), window) }
    for window in row.illegal {
      let refusal = #expect(throws: PageTableError.self, "\(row.format) \(window)") {
        try entry.description(for: .window(window.base, window.size))
      }
      guard case .badConfiguration("window", _, row.format)? = refusal else {
        Issue.record("\(row.format) \(window): \(String(describing: refusal))")
        continue
      }
    }
  }

  /// A range that is all of the window is taken; one page before or behind it is not.
  private func check(
    _ entry: any FormatEntry, _ configuration: TableConfiguration, _ window: (base: UInt64, size: UInt64)
  ) throws {
    let page = try entry.description(for: configuration).smallestPageSize
    try entry.checkRange(start: window.base, length: window.size, configuration: configuration)
    for outside in [window.base &- page, window.base &+ window.size] {
      #expect(throws: PageTableError.self) {
        try entry.checkRange(start: outside, length: page, configuration: configuration)
      }
    }
  }

  /// Formats without windows refuse one.
  @Test(arguments: ["msm-smmu", "omap-iommu", "intel-vtd", "amd-v1", "x86-64", "apple-dart", "sun50i"])
  func noWindows(name: String) throws {
    let entry = try #require(FormatRegistry.named(name))
    #expect(throws: PageTableError.self) { try entry.description(for: .window(0, 1 << 28)) }
  }
}
