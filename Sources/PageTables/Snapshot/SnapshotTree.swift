/// The tables of a snapshot: copies of their bytes, and for each the number of text lines in and below it.
///
/// A table that pointers reach twice is kept once, so damaged memory, in which tables may point to each other, costs no
/// more than the tables that there are; lines are found by descending from the root with counts.
struct SnapshotTree {
  /// One table.
  struct Table {
    /// The physical address.
    var address: UInt64
    /// The level; 0 holds leaves only.
    var level: Int
    /// The offset of the table's bytes in the copy.
    var byteOffset: Int
    /// The number of bytes.
    var byteCount: Int
    /// The lines of this table and of all tables below it.
    var lineCount: UInt64 = 0
    /// The table's valid entries, if it has pointers; otherwise empty, and `words` counts.
    var rows: Range<Int> = 0..<0
    /// The table's words of `live` and `ranks`, if it has no pointers.
    var words: Range<Int> = 0..<0
  }

  /// One valid entry of a table with pointers.
  struct Row {
    /// The slot.
    var slot: Int32
    /// The table below, or one of the values that follow.
    var child: Int32
    /// The lines of the table before this entry's own.
    var start: UInt64

    /// A leaf has nothing below.
    static let leaf: Int32 = -1
    /// A pointer to where there is no memory.
    static let outside: Int32 = -2
    /// A pointer that was not followed, because more tables are reachable than can have been made.
    static let notFollowed: Int32 = -3
  }

  /// The tables, the root first, in the order in which the text meets them.
  var tables: [Table] = []
  /// The valid entries of tables with pointers.
  var rows: [Row] = []
  /// The valid slots of tables without pointers, a bit each.
  var live: [UInt64] = []
  /// The number of valid slots of the table before each word of `live`.
  var ranks: [UInt32] = []
  /// All tables' bytes, then those of the root structures.
  var bytes: [UInt8] = []

  /// The row of a table with pointers in which a line lies.
  func row(_ table: Table, containing line: UInt64) -> Int {
    var low = table.rows.lowerBound
    var high = table.rows.upperBound
    while high - low > 1 {
      let middle = (low + high) / 2
      if rows[middle].start <= line { low = middle } else { high = middle }
    }
    return low
  }

  /// The slot of a table without pointers that has a line.
  func slot(_ table: Table, line: UInt64) -> Int {
    let rank = UInt32(truncatingIfNeeded: line)
    var low = table.words.lowerBound
    var high = table.words.upperBound
    while high - low > 1 {
      let middle = (low + high) / 2
      if ranks[middle] <= rank { low = middle } else { high = middle }
    }
    var word = live[low]
    for _ in 0..<(rank - ranks[low]) { word &= word &- 1 }
    return (low - table.words.lowerBound) << 6 + word.trailingZeroBitCount
  }

  /// The valid slots of a table without pointers among 64 neighbours, from one of them on: a bit each.
  func liveSlots(_ table: Table, from slot: Int) -> UInt64 {
    live[table.words.lowerBound + slot >> 6] & (.max << UInt64(slot & 63))
  }

  /// The first valid slot of a table without pointers from `slot` on; `nil` if there is none.
  func nextSlot(_ table: Table, from slot: Int) -> Int? {
    var index = table.words.lowerBound + slot >> 6
    guard index < table.words.upperBound else { return nil }
    var word = live[index] & (.max << UInt64(slot & 63))
    while word == 0 {
      index += 1
      guard index < table.words.upperBound else { return nil }
      word = live[index]
    }
    return (index - table.words.lowerBound) << 6 + word.trailingZeroBitCount
  }
}
