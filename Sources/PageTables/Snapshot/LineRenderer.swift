internal import CStores

/// Writes lines one after the other into a caller's buffer.
///
/// The parts of a line that stay the same from one entry to the next (level, size, attributes) are kept in a ready-made
/// line; of each line only the numbers are noted, and a batch of lines is stored at once. What neighbours share is decoded
/// once. Nothing is allocated for a line.
struct LineRenderer<Format: PageTableFormat> {
  private let reader: SnapshotReader<Format>
  private let layout: LineLayout
  private let bytesPerLine: Int
  private let workspace: LineWorkspace
  /// What the ready-made line was made for.
  private var ready: Ready?
  /// Where the noted lines go, and how many there are.
  private var place: UnsafeMutableRawPointer?
  private var count = 0

  /// The entries that a ready-made line fits.
  private struct Ready {
    var level: Int
    var child: Int32
    var path: Format.Word
    /// Of an entry, the bits that are not an address, and what they must be.
    var flagMask: Format.Word
    var flags: Format.Word
    /// The log2 of the bytes of the leaf or table.
    var sizeLog2: Int
  }

  init(_ reader: SnapshotReader<Format>, _ layout: LineLayout, _ workspace: LineWorkspace) {
    self.reader = reader
    self.layout = layout
    self.workspace = workspace
    bytesPerLine = layout.bytesPerLine
  }

  /// Writes text from a byte offset on; the bytes written.
  mutating func render(offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard let start = buffer.baseAddress, !buffer.isEmpty else { return 0 }
    var rest = Rest(
      place: start, end: start + buffer.count, skip: Int(offset % UInt64(bytesPerLine)))
    reader.forEachPart(from: offset / UInt64(bytesPerLine)) { line in
      write(line, into: &rest)
    } leaves: { leaves in
      write(leaves, into: &rest)
    }
    flush()
    return rest.place - start
  }

  /// What is left of a caller's buffer, and how much of the next line comes before it.
  private struct Rest {
    var place: UnsafeMutableRawPointer
    let end: UnsafeMutableRawPointer
    var skip: Int
  }

  /// Notes the lines of leaves; false when the buffer is full.
  private mutating func write(
    _ leaves: borrowing SnapshotReader<Format>.Leaves, into rest: inout Rest
  ) -> Bool {
    var next: Int? = leaves.firstSlot
    while let slot = next, rest.place < rest.end {
      let run = noteRun(of: leaves, from: slot, into: rest)
      if run.lineCount > 0 {
        rest.place += run.lineCount * bytesPerLine
        next = reader.tree.nextSlot(leaves.table, from: run.endSlot)
      } else {
        _ = write(reader.line(of: leaves, slot: slot), into: &rest)
        next = reader.tree.nextSlot(leaves.table, from: slot + 1)
      }
    }
    return rest.place < rest.end
  }

  /// Notes lines that the ready-made line fits, up to 64 slots and one batch, in a loop that calls nothing.
  private mutating func noteRun(
    of leaves: borrowing SnapshotReader<Format>.Leaves, from slot: Int, into rest: Rest
  ) -> (lineCount: Int, endSlot: Int) {
    guard let ready, ready.level == leaves.table.level, ready.child == SnapshotTree.Row.leaf,
      ready.path == leaves.path, rest.skip == 0
    else { return (0, slot) }
    if count == LineWorkspace.lineLimit { flush() }
    if count == 0 { place = rest.place }
    let limit = min(LineWorkspace.lineLimit &- count, (rest.end - rest.place) / bytesPerLine)
    let format = reader.format
    let level = leaves.table.level
    let shift = UInt64(format.slotShift(level))
    let entries = reader.entries(of: leaves.table)
    let firstSlot = slot & ~63
    var slots = reader.tree.liveSlots(leaves.table, from: slot)
    var values = workspace.values + count &* LineLayout.numberCount
    var lineCount = 0
    while slots != 0, lineCount < limit {
      let slot = firstSlot &+ slots.trailingZeroBitCount
      let entry = format.stored(
        entries.loadUnaligned(fromByteOffset: slot &* MemoryLayout<Format.Word>.size, as: Format.Word.self))
      guard entry & ready.flagMask == ready.flags else { break }
      let offset = (leaves.base | UInt64(truncatingIfNeeded: slot) &<< shift) & .max << UInt64(ready.sizeLog2)
      values[0] = UInt64(truncatingIfNeeded: slot)
      values[1] = leaves.table.address &+ UInt64(truncatingIfNeeded: slot &* MemoryLayout<Format.Word>.size)
      values[2] = UInt64(truncatingIfNeeded: entry)
      values[3] = format.deviceAddress(ofTableOffset: offset)
      values[4] = format.outputAddress(of: entry, level: level)
      values += LineLayout.numberCount
      slots &= slots &- 1
      lineCount &+= 1
    }
    count &+= lineCount
    return (lineCount, firstSlot &+ slots.trailingZeroBitCount)
  }

  /// Notes a line, or copies the part of it that has room; false when the buffer is full.
  private mutating func write(
    _ line: borrowing SnapshotReader<Format>.Line, into rest: inout Rest
  ) -> Bool {
    if rest.skip == 0, rest.end - rest.place >= bytesPerLine {
      write(line, at: rest.place)
      rest.place += bytesPerLine
    } else {
      copyPart(of: line, into: &rest)
    }
    return rest.place < rest.end
  }

  private mutating func copyPart(
    of line: borrowing SnapshotReader<Format>.Line, into rest: inout Rest
  ) {
    flush()
    write(line, at: workspace.cut)
    flush()
    let count = min(bytesPerLine - rest.skip, rest.end - rest.place)
    rest.place.copyMemory(from: workspace.cut + rest.skip, byteCount: count)
    rest.place += count
    rest.skip = 0
  }

  /// Notes a line for a place with room for it: the place behind the last one, unless everything is flushed.
  ///
  /// Its text is there when it is flushed.
  mutating func write(_ line: borrowing SnapshotReader<Format>.Line, at place: UnsafeMutableRawPointer) {
    if let ready, ready.level == line.level, ready.child == min(line.child, 0), ready.path == line.path,
      line.entry & ready.flagMask == ready.flags
    {
      if count == LineWorkspace.lineLimit { flush() }
      note(line, ready, at: place)
    } else {
      flush()
      note(line, prepare(line), at: place)
    }
  }

  private mutating func note(
    _ line: borrowing SnapshotReader<Format>.Line, _ ready: Ready, at place: UnsafeMutableRawPointer
  ) {
    if count == 0 { self.place = place }
    let (deviceAddress, output) = reader.addresses(of: line, sizeLog2: ready.sizeLog2)
    let values = workspace.values + count &* LineLayout.numberCount
    values[0] = UInt64(truncatingIfNeeded: line.slot)
    values[1] = line.entryAddress
    values[2] = UInt64(truncatingIfNeeded: line.entry)
    values[3] = deviceAddress
    values[4] = output
    count &+= 1
  }

  /// Stores the lines that are noted.
  mutating func flush() {
    guard count > 0, let place else { return }
    store_hex_lines(
      place, workspace.ready, bytesPerLine, workspace.columns, LineLayout.numberCount, workspace.values, count
    )
    count = 0
  }

  /// Makes the ready-made line for entries like `line`.
  private mutating func prepare(_ line: borrowing SnapshotReader<Format>.Line) -> Ready {
    let sizeLog2 = reader.sizeLog2(of: line)
    let flagMask = ~reader.addressMask(of: line)
    let wanted = Ready(
      level: line.level, child: min(line.child, 0), path: line.path, flagMask: flagMask,
      flags: line.entry & flagMask, sizeLog2: sizeLog2)
    ready = wanted
    var text = TextCursor(start: workspace.ready, limit: bytesPerLine)
    text.append(reader.format.levelName(line.level))
    for column in [layout.slotColumn, layout.entryAddressColumn, layout.entryColumn, layout.deviceColumn] {
      text.pad(to: column)
      text.append("0x")
    }
    text.pad(to: layout.sizeColumn)
    text.append(decimal: 1 << UInt64(sizeLog2))
    text.pad(to: layout.outputColumn)
    text.append("0x")
    text.pad(to: layout.kindColumn)
    text.append(line.child == SnapshotTree.Row.leaf ? "pa" : "table")
    text.pad(to: layout.wordsColumn)
    var words = TextCursor(start: workspace.ready + layout.wordsColumn, limit: layout.wordsWidth)
    reader.describe(line, into: &words)
    words.pad(to: layout.wordsWidth)
    workspace.ready.storeBytes(of: 0x0A, toByteOffset: bytesPerLine - 1, as: UInt8.self)
    return wanted
  }
}
