internal import PhysicalMemory

/// What a page table is made of, whatever its format: the tree of records, and the figures over all of it.
///
/// Owned by one `EncodedPageTable`; the engine's operations change it, one at a time.
final class TableState {
  /// Where tables come from.
  let tableMemory: any TableMemory
  /// Where they lie.
  let memory: PhysicalMemory
  /// The root's physical address, kept beyond the root.
  let rootAddress: UInt64
  /// The root's record and the figures.
  ///
  /// They have memory of their own because engines touch them many times in an operation: a stored property of a class
  /// would be checked for overlapping accesses each time.
  let figures: UnsafeMutablePointer<TableFigures>
  /// Where the records of tables of level 0 come from.
  let records: BlockPool
  /// The memory beside the tables.
  var structures: RootStructures
  /// The last snapshot taken, for as long as somebody reads it.
  weak var cachedSnapshot: PageTableSnapshot?

  init(
    tableMemory: any TableMemory, root: TableNode.Reference, records: BlockPool, structures: RootStructures
  ) {
    self.tableMemory = tableMemory
    memory = tableMemory.memory
    rootAddress = root.pointee.address
    self.records = records
    self.structures = structures
    let leaves = UnsafeMutablePointer<Int>.allocate(capacity: 64)
    leaves.initialize(repeating: 0, count: 64)
    figures = .allocate(capacity: 1)
    figures.initialize(
      to: TableFigures(
        root: root, window: MappedWindow(around: rootAddress, in: memory), leaves: leaves,
        nearTables: NearTables.make()))
  }

  deinit {
    figures.pointee.leaves.deallocate()
    figures.pointee.nearTables.free()
    figures.deallocate()
  }

  /// The root's record; `nil` once the table is destroyed.
  var root: TableNode.Reference? { figures.pointee.root }
}

/// The root's record, running totals over a page table, and what makes the next operation shorter.
struct TableFigures {
  /// The root's record; `nil` once the table is destroyed.
  var root: TableNode.Reference?
  /// The part of memory that has the root, and so mostly all tables.
  let window: MappedWindow
  /// Slots that hold a leaf or a pointer.
  var liveSlots = 0
  /// Tables, the root included.
  var tables = 0
  /// Bytes in tables and root structures.
  var bytes: UInt64 = 0
  /// The number of leaves of 2^k bytes at place k, for 64 sizes.
  let leaves: UnsafeMutablePointer<Int>
  /// Tables of level 0 that were used lately.
  let nearTables: NearTables
  /// What the attributes of the last page became.
  var recent = RecentAttributes()
}

/// What some attributes become in entries of the smallest page.
struct RecentAttributes {
  /// The attributes as a number that is never zero; zero before there were any.
  private var packed: UInt64 = 0
  /// The entry without its address.
  private(set) var template: UInt64 = 0
  /// The flags of the pointers on the way.
  private(set) var key: UInt64 = 0

  /// Nothing yet.
  init() {}

  /// What `wish` becomes.
  init(_ wish: MappingAttributes, template: UInt64, key: UInt64) {
    packed = Self.pack(wish)
    self.template = template
    self.key = key
  }

  /// Whether these are the attributes.
  @inline(__always)
  func isOf(_ wish: MappingAttributes) -> Bool { packed == Self.pack(wish) }

  @inline(__always)
  private static func pack(_ wish: MappingAttributes) -> UInt64 {
    UInt64(wish.access.rawValue) | UInt64(wish.privilege.rawValue) &<< 8 | (wish.isSecure ? 1 &<< 16 : 0)
      | UInt64(wish.cache.rawValue) &<< 24 | 1 &<< 32
  }
}
