/// The operations that change or look up one table, as closures made where the format's type is known.
///
/// They are compiled for that one format even if its type is generic, and calling one costs less than asking for the format
/// first: mapping, unmapping or translating a page is over in a few nanoseconds.
struct CompiledOperations {
  /// See `Engine.mapPage`.
  let mapPage: (UInt64, OutputRun, MappingAttributes) -> Bool
  /// See `Engine.unmapPage`.
  let unmapPage: (UInt64, UInt64) -> Bool
  /// See `PageTable.translate`.
  let translate: (UInt64) -> Translation
  /// See `PageTable.map`.
  let map: (UInt64, UnsafeBufferPointer<OutputRun>, MappingAttributes) throws(PageTableError) -> Void
  /// See `PageTable.unmap`.
  let unmap: (UInt64, UInt64) throws(PageTableError) -> Void
  /// See `PageTable.changeAttributes`.
  let changeAttributes: (UInt64, UInt64, MappingAttributes) throws(PageTableError) -> Void

  /// See `PageTable.snapshot`.
  let snapshot: () -> PageTableSnapshot

  /// The operations on one table.
  init<Format: PageTableFormat>(_ engine: Engine<Format>) {
    mapPage = { engine.mapPage($0, $1, $2) }
    unmapPage = { engine.unmapPage($0, $1) }
    translate = { engine.translate($0) }
    snapshot = { engine.format.snapshot(engine.state) }
    map = { (deviceAddress, runs, wish) throws(PageTableError) in
      try engine.map(deviceAddress, runs, wish)
      if runs.count == 1 { engine.remember(deviceAddress, runs[0].length, wish) }
    }
    unmap = { (deviceAddress, length) throws(PageTableError) in
      try engine.unmap(deviceAddress, length)
      engine.remember(deviceAddress, length, nil)
    }
    changeAttributes = { (deviceAddress, length, wish) throws(PageTableError) in
      try engine.changeAttributes(deviceAddress, length, wish)
    }
  }
}
