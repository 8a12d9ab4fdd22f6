package import PageTables

/// A page table that somebody else made, as text or JSON: the same lines as in `pagetable` and `pagetable.json`.
///
/// It is written from its beginning to its end, some lines at a time, so a dump may be longer than memory.
package struct DecodedDump {
  /// Takes the next bytes; false ends the dump.
  package typealias Sink = (UnsafeRawBufferPointer) -> Bool

  /// What is shown of the table.
  package enum Detail: Sendable {
    /// Each entry.
    case entries
    /// Ranges with consecutive output addresses and equal attributes.
    case runs
  }

  let table: DecodedTable
  let detail: Detail
  /// The device addresses shown; `nil` = all.
  let range: ClosedRange<UInt64>?

  /// A dump of the entries, or runs, that concern a range.
  package init(_ table: DecodedTable, _ detail: Detail, within range: ClosedRange<UInt64>?) {
    self.table = table
    self.detail = detail
    self.range = range
  }

  /// All device addresses, where no range is given.
  var addresses: ClosedRange<UInt64> { range ?? 0...UInt64.max }

  /// The number of bytes of the text, if it is known beforehand.
  package var byteCount: UInt64? {
    if case .entries = detail, range == nil { table.snapshot.byteCount } else { nil }
  }

  /// Writes the text: a header of `#` lines, then a line for each entry or run.
  package func writeText(to sink: Sink) {
    guard Self.write(header, to: sink) else { return }
    switch detail {
    case .entries:
      guard range == nil else { return table.snapshot.renderLines(within: addresses, sink) }
      writeAllLines(to: sink)
    case .runs:
      let layout = RunLayout(table.format)
      table.forEachRun(within: addresses) { Self.write(layout.line($0), to: sink) }
    }
  }

  private func writeAllLines(to sink: Sink) {
    let capacity = 1 << 18
    withUnsafeTemporaryAllocation(byteCount: capacity, alignment: 16) { buffer in
      var offset: UInt64 = 0
      while true {
        let count = table.snapshot.render(offset: offset, into: buffer)
        guard count > 0, sink(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { return }
        offset &+= UInt64(count)
      }
    }
  }

  private var header: String {
    let columns =
      switch detail {
      case .entries: table.snapshot.columnHeader
      case .runs: RunLayout(table.format).header
      }
    let lines = ["format \(table.format.name)"] + table.root.lines.map { "\($0.key)=\($0.value)" } + [columns]
    return lines.map { "# \($0)\n" }.joined()
  }

  /// Hands text to a sink; what it answers.
  static func write(_ text: String, to sink: Sink) -> Bool {
    var text = text
    return text.withUTF8 { sink(UnsafeRawBufferPointer($0)) }
  }
}

/// The columns of runs.
private struct RunLayout {
  private let deviceDigits: Int
  private let outputDigits: Int
  private let sizeWidth: Int

  init(_ format: FormatDescription) {
    deviceDigits = format.inputBits <= 32 ? 8 : 16
    outputDigits = format.outputBits <= 32 ? 8 : format.outputBits <= 48 ? 12 : 16
    sizeWidth = Print.lengthWidth(format.inputBits >= 64 ? .max : 1 << UInt64(format.inputBits))
  }

  var header: String {
    padded("device", deviceDigits + 2) + padded("last", deviceDigits + 2) + padded("size", sizeWidth)
      + padded("output", outputDigits + 2) + padded("pages", 8) + "attributes"
  }

  func line(_ run: DecodedRun) -> String {
    // A run of all of 64 bits has more bytes than a number can say.
    let size = run.byteCount == 0 ? "2^64" : Print.length(run.byteCount)
    return padded(Print.address(run.deviceAddress, digits: deviceDigits), deviceDigits + 2)
      + padded(Print.address(run.last, digits: deviceDigits), deviceDigits + 2) + padded(size, sizeWidth)
      + padded(Print.address(run.outputAddress, digits: outputDigits), outputDigits + 2)
      + padded("\(run.pageCount)", 8) + run.words + "\n"
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.utf8.count) + 1)
  }
}
