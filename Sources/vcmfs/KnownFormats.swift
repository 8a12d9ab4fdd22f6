import PageTables

/// The page-table formats, as the command line shows them.
enum KnownFormats {
  /// The names, in the registry's order.
  static var names: [String] { ["msm-smmu", "omap-iommu", "arm-v7s", "intel-vtd", "x86-64"] }

  /// A line for each format: the name and what it is.
  static var lines: [String] { names }
}
