internal import PhysicalMemory

extension PageTableFormat {
  func snapshot(_ state: TableState) -> PageTableSnapshot {
    if let cached = state.cachedSnapshot, cached.isCurrent(in: state.memory) { return cached }
    var builder = SnapshotBuilder(self, state)
    let pages = builder.finish(state.structures.blocks)
    let snapshot = PageTableSnapshot(
      encoding: self, layout: LineLayout(self), tree: builder.tree, tablePages: pages,
      render: { self.render($0, $1, $2) })
    state.cachedSnapshot = snapshot
    return snapshot
  }

  func render(
    _ snapshot: PageTableSnapshot, _ offset: UInt64, _ buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    var written = 0
    snapshot.tree.bytes.withUnsafeBytes { bytes in
      LineWorkspace.with(snapshot.layout) { workspace in
        let reader = SnapshotReader(format: self, tree: snapshot.tree, bytes: bytes)
        var renderer = LineRenderer(reader, snapshot.layout, workspace)
        written = renderer.render(offset: offset, into: buffer)
      }
    }
    return written
  }

  func forEachEntry(
    _ snapshot: PageTableSnapshot, _ firstLine: UInt64, _ body: (PageTableSnapshot.Entry) -> Bool
  ) {
    snapshot.tree.bytes.withUnsafeBytes { bytes in
      let reader = SnapshotReader(format: self, tree: snapshot.tree, bytes: bytes)
      reader.forEachLine(from: firstLine) { body(reader.entry(of: $0, snapshot.layout)) }
    }
  }
}

extension SnapshotReader {
  /// A line as a value.
  func entry(of borrowed: borrowing Line, _ layout: LineLayout) -> PageTableSnapshot.Entry {
    let line = copy borrowed
    let (deviceAddress, sizeLog2, output) = meaning(of: line)
    var words = ""
    withUnsafeTemporaryAllocation(byteCount: layout.wordsWidth, alignment: 1) { buffer in
      guard let base = buffer.baseAddress else { return }
      var text = TextCursor(start: base, limit: buffer.count)
      describe(line, into: &text)
      words = String(decoding: buffer[..<text.count], as: UTF8.self)
    }
    return PageTableSnapshot.Entry(
      levelName: "\(format.levelName(line.level))", level: line.level, index: UInt64(line.slot),
      entryAddress: line.entryAddress, entry: UInt64(truncatingIfNeeded: line.entry),
      kind: line.child == SnapshotTree.Row.leaf ? .leaf : .table, deviceAddress: deviceAddress,
      size: 1 << UInt64(sizeLog2), outputAddress: output, words: words)
  }
}
