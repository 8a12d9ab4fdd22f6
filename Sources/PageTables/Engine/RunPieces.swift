/// Runs of physical memory with adjacent ones joined, and cut where wider entries begin to be needed.
struct RunPieces {
  private let runs: UnsafeBufferPointer<OutputRun>
  private let boundary: UInt64?
  private var index = 0
  private var rest: OutputRun?

  /// The pieces of non-empty runs; no piece crosses address 2^bits.
  init(_ runs: UnsafeBufferPointer<OutputRun>, cutAt bits: Int) {
    self.runs = runs
    boundary = bits < 64 ? 1 << UInt64(bits) : nil
  }

  /// The next piece.
  mutating func next() -> OutputRun? {
    guard var piece = rest ?? joined() else { return nil }
    rest = nil
    if let boundary, piece.physicalAddress < boundary, piece.length > boundary - piece.physicalAddress {
      let low = boundary - piece.physicalAddress
      rest = OutputRun(physicalAddress: boundary, length: piece.length - low)
      piece.length = low
    }
    return piece
  }

  private mutating func joined() -> OutputRun? {
    guard index < runs.count else { return nil }
    var run = runs[index]
    index += 1
    while index < runs.count, runs[index].physicalAddress == run.physicalAddress &+ run.length,
      runs[index].physicalAddress != 0
    {
      run.length = run.length &+ runs[index].length
      index += 1
    }
    return run
  }
}
