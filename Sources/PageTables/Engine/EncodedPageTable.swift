/// The one implementation of `PageTable`: a format, and the state it works on.
final class EncodedPageTable: PageTable {
  /// The format as configured; every operation goes through it once.
  private let encoding: any PageTableFormat
  private let state: TableState
  private let operations: CompiledOperations
  let format: FormatDescription

  init(encoding: any PageTableFormat, state: TableState, operations: CompiledOperations) {
    self.encoding = encoding
    self.state = state
    self.operations = operations
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
      try operations.map(deviceAddress, runs, attributes)
    }
  }

  func map(deviceAddress: UInt64, to run: OutputRun, attributes: MappingAttributes) throws(PageTableError) {
    if operations.mapPage(deviceAddress, run, attributes) { return }
    try withUnsafePointer(to: run) { run throws(PageTableError) in
      try operations.map(deviceAddress, UnsafeBufferPointer(start: run, count: 1), attributes)
    }
  }

  func unmap(deviceAddress: UInt64, length: UInt64) throws(PageTableError) {
    if operations.unmapPage(deviceAddress, length) { return }
    try operations.unmap(deviceAddress, length)
  }

  func changeAttributes(
    deviceAddress: UInt64, length: UInt64, attributes: MappingAttributes
  ) throws(PageTableError) {
    try operations.changeAttributes(deviceAddress, length, attributes)
  }

  func walk(_ deviceAddress: UInt64) -> Walk {
    encoding.walk(state, deviceAddress)
  }

  func translate(_ deviceAddress: UInt64) -> Translation {
    operations.translate(deviceAddress)
  }

  func snapshot() -> PageTableSnapshot {
    operations.snapshot()
  }

  func destroy() {
    encoding.destroy(state)
  }
}
