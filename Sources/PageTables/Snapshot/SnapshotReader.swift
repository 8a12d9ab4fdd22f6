/// Reads the lines of a snapshot in order, from any line on.
struct SnapshotReader<Format: PageTableFormat> {
  /// One valid entry.
  struct Line {
    /// The entry's table's level.
    var level: Int
    /// The slot.
    var slot: Int
    /// The physical address of the slot.
    var entryAddress: UInt64
    /// The value.
    var entry: Format.Word
    /// The table offset of the slot's first byte.
    var offset: UInt64
    /// What the pointers on the way hand down.
    var path: Format.Word
    /// The row's value: a table below, or why there is none.
    var child: Int32
  }

  let format: Format
  let tree: SnapshotTree
  /// The bytes of the tree.
  let bytes: UnsafeRawBufferPointer

  /// Calls `body` with the lines from `first` on until it returns false.
  func forEachLine(from first: UInt64, _ body: (borrowing Line) -> Bool) {
    guard let root = tree.tables.first, first < root.lineCount else { return }
    _ = visit(root, base: 0, path: .max, from: first, body)
  }

  /// The lines of a table and below; false once `body` has returned false.
  private func visit(
    _ table: SnapshotTree.Table, base: UInt64, path: Format.Word, from first: UInt64,
    _ body: (borrowing Line) -> Bool
  ) -> Bool {
    table.rows.isEmpty
      ? visitLeaves(table, base: base, path: path, from: first, body)
      : visitRows(table, base: base, path: path, from: first, body)
  }

  private func visitLeaves(
    _ table: SnapshotTree.Table, base: UInt64, path: Format.Word, from first: UInt64,
    _ body: (borrowing Line) -> Bool
  ) -> Bool {
    guard table.lineCount > 0 else { return true }
    var next: Int? = tree.slot(table, line: first)
    while let slot = next {
      guard body(line(table, slot, base, path, SnapshotTree.Row.leaf)) else { return false }
      next = tree.nextSlot(table, from: slot + 1)
    }
    return true
  }

  private func visitRows(
    _ table: SnapshotTree.Table, base: UInt64, path: Format.Word, from first: UInt64,
    _ body: (borrowing Line) -> Bool
  ) -> Bool {
    var index = tree.row(table, containing: first)
    var skip = first &- tree.rows[index].start
    while index < table.rows.upperBound {
      let row = tree.rows[index]
      let line = line(table, Int(row.slot), base, path, row.child)
      if skip == 0 {
        guard body(line) else { return false }
      }
      if row.child >= 0 {
        let child = tree.tables[Int(row.child)]
        let below = skip == 0 ? 0 : skip &- 1
        let path = format.path(path, through: line.entry, level: table.level)
        if below < child.lineCount {
          guard visit(child, base: line.offset, path: path, from: below, body) else { return false }
        }
      }
      skip = 0
      index += 1
    }
    return true
  }

  @inline(__always)
  func line(
    _ table: SnapshotTree.Table, _ slot: Int, _ base: UInt64, _ path: Format.Word, _ child: Int32
  ) -> Line {
    let place = slot * MemoryLayout<Format.Word>.size
    let entry = bytes.loadUnaligned(fromByteOffset: table.byteOffset + place, as: Format.Word.self)
    return Line(
      level: table.level, slot: slot, entryAddress: table.address &+ UInt64(place),
      entry: format.stored(entry), offset: base | UInt64(slot) << UInt64(format.slotShift(table.level)),
      path: path, child: child)
  }

  /// What a line says of its entry: the first device address, the bytes, the output address.
  @inline(__always)
  func meaning(of line: borrowing Line) -> (deviceAddress: UInt64, sizeLog2: Int, output: UInt64) {
    let shift = format.slotShift(line.level)
    if line.child != SnapshotTree.Row.leaf {
      return (
        format.deviceAddress(ofTableOffset: line.offset), shift,
        format.tableAddress(of: line.entry, level: line.level)
      )
    }
    let leafSizeLog2 = min(format.leafSizeLog2(of: line.entry, level: line.level), 63)
    let sizeLog2 = Format.groupsAdvance ? min(leafSizeLog2, shift) : leafSizeLog2
    let offset = line.offset & .max << UInt64(sizeLog2)
    return (
      format.deviceAddress(ofTableOffset: offset), sizeLog2,
      format.outputAddress(of: line.entry, level: line.level)
    )
  }

  /// Writes a line's attributes in words.
  func describe(_ line: borrowing Line, into text: inout TextCursor) {
    switch line.child {
    case SnapshotTree.Row.leaf:
      let attributes = format.leafAttributes(of: line.entry, level: line.level, path: line.path)
      format.describe(attributes, into: &text)
    case SnapshotTree.Row.outside: text.append("outside memory")
    case SnapshotTree.Row.notFollowed: text.append("not followed")
    default: format.describe(pointer: line.entry, level: line.level, into: &text)
    }
  }
}
