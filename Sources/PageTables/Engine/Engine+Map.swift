extension Engine {
  /// What stays the same while one run is mapped.
  struct Job {
    /// The attributes of every leaf.
    let attributes: Format.LeafAttributes
    /// The flags of every pointer on the way.
    let key: UInt64
    /// The sizes of leaves whose entries can hold the run's addresses.
    var sizes: UInt64
  }

  /// Maps runs at consecutive device addresses; all or nothing.
  func map(
    _ deviceAddress: UInt64, _ runs: UnsafeBufferPointer<OutputRun>, _ wish: MappingAttributes
  ) throws(PageTableError) {
    guard let root = state.root else { throw .outOfTableMemory(byteCount: 0) }
    let attributes = try format.leafAttributes(for: wish)
    let sum = Summary(runs)
    let (first, last) = try offsets(deviceAddress, try sum.length(of: runs))
    var job = Job(attributes: attributes, key: format.pointerKey(for: attributes), sizes: 0)
    if !sum.isPlain(format) { try checkRuns(runs, first) }
    let (top, hasKey) = lowestTable(root, first, last, key: job.key)
    try checkFree(top, first, last, key: job.key)
    guard hasKey else { throw .cannotExpress(attribute: Format.pointerKeyConflict, format: Format.name) }
    var next = first
    do {
      if runs.count > 1, sum.isPlain(format), let writer = PageWriter(self, attributes, key: job.key) {
        job.sizes = .max
        try fill(top, from: &next, runs, job, writer)
        return
      }
      var pieces = RunPieces(runs, cutAt: format.outputBits(sizeLog2: format.pageShift))
      while let piece = pieces.next() {
        job.sizes = usableSizes(piece)
        try fill(top, from: &next, through: next &+ (piece.length &- 1), piece.physicalAddress, job)
      }
    } catch {
      undo(root, first, before: next)
      throw error
    }
  }

  /// Fills free slots with leaves for many runs that entries of every size can hold.
  private func fill(
    _ top: Node, from offset: inout UInt64, _ runs: UnsafeBufferPointer<OutputRun>, _ job: Job,
    _ writer: PageWriter<Format>
  ) throws(PageTableError) {
    var writer = writer
    // Before the first failure is seen, the record says what was written.
    defer { writer.finish() }
    let next = runs.baseAddress.unsafelyUnwrapped
    var index = 0
    while index < runs.count {
      var run = next[index]
      index &+= 1
      while index < runs.count, next[index].physicalAddress == run.physicalAddress &+ run.length,
        next[index].physicalAddress != 0
      {
        run.length = run.length &+ next[index].length
        index &+= 1
      }
      if run.length < writer.nextSize {
        try writer.write(run, at: &offset, below: top)
      } else {
        writer.finish()
        try fill(top, from: &offset, through: offset &+ (run.length &- 1), run.physicalAddress, job)
      }
    }
  }

  /// Refuses runs that no leaves can express.
  private func checkRuns(
    _ runs: UnsafeBufferPointer<OutputRun>, _ first: UInt64
  ) throws(PageTableError) {
    let pageMask: UInt64 = 1 << UInt64(format.pageShift) - 1
    for run in runs {
      guard !run.physicalAddress.addingReportingOverflow(run.length - 1).overflow else {
        throw .badRange(start: run.physicalAddress, length: run.length)
      }
      guard run.physicalAddress & pageMask == 0 else {
        throw .misaligned(value: run.physicalAddress, pageSize: pageMask + 1)
      }
      guard run.length & pageMask == 0 else { throw .misaligned(value: run.length, pageSize: pageMask + 1) }
      try format.checkExpressible(run)
    }
    let narrowest = format.outputBits(sizeLog2: format.pageShift)
    var pieces = RunPieces(runs, cutAt: narrowest)
    var offset = first
    while let piece = pieces.next() {
      let sizes = usableSizes(piece)
      let smallest: UInt64 = sizes == 0 ? 0 : 1 << UInt64(sizes.trailingZeroBitCount) - 1
      guard sizes != 0, (offset | piece.physicalAddress | piece.length) & smallest == 0 else {
        throw .outputTooWide(physicalAddress: piece.physicalAddress, bits: narrowest)
      }
      offset = offset &+ piece.length
    }
  }

  /// The sizes of leaves, over all levels, whose entries can hold the last address of a piece.
  private func usableSizes(_ piece: OutputRun) -> UInt64 {
    let last = piece.physicalAddress &+ (piece.length &- 1)
    let narrowest = format.outputBits(sizeLog2: format.pageShift)
    if narrowest >= 64 || last >> UInt64(narrowest) == 0 { return .max }
    var all: UInt64 = 0
    for level in 0...format.topLevel { all |= format.leafSizes(level) }
    var usable: UInt64 = 0
    while all != 0 {
      let sizeLog2 = all.trailingZeroBitCount
      all &= all - 1
      let bits = format.outputBits(sizeLog2: sizeLog2)
      if bits >= 64 || last >> UInt64(bits) == 0 { usable |= 1 << UInt64(sizeLog2) }
    }
    return usable
  }

  /// Refuses a range in which something is mapped, or whose tables carry other flags than are needed.
  private func checkFree(
    _ node: Node, _ first: UInt64, _ last: UInt64, key: UInt64
  ) throws(PageTableError) {
    let level = node.pointee.level
    let end = format.slot(of: last, level: level) + 1
    var next = node.pointee.live.first(in: format.slot(of: first, level: level)..<end)
    while let slot = next {
      guard let child = node.pointee.child(at: slot) else {
        throw .overlap(deviceAddress: deviceAddress(of: slot, in: first, level: level))
      }
      let start = max(first, offset(of: slot, in: first, level: level))
      try checkFree(child, start, min(last, slotEnd(start, level: level)), key: key)
      guard child.pointee.pointerKey == key else {
        throw .cannotExpress(attribute: Format.pointerKeyConflict, format: Format.name)
      }
      next = node.pointee.live.first(in: slot + 1..<end)
    }
  }

  /// Fills free slots of a table, and of tables below it, with leaves for one run.
  ///
  /// - Parameters:
  ///   - offset: the table offset of the run's rest, moved on as leaves are written.
  ///   - last: the last table offset of the run in this table.
  ///   - address: the physical address that belongs to the first offset.
  private func fill(
    _ node: Node, from offset: inout UInt64, through last: UInt64, _ address: UInt64, _ job: Job
  ) throws(PageTableError) {
    let level = node.pointee.level
    let sizes = format.leafSizes(level) & job.sizes
    let distance = address &- offset
    while true {
      let output = offset &+ distance
      let slot = format.slot(of: offset, level: level)
      if let sizeLog2 = Self.largestSize(sizes, offset | output, last &- offset) {
        let count = Self.leafCount(sizes, sizeLog2, offset, output, last)
        writeLeaves(node, slot, count, sizeLog2, output, job.attributes)
        let end = offset &+ (UInt64(count) << UInt64(sizeLog2))
        offset = end
        if end &- 1 == last { return }
      } else {
        let end = min(last, slotEnd(offset, level: level))
        if let child = node.pointee.child(at: slot) {
          try fill(child, from: &offset, through: end, output, job)
        } else if level == 1 {
          let tables = fullTables(below: node, slot, offset, last, distance, job)
          if tables > 0 {
            try makeFullTables(below: node, slot..<slot + tables, from: &offset, output, job)
          } else {
            try makeLeaves(of: node, at: slot, from: &offset, through: end, output, job)
          }
        } else {
          let child = try makeChild(of: node, at: slot, key: job.key)
          try fill(child, from: &offset, through: end, output, job)
        }
        if offset &- 1 == last { return }
      }
    }
  }

  /// Makes a table of leaves below an empty slot: its entries are stored once, and then it is linked.
  private func makeLeaves(
    of node: Node, at slot: Int, from offset: inout UInt64, through last: UInt64, _ address: UInt64,
    _ job: Job
  ) throws(PageTableError) {
    let child = try makeNode(level: 0, key: job.key)
    let slots = format.slot(of: offset, level: 0)..<format.slot(of: last, level: 0) + 1
    Self.fillEmpty(format, child, 0..<slots.lowerBound)
    Self.fillEmpty(format, child, slots.upperBound..<child.pointee.slotCount)
    // Below level 0 there is no table to make, so this cannot fail.
    try fill(child, from: &offset, through: last, address, job)
    link(child, below: node, at: slot)
  }

  /// The log2 of the largest of `sizes` to whose multiples `alignment` belongs and that is not above `rest` + 1.
  private static func largestSize(_ sizes: UInt64, _ alignment: UInt64, _ rest: UInt64) -> Int? {
    let length = rest &+ 1
    let lengthLog2 = length == 0 ? 63 : 63 - length.leadingZeroBitCount
    let limit = min(alignment.trailingZeroBitCount, lengthLog2, 63)
    let fitting = sizes & (.max >> UInt64(63 - limit))
    return fitting == 0 ? nil : 63 - fitting.leadingZeroBitCount
  }

  /// How many leaves of one size follow each other before the run ends or a larger size of this level fits.
  private static func leafCount(
    _ sizes: UInt64, _ sizeLog2: Int, _ offset: UInt64, _ output: UInt64, _ last: UInt64
  ) -> Int {
    var length = (last &- offset) &+ 1
    let larger = sizes & ~(.max >> UInt64(63 - sizeLog2))
    if larger != 0 {
      let next: UInt64 = 1 << UInt64(larger.trailingZeroBitCount)
      let toBoundary = (0 &- offset) & (next - 1)
      if (offset ^ output) & (next - 1) == 0, toBoundary > 0, toBoundary < length,
        length &- toBoundary >= next
      {
        length = toBoundary
      }
    }
    return Int(truncatingIfNeeded: length >> UInt64(sizeLog2))
  }

  /// Takes back what a failed call has written, and the tables that it has made.
  private func undo(_ root: Node, _ first: UInt64, before next: UInt64) {
    if next != first { clear(root, first, next &- 1) }
    prune(root, next)
  }

  /// Frees the empty tables on the way to an offset.
  func prune(_ node: Node, _ offset: UInt64) {
    let slot = format.slot(of: offset, level: node.pointee.level)
    guard let child = node.pointee.child(at: slot) else { return }
    prune(child, offset)
    if child.pointee.liveCount == 0 {
      unlinkChild(of: node, at: slot)
      freeTable(child)
    }
  }
}
