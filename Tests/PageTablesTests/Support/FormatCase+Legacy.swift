import PageTables

extension FormatCase {
  private static func window(_ base: UInt64, _ size: UInt64) -> TableConfiguration.Window {
    TableConfiguration.Window(base: base, size: size)
  }

  /// The configurations that stand for a format's default: small windows where the default has large tables.
  static let legacyDefaults: [String: TableConfiguration] = [
    "sun3-mmu": TableConfiguration(window: window(0x0F00_0000, 1 << 24)),
    "sun3x-iommu": TableConfiguration(window: window(0, 0xF0_0000)),
    "alpha-sg": TableConfiguration(window: window(0x4000_0000, 1 << 24)),
    "pasemi-iob": TableConfiguration(window: window(0, 1 << 28)),
    "ppc-tce": TableConfiguration(window: window(0x1000_0000, 1 << 24)),
    "ppc-tce-ioda": TableConfiguration(levels: 2),
    "apple-u4-dart": TableConfiguration(window: window(0, 1 << 24 - 1 << 12)),
    "cell-ioc": TableConfiguration(granuleLog2: 16, window: window(0x1000_0000, 1 << 29)),
    "sun4m-iommu": TableConfiguration(window: window(0xFF00_0000, 1 << 24)),
    "sun4u-iommu": TableConfiguration(window: window(0xC000_0000, 1 << 25)),
    "sun4v-iommu": TableConfiguration(window: window(0x8000_0000, 1 << 24 - 1 << 13)),
    "hp-zx1": TableConfiguration(window: window(0x4000_0000, 1 << 24)),
    "hp-astro": TableConfiguration(window: window(0, 1 << 24)),
    "hp-u2": TableConfiguration(window: window(0, 1 << 24)),
  ]

  /// Other shapes: page sizes, numbers of levels, other chips.
  static let legacyVariants: [String: [(String, TableConfiguration)]] = [
    "sun3-mmu": [("DVMA", TableConfiguration(window: window(0x0FF0_0000, 0xE_0000)))],
    "alpha-sg": [("8M at 8M", TableConfiguration(window: window(0x80_0000, 0x80_0000)))],
    "ppc-tce": [
      ("granule=64K", TableConfiguration(granuleLog2: 16, window: window(1 << 59, 1 << 26))),
      ("granule=16M", TableConfiguration(granuleLog2: 24, window: window(0, 1 << 40))),
    ],
    "ppc-tce-ioda": [
      ("levels=1", TableConfiguration(levels: 1, window: window(0, 1 << 24))),
      ("levels=5", TableConfiguration(levels: 5, window: window(1 << 59, 1 << 48))),
      ("levels=3 granule=64K", TableConfiguration(levels: 3, granuleLog2: 16, window: window(0, 1 << 40))),
      ("levels=5 granule=64K", TableConfiguration(levels: 5, granuleLog2: 16)),
      ("levels=2 granule=16M", TableConfiguration(levels: 2, granuleLog2: 24, window: window(0, 1 << 50))),
      ("levels=2 granule=256M", TableConfiguration(levels: 2, granuleLog2: 28, window: window(0, 1 << 48))),
    ],
    "cell-ioc": [
      ("granule=1M", TableConfiguration(granuleLog2: 20, requester: 0x48A)),
      ("granule=16M", TableConfiguration(granuleLog2: 24, window: window(0, 1 << 35))),
    ],
    "sun4u-iommu": [
      ("granule=64K", TableConfiguration(granuleLog2: 16, window: window(0x8000_0000, 1 << 28)))
    ],
    "hp-zx1": [13, 14, 16].map { (page: Int) in
      ("granule=2^\(page)", TableConfiguration(granuleLog2: page, window: window(0x4000_0000, 1 << 27)))
    },
    "hp-astro": [
      ("Pluto", TableConfiguration(granuleLog2: 14, window: window(0x4000_0000, 1 << 26)))
    ],
    "amd-v1": [2, 4, 6].map { (levels: Int) in ("levels=\(levels)", TableConfiguration(levels: levels)) },
  ]
}
