/// What formats of one level have in common: one table, with an entry for each page of a window of device addresses.
protocol FlatFormat: PageTableFormat {
  /// The window that the table translates.
  var window: TableWindow { get }
  /// The log2 of the page that one entry maps.
  var pageSizeLog2: Int { get }
}

extension FlatFormat {
  var topLevel: Int { 0 }

  func slotShift(_ level: Int) -> Int { pageSizeLog2 }
  func indexBits(_ level: Int) -> Int { window.indexBits(pageShift: pageSizeLog2) }
  func leafSizes(_ level: Int) -> UInt64 { 1 << UInt64(pageSizeLog2) }
  func leafSizeLog2(of entry: Word, level: Int) -> Int { pageSizeLog2 }

  func tableOffset(of deviceAddress: UInt64) -> UInt64? { window.offset(of: deviceAddress) }
  func deviceAddress(ofTableOffset offset: UInt64) -> UInt64 { window.base &+ offset }

  // There are no pointers.
  func tableAddress(of entry: Word, level: Int) -> UInt64 { 0 }
  func tableEntry(pointingTo address: UInt64, level: Int, key: UInt64) -> Word { 0 }

  /// The lines that tell a walker about the window.
  var windowLines: [RootDescription.Line] {
    [
      RootDescription.Line("levels", "1"),
      RootDescription.Line("input_bits", "\(inputBits)"),
      RootDescription.Line("page", sizeName(log2: pageSizeLog2)),
      RootDescription.Line("base", hex: window.base),
      RootDescription.Line("size", "\(window.size)"),
      RootDescription.Line("entries", "\(window.size >> UInt64(pageSizeLog2))"),
    ]
  }
}

/// The attributes of entries that have no attributes.
struct NoAttributes: Hashable, Sendable {
  /// What such an entry permits: everything, to everybody.
  var mapping: MappingAttributes { MappingAttributes(access: [.read, .write, .execute]) }
}

/// A power of two as users write sizes: `4K`, `16M`.
func sizeName(log2: Int) -> String {
  let units = ["", "K", "M", "G", "T", "P", "E"]
  let unit = min(max(log2, 0) / 10, units.count - 1)
  return "\(UInt64(1) << UInt64(max(log2, 0) - unit * 10))\(units[unit])"
}

extension TableConfiguration {
  /// The log2 of the page that a configuration asks for, among those that a format has.
  ///
  /// - Throws: `badConfiguration` for any other.
  func pageSizeLog2(
    among sizes: [Int], standard: Int, format: String
  ) throws(PageTableError) -> Int {
    let log2 = granuleLog2 ?? standard
    guard sizes.contains(log2) else {
      throw .badConfiguration(
        key: "granule", value: (0...63).contains(log2) ? sizeName(log2: log2) : "2^\(log2)", format: format)
    }
    return log2
  }
}
