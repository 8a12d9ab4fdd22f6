/// Looks for what is wrong in the tables of a snapshot.
///
/// Each table is looked at once, on the first way that leads to it, so damaged memory costs no more than the tables that
/// there are. What an entry means is asked of the format: it is decoded and encoded again, and the bits that the encoder
/// would not write are those that no field of the format has.
struct TableChecker<Format: PageTableFormat> {
  typealias Word = Format.Word

  /// How a table was reached first.
  struct Origin {
    /// The table offset of its first byte.
    var base: UInt64
    /// What the pointers on the way hand down.
    var path: Word
    /// The table that points to it; `nil` for the root.
    var parent: Int32?
    /// The slot that points to it.
    var slot: Int32
  }

  /// Physical memory that device addresses lead to.
  struct Mapping {
    var start: UInt64
    var last: UInt64
    var deviceAddress: UInt64
    /// The cache policy, and bit 2 secure: what must be the same wherever it is mapped.
    var memory: UInt8
  }

  let format: Format
  let tree: SnapshotTree
  /// The bytes of the tree.
  let bytes: UnsafeRawBufferPointer
  /// What was found.
  var problems: TableProblems
  /// By table.
  var origins: [Origin?]
  /// The tables reached, each once, in that order; what lies below a loop is not.
  var queue: [Int] = []
  /// In the order of the tables, joined where they follow each other.
  var mappings: [Mapping] = []

  init(_ format: Format, _ tree: SnapshotTree, _ bytes: UnsafeRawBufferPointer, limit: Int) {
    self.format = format
    self.tree = tree
    self.bytes = bytes
    problems = TableProblems(limit: limit)
    origins = Array(repeating: nil, count: tree.tables.count)
    guard !origins.isEmpty else { return }
    origins[0] = Origin(base: 0, path: .max, parent: nil, slot: 0)
    queue = [0]
  }

  /// An entry of a table.
  @inline(__always)
  func entry(_ table: SnapshotTree.Table, _ slot: Int) -> Word {
    let offset = table.byteOffset + slot * MemoryLayout<Word>.size
    return format.stored(bytes.loadUnaligned(fromByteOffset: offset, as: Word.self))
  }

  /// The table offset of a slot.
  func offset(_ origin: Origin, _ slot: Int, level: Int) -> UInt64 {
    origin.base | UInt64(slot) << UInt64(format.slotShift(level))
  }

  /// A slot, as a problem names it.
  func place(_ index: Int, _ slot: Int) -> TableProblem.Place? {
    guard let origin = origins[index] else { return nil }
    let table = tree.tables[index]
    return TableProblem.Place(
      levelName: "\(format.levelName(table.level))", slot: UInt64(slot),
      entryAddress: table.address &+ UInt64(slot * MemoryLayout<Word>.size),
      entry: UInt64(truncatingIfNeeded: entry(table, slot)),
      deviceAddress: format.deviceAddress(ofTableOffset: offset(origin, slot, level: table.level)))
  }

  /// The pointer that leads to a table first.
  func pointer(to index: Int) -> TableProblem.Place? {
    guard let origin = origins[index], let parent = origin.parent else { return nil }
    return place(Int(parent), Int(origin.slot))
  }

  /// Checks every entry by itself, and notes where pointers and leaves lead.
  mutating func checkEntries(_ onProgress: ((DecodingOptions.Step, Int, Int?) -> Void)?) {
    var done = 0
    while done < queue.count {
      let index = queue[done]
      done += 1
      guard let origin = origins[index] else { continue }
      let table = tree.tables[index]
      var row = table.rows.lowerBound
      var groupEnd = 0
      for slot in 0..<table.byteCount / MemoryLayout<Word>.size {
        let entry = entry(table, slot)
        switch format.kind(of: entry, level: table.level) {
        case .empty: continue
        case .reserved: checkReserved(index, slot, entry)
        case .leaf:
          checkLeaf(index, slot, entry, origin)
          if slot >= groupEnd { groupEnd = checkCopies(index, slot, entry) }
        case .table:
          while row < table.rows.upperBound, tree.rows[row].slot < Int32(slot) { row += 1 }
          guard row < table.rows.upperBound else { continue }
          checkPointer(index, slot, entry, tree.rows[row].child, origin)
        }
      }
      onProgress?(.checking, done, tree.tables.count)
    }
  }
}
