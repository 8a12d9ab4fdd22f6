/// What one slot of a leaf maps, by its own word: of a leaf of several slots a part.
struct MappedPiece {
  /// The first device address.
  var deviceAddress: UInt64
  /// The first physical address.
  var outputAddress: UInt64
  /// The log2 of the bytes.
  var sizeLog2: Int
  /// Whether the leaf begins here.
  var isStart: Bool

  /// The piece of a leaf's slot at a table offset.
  @inline(__always)
  init<Format: PageTableFormat>(_ format: Format, _ entry: Format.Word, level: Int, offset: UInt64) {
    let leafLog2 = UInt64(min(format.leafSizeLog2(of: entry, level: level), 63))
    let into = offset & (1 << leafLog2 - 1)
    let output = format.outputAddress(of: entry, level: level)
    sizeLog2 = min(Int(leafLog2), format.slotShift(level))
    deviceAddress = format.deviceAddress(ofTableOffset: offset)
    outputAddress = Format.groupsAdvance ? output : output & ~(1 << leafLog2 - 1) | into
    isStart = into == 0
  }

  /// The number of bytes.
  var byteCount: UInt64 { 1 << UInt64(sizeLog2) }

  /// Whether it has a device address in a range.
  func concerns(_ range: ClosedRange<UInt64>) -> Bool {
    let (last, overflow) = deviceAddress.addingReportingOverflow(byteCount - 1)
    return deviceAddress <= range.upperBound && (overflow || last >= range.lowerBound)
  }
}

/// Joins pieces that follow each other on both sides and have equal attributes.
struct RunJoiner<Format: PageTableFormat> {
  private struct Open {
    var run: DecodedRun
    var attributes: Format.LeafAttributes
  }

  private let format: Format
  private var open: Open?

  init(format: Format) {
    self.format = format
  }

  /// Takes the next piece; the run that ends before it, if one does.
  mutating func add(_ piece: MappedPiece, _ attributes: Format.LeafAttributes) -> DecodedRun? {
    if let last = open, last.attributes == attributes, last.run.byteCount != 0,
      last.run.deviceAddress &+ last.run.byteCount == piece.deviceAddress,
      last.run.outputAddress &+ last.run.byteCount == piece.outputAddress
    {
      open?.run.byteCount = last.run.byteCount &+ piece.byteCount
      if piece.isStart { open?.run.pageCount += 1 }
      return nil
    }
    let ended = finish()
    open = Open(
      run: DecodedRun(
        deviceAddress: piece.deviceAddress, byteCount: piece.byteCount, outputAddress: piece.outputAddress,
        pageCount: 1, words: ""),
      attributes: attributes)
    return ended
  }

  /// The last run, if there is one.
  mutating func finish() -> DecodedRun? {
    guard var last = open else { return nil }
    open = nil
    last.run.words = TextCursor.string(capacity: Format.wordsWidth) {
      format.describe(last.attributes, into: &$0)
    }
    return last.run
  }
}
