internal import PageTables
internal import VCM

/// The text form of page tables: for each association a header, then one line for each valid entry.
///
/// The header's lines begin with `#`: region, device and format, what a walker must be told, the registers, and the names
/// of the columns. The entries' lines are the snapshot's, which makes them from the encoded memory.
enum TableDump {
  /// The length of a dump, from the counts that the tables keep.
  ///
  /// O(associations).
  static func length(of associations: [Association], _ state: TreeState) -> UInt64 {
    associations.reduce(0) { length, association in
      guard let table = association.table else {
        return length + UInt64(header(of: association, nil).utf8.count)
      }
      let layout = state.layout(of: table)
      return length + UInt64(header(of: association, layout.columnHeader).utf8.count)
        + UInt64(table.validEntryCount) * UInt64(layout.bytesPerLine)
    }
  }

  /// The dump at this moment.
  static func content(of associations: [Association]) -> any DumpContent {
    var parts: [any DumpContent] = []
    for association in associations {
      let snapshot = association.table?.snapshot()
      parts.append(BytesContent(header(of: association, snapshot?.columnHeader)))
      if let snapshot { parts.append(SnapshotText(snapshot: snapshot)) }
    }
    return ComposedContent(parts)
  }

  private static func header(of association: Association, _ columns: String?) -> String {
    var lines = ["region \(association.region.name)", "device \(association.device.name)"]
    guard let table = association.table, let columns else {
      lines.append("format \(association.device.formatName ?? "none")")
      lines.append(association.isActive ? "no table: device addresses are physical addresses" : "inactive")
      return lines.map { "# \($0)\n" }.joined()
    }
    lines.append("format \(table.format.name)")
    lines.append("addresses \(table.format.stage.words)")
    lines += table.root.lines.map { "\($0.key)=\($0.value)" }
    lines.append(columns)
    return lines.map { "# \($0)\n" }.joined()
  }
}

/// The lines of a snapshot.
private struct SnapshotText: DumpContent {
  let snapshot: PageTableSnapshot

  var length: UInt64 { snapshot.byteCount }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    snapshot.render(offset: offset, into: buffer)
  }
}

/// The raw tables of a snapshot, one after the other.
struct TablePages: DumpContent {
  private let snapshot: PageTableSnapshot?

  init(_ snapshot: PageTableSnapshot?) {
    self.snapshot = snapshot
  }

  var length: UInt64 { snapshot?.tableByteCount ?? 0 }

  var liesInMemory: Bool { true }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    snapshot?.withTablePages(offset: offset, count: buffer.count) {
      buffer.copyMemory(from: $0)
      return $0.count
    } ?? 0
  }

  func withBytes(
    at offset: UInt64, room: UnsafeMutableRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    guard let snapshot else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    snapshot.withTablePages(offset: offset, count: room.count, body)
  }
}

/// What the dumps of tables of one format have in common.
struct TableLayout {
  /// The length of a line of the text.
  let bytesPerLine: Int
  /// The names of the columns.
  let columnHeader: String
  /// How many structures in memory lead to the root.
  let rootStructures: Int
}

extension TreeState {
  /// The layout of a table's dump.
  ///
  /// It belongs to the format as configured, so one snapshot tells it for all tables.
  func layout(of table: any PageTable) -> TableLayout {
    if let layout = layouts[table.format] { return layout }
    let snapshot = table.snapshot()
    let layout = TableLayout(
      bytesPerLine: snapshot.bytesPerLine, columnHeader: snapshot.columnHeader,
      rootStructures: snapshot.tablePages.count - table.tableCount)
    layouts[table.format] = layout
    return layout
  }
}
