/// The one implementation of `PageTable`: a format, and the state it works on.
final class EncodedPageTable: PageTable {
  /// The format as configured; every operation goes through it once.
  private let encoding: any PageTableFormat
  private let state: TableState
  private let short: ShortOperations
  let format: FormatDescription

  init(encoding: any PageTableFormat, state: TableState, short: ShortOperations) {
    self.encoding = encoding
    self.state = state
    self.short = short
    format = encoding.description
  }

  deinit {
    encoding.destroy(state)
  }

  var root: RootDescription {
    RootDescription(
      tableAddress: state.rootAddress,
      lines: [RootDescription.Line("table", hex: state.rootAddress)]
        + encoding.rootLines(rootAddress: state.rootAddress))
  }

  var validEntryCount: Int { state.figures.pointee.liveSlots }
  var tableByteCount: UInt64 { state.figures.pointee.bytes }
  var tableCount: Int { state.figures.pointee.tables }

  var leafCounts: [(size: UInt64, count: Int)] {
    (0..<64).map { (size: 1 << UInt64($0), count: state.figures.pointee.leaves[$0]) }.filter { $0.count > 0 }
  }

  func map(
    deviceAddress: UInt64, runs: [OutputRun], attributes: MappingAttributes
  ) throws(PageTableError) {
    try runs.withUnsafeBufferPointer { runs throws(PageTableError) in
      try encoding.map(state, deviceAddress, runs, attributes)
    }
  }

  func map(deviceAddress: UInt64, to run: OutputRun, attributes: MappingAttributes) throws(PageTableError) {
    if short.mapPage(deviceAddress, run, attributes) { return }
    try withUnsafePointer(to: run) { run throws(PageTableError) in
      try encoding.map(state, deviceAddress, UnsafeBufferPointer(start: run, count: 1), attributes)
    }
  }

  func unmap(deviceAddress: UInt64, length: UInt64) throws(PageTableError) {
    if short.unmapPage(deviceAddress, length) { return }
    try encoding.unmap(state, deviceAddress, length)
  }

  func changeAttributes(
    deviceAddress: UInt64, length: UInt64, attributes: MappingAttributes
  ) throws(PageTableError) {
    try encoding.changeAttributes(state, deviceAddress, length, attributes)
  }

  func walk(_ deviceAddress: UInt64) -> Walk {
    encoding.walk(state, deviceAddress)
  }

  func translate(_ deviceAddress: UInt64) -> Translation {
    short.translate(deviceAddress)
  }

  func snapshot() -> PageTableSnapshot {
    encoding.snapshot(state)
  }

  func destroy() {
    encoding.destroy(state)
  }
}

/// What is over in a few nanoseconds, so that how it is called matters: closures made where the format's type is known.
struct ShortOperations {
  /// See `Engine.mapPage`.
  let mapPage: (UInt64, OutputRun, MappingAttributes) -> Bool
  /// See `Engine.unmapPage`.
  let unmapPage: (UInt64, UInt64) -> Bool
  /// See `PageTable.translate`.
  let translate: (UInt64) -> Translation

  /// The operations on one table.
  init<Format: PageTableFormat>(_ engine: Engine<Format>) {
    mapPage = { engine.mapPage($0, $1, $2) }
    unmapPage = { engine.unmapPage($0, $1) }
    translate = { engine.translate($0) }
  }
}
