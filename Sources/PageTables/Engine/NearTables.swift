/// The tables of level 0 that were used lately, by the table offsets that they span, as hardware keeps them.
///
/// A driver that maps and unmaps page by page so gets to its table in one step. An entry is forgotten before its table is
/// freed. The value points to one block of memory that the table's state owns.
struct NearTables {
  private struct Entry {
    var number: UInt64
    var node: TableNode.Reference?
  }

  private let entries: UnsafeMutablePointer<Entry>

  /// How many tables are remembered: those of 512 MiB, where tables have 512 entries of 4 KiB.
  private static var capacity: Int { 256 }

  /// A memory of no tables.
  static func make() -> NearTables {
    let entries = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
    entries.initialize(repeating: Entry(number: .max, node: nil), count: capacity)
    return NearTables(entries: entries)
  }

  /// Gives the memory back.
  func free() {
    entries.deallocate()
  }

  private init(entries: UnsafeMutablePointer<Entry>) {
    self.entries = entries
  }

  /// The table that was remembered under a number: the table offset divided by what a table spans.
  @inline(__always)
  func find(_ number: UInt64) -> TableNode.Reference? {
    let entry = entries + Int(truncatingIfNeeded: number & UInt64(Self.capacity &- 1))
    return entry.pointee.number == number ? entry.pointee.node : nil
  }

  /// Remembers a table in place of another one.
  func insert(_ node: TableNode.Reference, _ number: UInt64) {
    entries[Int(truncatingIfNeeded: number & UInt64(Self.capacity &- 1))] = Entry(number: number, node: node)
    node.pointee.nearNumber = number
  }

  /// Forgets a table that is about to be freed.
  func remove(_ node: TableNode.Reference) {
    let entry = entries + Int(truncatingIfNeeded: node.pointee.nearNumber & UInt64(Self.capacity &- 1))
    if entry.pointee.node == node { entry.pointee = Entry(number: .max, node: nil) }
  }
}
