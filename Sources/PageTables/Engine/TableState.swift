internal import PhysicalMemory

/// What a page table is made of, whatever its format: the tree of records, and the figures over all of it.
///
/// Owned by one `EncodedPageTable`; the engine's operations change it.
final class TableState {
  /// Where tables come from.
  let tableMemory: any TableMemory
  /// Where they lie.
  let memory: PhysicalMemory
  /// The root's record; `nil` once the table is destroyed.
  var root: TableNode.Reference?
  /// The root's physical address, kept beyond the root.
  let rootAddress: UInt64
  /// The memory beside the tables.
  var structures: RootStructures
  /// The figures.
  var figures = TableFigures()
  /// The last snapshot taken, for as long as somebody reads it.
  weak var cachedSnapshot: PageTableSnapshot?

  init(
    tableMemory: any TableMemory, root: TableNode.Reference, structures: RootStructures
  ) {
    self.tableMemory = tableMemory
    memory = tableMemory.memory
    self.root = root
    rootAddress = root.pointee.address
    self.structures = structures
  }
}

/// Running totals over a page table.
struct TableFigures {
  /// Slots that hold a leaf or a pointer.
  var liveSlots = 0
  /// Tables, the root included.
  var tables = 0
  /// Bytes in tables and root structures.
  var bytes: UInt64 = 0
  /// The number of leaves of 2^k bytes at place k.
  var leaves = ContiguousArray(repeating: 0, count: 64)
}
