internal import PhysicalMemory
internal import VCM

/// The whole physical memory as a file, each byte at the offset that is its physical address.
enum PhysicalFile {
  /// The end of the last memory type, as far as a file can have that length.
  static func length(_ state: TreeState) -> UInt64 {
    let end = state.engine.memory.windows.reduce(UInt64(0)) { max($0, ($1.last ?? 0) &+ 1) }
    return min(end, UInt64(Int64.max))
  }

  /// Calls `body` with the pieces of a range, each memory or a gap up to the next, until it returns false.
  static func forEachPiece(of range: Range<UInt64>, _ state: TreeState, _ body: (FilePiece) -> Bool) {
    let memory = state.engine.memory
    var position = range.lowerBound
    while position < range.upperBound {
      let rest = range.upperBound - position
      let length = memory.contiguousBytes(from: position, limit: rest)
      let gap = (memory.windows.lazy.map(\.base).filter { $0 > position }.min() ?? .max) - position
      let piece =
        length > 0
        ? FilePiece(physicalAddress: position, length: length)
        : FilePiece(physicalAddress: nil, length: min(gap, rest))
      guard body(piece) else { return }
      position += piece.length
    }
  }
}
