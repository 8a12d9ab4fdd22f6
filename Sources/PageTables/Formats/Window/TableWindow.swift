/// The device addresses that a table translates, in formats that translate only a window of them.
struct TableWindow: Hashable, Sendable {
  /// The first device address.
  var base: UInt64
  /// The number of bytes.
  var size: UInt64

  /// The offset of a device address in the window; `nil` outside of it.
  func offset(of deviceAddress: UInt64) -> UInt64? {
    let offset = deviceAddress &- base
    return offset < size ? offset : nil
  }

  /// The log2 of the smallest table that has an entry for every page.
  func indexBits(pageShift: Int) -> Int {
    let pages = size >> UInt64(pageShift)
    return pages <= 1 ? 0 : 64 - (pages - 1).leadingZeroBitCount
  }
}

/// What windows a format takes.
struct WindowRules: Hashable, Sendable {
  /// The window that a configuration without one gets.
  var standard: TableWindow
  /// The sizes that are possible.
  var sizes: ClosedRange<UInt64>
  /// What base and size must be multiples of.
  var granularity: UInt64
  /// Whether the size must be a power of two, and the base a multiple of it.
  var isNatural: Bool
  /// The bits of a device address; the window ends below 2 to this power.
  var addressBits: Int

  /// The window that a configuration asks for.
  ///
  /// - Throws: `badConfiguration` for a window that the hardware does not have.
  func window(_ configuration: TableConfiguration, format: String) throws(PageTableError) -> TableWindow {
    let window = configuration.window.map { TableWindow(base: $0.base, size: $0.size) } ?? standard
    guard permits(window) else {
      throw .badConfiguration(
        key: "window", value: "\(hex(window.base)) of \(window.size) bytes", format: format)
    }
    return window
  }

  private func permits(_ window: TableWindow) -> Bool {
    guard sizes.contains(window.size), window.size > 0 else { return false }
    let (last, overflow) = window.base.addingReportingOverflow(window.size - 1)
    guard !overflow, addressBits >= 64 || last >> UInt64(addressBits) == 0 else { return false }
    if isNatural {
      guard window.size & (window.size - 1) == 0, window.base & (window.size - 1) == 0 else { return false }
    }
    return (window.base | window.size) & (granularity - 1) == 0
  }
}
