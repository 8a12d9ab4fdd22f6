internal import PhysicalMemory

extension PageTableFormat {
  func decode(
    _ memory: PhysicalMemory, _ rootAddress: UInt64, _ options: DecodingOptions
  ) throws(PageTableError) -> PageTableSnapshot {
    let byteCount: UInt64 = 1 << UInt64(tableSizeLog2(topLevel))
    guard memory.pointer(to: rootAddress, byteCount: byteCount) != nil else {
      throw .rootOutsideMemory(physicalAddress: rootAddress, byteCount: byteCount)
    }
    let bits = tableAddressBits
    guard bits >= 64 || (rootAddress &+ (byteCount &- 1)) >> UInt64(bits) == 0 else {
      throw .tableOutOfReach(physicalAddress: rootAddress, bits: bits)
    }
    var builder = SnapshotBuilder(self, memory, rootAddress: rootAddress, options)
    let pages = builder.finish([])
    return PageTableSnapshot(
      encoding: self, layout: LineLayout(self), tree: builder.tree, tablePages: pages)
  }

  func renderLines(
    _ snapshot: PageTableSnapshot, _ range: ClosedRange<UInt64>, _ body: (UnsafeRawBufferPointer) -> Bool
  ) {
    let bytesPerLine = snapshot.layout.bytesPerLine
    let capacity = 256
    snapshot.tree.bytes.withUnsafeBytes { bytes in
      withUnsafeTemporaryAllocation(byteCount: bytesPerLine * capacity, alignment: 16) { space in
        guard let lines = space.baseAddress else { return }
        LineWorkspace.with(snapshot.layout) { workspace in
          let reader = SnapshotReader(format: self, tree: snapshot.tree, bytes: bytes)
          var renderer = LineRenderer(reader, snapshot.layout, workspace)
          var count = 0
          func handOut() -> Bool {
            renderer.flush()
            defer { count = 0 }
            return body(UnsafeRawBufferPointer(start: lines, count: count * bytesPerLine))
          }
          var isWanted = true
          reader.forEachLine(within: range) { line in
            renderer.write(line, at: lines + count * bytesPerLine)
            count += 1
            if count == capacity { isWanted = handOut() }
            return isWanted
          }
          if isWanted, count > 0 { _ = handOut() }
        }
      }
    }
  }

  func forEachEntry(
    _ snapshot: PageTableSnapshot, within range: ClosedRange<UInt64>,
    _ body: (PageTableSnapshot.Entry) -> Bool
  ) {
    snapshot.tree.bytes.withUnsafeBytes { bytes in
      let reader = SnapshotReader(format: self, tree: snapshot.tree, bytes: bytes)
      reader.forEachLine(within: range) { body(reader.entry(of: $0, snapshot.layout)) }
    }
  }

  func forEachRun(
    _ snapshot: PageTableSnapshot, _ range: ClosedRange<UInt64>, _ body: (DecodedRun) -> Bool
  ) {
    snapshot.tree.bytes.withUnsafeBytes { bytes in
      let reader = SnapshotReader(format: self, tree: snapshot.tree, bytes: bytes)
      var joiner = RunJoiner(format: self)
      var isWanted = true
      reader.forEachLine(within: range) { line in
        guard line.child == SnapshotTree.Row.leaf else { return true }
        let piece = MappedPiece(self, line.entry, level: line.level, offset: line.offset)
        guard piece.concerns(range) else { return true }
        let attributes = leafAttributes(of: line.entry, level: line.level, path: line.path)
        if let run = joiner.add(piece, attributes) { isWanted = body(run) }
        return isWanted
      }
      if isWanted, let run = joiner.finish() { _ = body(run) }
    }
  }

  func problems(_ snapshot: PageTableSnapshot, _ options: DecodingOptions, limit: Int) -> TableProblems {
    snapshot.tree.bytes.withUnsafeBytes { bytes in
      var checker = TableChecker(self, snapshot.tree, bytes, limit: limit)
      checker.checkEntries(options.onProgress)
      checker.checkTables()
      checker.checkConflicts()
      return checker.problems
    }
  }
}
