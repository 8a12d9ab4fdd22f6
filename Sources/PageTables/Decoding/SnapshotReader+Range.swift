extension SnapshotReader {
  /// Calls `body` with the lines that concern a range of device addresses until it returns false.
  ///
  /// Tables outside of the range are not looked into.
  func forEachLine(within range: ClosedRange<UInt64>, _ body: (borrowing Line) -> Bool) {
    guard let root = tree.tables.first else { return }
    _ = visit(root, base: 0, path: .max, within: range, body)
  }

  /// The lines of a table and below; false once `body` has returned false.
  private func visit(
    _ table: SnapshotTree.Table, base: UInt64, path: Format.Word, within range: ClosedRange<UInt64>,
    _ body: (borrowing Line) -> Bool
  ) -> Bool {
    guard table.rows.isEmpty else {
      for row in tree.rows[table.rows] {
        let line = line(table, Int(row.slot), base, path, row.child)
        guard concerns(line, range) else { continue }
        guard body(line) else { return false }
        guard row.child >= 0 else { continue }
        let path = format.path(path, through: line.entry, level: table.level)
        guard visit(tree.tables[Int(row.child)], base: line.offset, path: path, within: range, body) else {
          return false
        }
      }
      return true
    }
    var next = tree.nextSlot(table, from: 0)
    while let slot = next {
      let line = line(table, slot, base, path, SnapshotTree.Row.leaf)
      if concerns(line, range) {
        guard body(line) else { return false }
      }
      next = tree.nextSlot(table, from: slot + 1)
    }
    return true
  }

  /// Whether what a line shows has an address in a range.
  private func concerns(_ line: borrowing Line, _ range: ClosedRange<UInt64>) -> Bool {
    let (first, sizeLog2, _) = meaning(of: line)
    let (last, overflow) = first.addingReportingOverflow(1 << UInt64(sizeLog2) &- 1)
    return first <= range.upperBound && (overflow || last >= range.lowerBound)
  }
}
