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

  /// The leaves of a table without pointers, from a slot on.
  struct Leaves {
    var table: SnapshotTree.Table
    /// The table offset of the table's first byte.
    var base: UInt64
    /// What the pointers on the way hand down.
    var path: Format.Word
    var firstSlot: Int
  }

  /// Calls `body` with the lines from `first` on until it returns false.
  func forEachLine(from first: UInt64, _ body: (borrowing Line) -> Bool) {
    forEachPart(from: first, line: body) { leaves in
      var next: Int? = leaves.firstSlot
      while let slot = next {
        guard body(self.line(of: leaves, slot: slot)) else { return false }
        next = tree.nextSlot(leaves.table, from: slot + 1)
      }
      return true
    }
  }

  /// Calls `line` with the lines of tables that have pointers, and `leaves` with tables that have none, from a line on,
  /// until one of them returns false.
  func forEachPart(
    from first: UInt64, line: (borrowing Line) -> Bool, leaves: (borrowing Leaves) -> Bool
  ) {
    guard let root = tree.tables.first, first < root.lineCount else { return }
    _ = visit(root, base: 0, path: .max, from: first, line, leaves)
  }

  /// The line of a slot of leaves.
  func line(of leaves: borrowing Leaves, slot: Int) -> Line {
    line(leaves.table, slot, leaves.base, leaves.path, SnapshotTree.Row.leaf)
  }

  /// The lines of a table and below; false once a body has returned false.
  private func visit(
    _ table: SnapshotTree.Table, base: UInt64, path: Format.Word, from first: UInt64,
    _ body: (borrowing Line) -> Bool, _ leaves: (borrowing Leaves) -> Bool
  ) -> Bool {
    guard table.lineCount > 0 else { return true }
    guard !table.rows.isEmpty else {
      return leaves(Leaves(table: table, base: base, path: path, firstSlot: tree.slot(table, line: first)))
    }
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
          guard visit(child, base: line.offset, path: path, from: below, body, leaves) else { return false }
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
    let entry = entries(of: table).loadUnaligned(fromByteOffset: place, as: Format.Word.self)
    return Line(
      level: table.level, slot: slot, entryAddress: table.address &+ UInt64(place),
      entry: format.stored(entry), offset: base | UInt64(slot) << UInt64(format.slotShift(table.level)),
      path: path, child: child)
  }

  /// The entries of a table as copied, all of them.
  @inline(__always)
  func entries(of table: SnapshotTree.Table) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[table.byteOffset..<table.byteOffset + table.byteCount])
  }

  /// What a line says of its entry: the first device address, the bytes, the output address.
  func meaning(of line: borrowing Line) -> (deviceAddress: UInt64, sizeLog2: Int, output: UInt64) {
    let sizeLog2 = sizeLog2(of: line)
    let (deviceAddress, output) = addresses(of: line, sizeLog2: sizeLog2)
    return (deviceAddress, sizeLog2, output)
  }

  /// The log2 of the bytes of a line's leaf or table.
  func sizeLog2(of line: borrowing Line) -> Int {
    let shift = format.slotShift(line.level)
    guard line.child == SnapshotTree.Row.leaf else { return shift }
    let leafSizeLog2 = min(format.leafSizeLog2(of: line.entry, level: line.level), 63)
    return Format.groupsAdvance ? min(leafSizeLog2, shift) : leafSizeLog2
  }

  /// The first device address of a line's leaf or table, whose size is known, and its output address.
  @inline(__always)
  func addresses(of line: borrowing Line, sizeLog2: Int) -> (device: UInt64, output: UInt64) {
    let offset = line.offset & .max << UInt64(sizeLog2)
    return (
      format.deviceAddress(ofTableOffset: offset),
      line.child == SnapshotTree.Row.leaf
        ? format.outputAddress(of: line.entry, level: line.level)
        : format.tableAddress(of: line.entry, level: line.level)
    )
  }

  /// The bits of a line's entry that hold an address and nothing else, as long as all others stay the same.
  ///
  /// None of a pointer's: its words may say where it points.
  func addressMask(of line: borrowing Line) -> Format.Word {
    guard line.child == SnapshotTree.Row.leaf else { return 0 }
    let leafSizeLog2 = min(format.leafSizeLog2(of: line.entry, level: line.level), 63)
    let bits = format.outputBits(sizeLog2: leafSizeLog2)
    let addresses: UInt64 = bits >= 64 ? .max : 1 << UInt64(max(bits, 0)) - 1
    return format.addressBits(
      addresses & .max << UInt64(sizeLog2(of: line)), level: line.level, sizeLog2: leafSizeLog2)
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
