import PageTables

/// The page-table formats, as the command line shows them.
enum KnownFormats {
  /// The names, in the registry's order.
  static var names: [String] { FormatRegistry.all.map(\.description.name) }

  /// A line for each format: the name, its levels and page sizes, and what it is.
  static var lines: [String] {
    let width = names.map(\.count).max() ?? 0
    return FormatRegistry.all.map { entry in
      let padding = String(repeating: " ", count: width - entry.description.name.count)
      return "\(entry.description.name)\(padding)  \(entry.description.summary)"
    }
  }
}
