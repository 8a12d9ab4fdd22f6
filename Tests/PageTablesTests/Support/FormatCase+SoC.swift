import PageTables

extension FormatCase {
  private static func window(_ base: UInt64, _ size: UInt64) -> TableConfiguration {
    TableConfiguration(window: TableConfiguration.Window(base: base, size: size))
  }

  /// The configurations that stand for a default: where it has a window, that window or a smaller one.
  static let socDefaults: [String: TableConfiguration] = [
    "tegra-gart": window(0x5800_0000, 1 << 25),
    "sprd": window(0, 1 << 24),
  ]

  /// Other shapes: page sizes, numbers of levels, wider addresses, part of an aperture.
  static let socVariants: [String: [(String, TableConfiguration)]] = [
    "mediatek-v7s": [("34 bits", window(0, 1 << 34))],
    "apple-dart": [("granule=4K", TableConfiguration(granuleLog2: 12))],
    "apple-dart-t6000": [("levels=3", TableConfiguration(levels: 3))],
    "sprd": [("3M at 256M", window(1 << 28, 3 << 20))],
    "tegra-gart": [("upper half", window(0x5900_0000, 1 << 24))],
  ]

  /// The lowest physical address that can be mapped, in pages.
  var firstOutputPage: UInt64 { name == "sprd" ? 1 : 0 }
}
