internal import PhysicalMemory

/// The operations on a whole table, as a format is asked for them once an operation.
///
/// Formats do not implement these: `PageTableFormat` does, for all of them. They are requirements so that a call through
/// `any PageTableFormat` reaches code which the compiler made for that one format.
protocol TableOperations {
  /// Makes an empty table.
  static func makeTable(
    _ configuration: TableConfiguration, _ tableMemory: any TableMemory
  ) throws(PageTableError) -> any PageTable
  /// See `PageTable.walk`.
  func walk(_ state: TableState, _ deviceAddress: UInt64) -> Walk
  /// See `PageTable.snapshot`.
  func snapshot(_ state: TableState) -> PageTableSnapshot
  /// See `PageTableSnapshot.render`.
  func render(
    _ snapshot: PageTableSnapshot, _ offset: UInt64, _ buffer: UnsafeMutableRawBufferPointer
  ) -> Int
  /// See `PageTableSnapshot.forEachEntry`.
  func forEachEntry(
    _ snapshot: PageTableSnapshot, _ firstLine: UInt64, _ body: (PageTableSnapshot.Entry) -> Bool)
  /// See `PageTableSnapshot.renderLines`.
  func renderLines(
    _ snapshot: PageTableSnapshot, _ range: ClosedRange<UInt64>,
    _ body: (UnsafeRawBufferPointer) -> Bool)
  /// See `PageTableSnapshot.forEachEntry`.
  func forEachEntry(
    _ snapshot: PageTableSnapshot, within range: ClosedRange<UInt64>,
    _ body: (PageTableSnapshot.Entry) -> Bool)
  /// See `FormatEntry.decode`.
  func decode(
    _ memory: PhysicalMemory, _ rootAddress: UInt64, _ options: DecodingOptions
  ) throws(PageTableError) -> PageTableSnapshot
  /// See `DecodedTable.forEachRun`.
  func forEachRun(
    _ snapshot: PageTableSnapshot, _ range: ClosedRange<UInt64>, _ body: (DecodedRun) -> Bool)
  /// See `DecodedTable.problems`.
  func problems(_ snapshot: PageTableSnapshot, _ options: DecodingOptions, limit: Int) -> TableProblems
  /// See `PageTable.destroy`.
  func destroy(_ state: TableState)
}
