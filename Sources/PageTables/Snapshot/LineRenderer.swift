/// Writes lines one after the other into a caller's buffer.
///
/// The parts of a line that stay the same from one entry to the next (level, size, attributes) are kept in a ready-made
/// line, which is copied; only the numbers are then written. Nothing is allocated for a line.
struct LineRenderer<Format: PageTableFormat> {
  private let reader: SnapshotReader<Format>
  private let layout: LineLayout
  private let bytesPerLine: Int
  /// The ready-made line, and one more for lines that the buffer cuts.
  private let ready: UnsafeMutableRawPointer
  private let cut: UnsafeMutableRawPointer
  /// What the ready-made line was made for.
  private var key: Key?

  private struct Key: Equatable {
    var level: Int
    var sizeLog2: Int
    var child: Int32
    var flags: Format.Word
    var path: Format.Word
  }

  /// A renderer with two lines of working space.
  init(_ reader: SnapshotReader<Format>, _ layout: LineLayout, workspace: UnsafeMutableRawPointer) {
    self.reader = reader
    self.layout = layout
    bytesPerLine = layout.bytesPerLine
    ready = workspace
    cut = workspace + layout.bytesPerLine
  }

  /// Writes text from a byte offset on; the bytes written.
  mutating func render(offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard let start = buffer.baseAddress else { return 0 }
    let first = offset / UInt64(bytesPerLine)
    var skip = Int(offset % UInt64(bytesPerLine))
    var written = 0
    reader.forEachLine(from: first) { line in
      let room = buffer.count - written
      if skip == 0, room >= bytesPerLine {
        write(line, at: start + written)
        written += bytesPerLine
      } else {
        write(line, at: cut)
        let count = min(bytesPerLine - skip, room)
        (start + written).copyMemory(from: cut + skip, byteCount: count)
        skip = 0
        written += count
      }
      return written < buffer.count
    }
    return written
  }

  /// Writes one line at a place with room for it.
  @inline(__always)
  mutating func write(
    _ line: borrowing SnapshotReader<Format>.Line, at place: UnsafeMutableRawPointer
  ) {
    let format = reader.format
    let (deviceAddress, sizeLog2, output) = reader.meaning(of: line)
    let isLeaf = line.child == SnapshotTree.Row.leaf
    let address =
      isLeaf
      ? format.addressBits(
        output, level: line.level, sizeLog2: format.leafSizeLog2(of: line.entry, level: line.level))
      : Format.Word(truncatingIfNeeded: output)
    let flags = line.entry & ~address
    let child = isLeaf ? line.child : min(line.child, 0)
    let wanted = Key(level: line.level, sizeLog2: sizeLog2, child: child, flags: flags, path: line.path)
    if key != wanted {
      key = wanted
      prepare(line, sizeLog2)
    }
    place.copyMemory(from: ready, byteCount: bytesPerLine)
    HexDigits.write(UInt64(line.slot), count: layout.slotDigits, at: place + layout.slotColumn + 2)
    HexDigits.write(
      line.entryAddress, count: layout.entryAddressDigits, at: place + layout.entryAddressColumn + 2)
    HexDigits.write(
      UInt64(truncatingIfNeeded: line.entry), count: layout.entryDigits, at: place + layout.entryColumn + 2)
    HexDigits.write(deviceAddress, count: layout.deviceDigits, at: place + layout.deviceColumn + 2)
    HexDigits.write(output, count: layout.outputDigits, at: place + layout.outputColumn + 2)
  }

  /// Makes the ready-made line for entries like `line`.
  private func prepare(_ line: borrowing SnapshotReader<Format>.Line, _ sizeLog2: Int) {
    var text = TextCursor(start: ready, limit: bytesPerLine)
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
    var words = TextCursor(start: ready + layout.wordsColumn, limit: layout.wordsWidth)
    reader.describe(line, into: &words)
    words.pad(to: layout.wordsWidth)
    ready.storeBytes(of: 0x0A, toByteOffset: bytesPerLine - 1, as: UInt8.self)
  }
}
