internal import Glibc

/// Blocks of memory of one size, from large pieces: nodes that are looked up at random lie on few, large pages of the system.
///
/// Each piece is as large as all before it, up to 2 MiB, which are offered to the system as a huge page: few nodes cost little,
/// and many do not wait for the translation of their addresses. A block that was given back is used again; the pieces go with
/// the pool, and large ones with the last block that is given back. It has no lock.
package final class BlockPool {
  private let byteCount: Int
  /// The blocks that were given back, each pointing to the next.
  @exclusivity(unchecked) private var free: UnsafeMutableRawPointer?
  /// The rest of the last piece.
  private var next: UnsafeMutableRawPointer
  private var rest = 0
  private var pieces: [UnsafeMutableRawPointer] = []

  /// The bytes of all pieces.
  private var total = 0
  /// The blocks that are out.
  @exclusivity(unchecked) private var liveCount = 0

  private static var largestPiece: Int { 2 << 20 }

  /// A pool of blocks of at least `byteCount` bytes, at most 2 MiB, each at a multiple of 16.
  package init(byteCount: Int) {
    self.byteCount = (byteCount + 15) & ~15
    next = UnsafeMutableRawPointer(bitPattern: 64).unsafelyUnwrapped
  }

  deinit {
    removePieces()
  }

  /// A block, whose bytes are anything.
  package func allocate() -> UnsafeMutableRawPointer {
    liveCount &+= 1
    if let block = free {
      free = block.load(as: UnsafeMutableRawPointer?.self)
      return block
    }
    if rest < byteCount { addPiece() }
    let block = next
    next += byteCount
    rest -= byteCount
    return block
  }

  /// Takes a block back.
  package func deallocate(_ block: UnsafeMutableRawPointer) {
    block.storeBytes(of: free, as: UnsafeMutableRawPointer?.self)
    free = block
    liveCount &-= 1
    if liveCount == 0, total >= Self.largestPiece { removePieces() }
  }

  private func removePieces() {
    for piece in pieces { Glibc.free(piece) }
    pieces = []
    free = nil
    rest = 0
    total = 0
  }

  private func addPiece() {
    let wanted = max(byteCount, total)
    let isLarge = wanted >= Self.largestPiece
    let size = isLarge ? Self.largestPiece : (wanted + 63) & ~63
    // As Swift's own allocation does, this ends the process where the system has no memory left.
    guard let piece = aligned_alloc(isLarge ? size : 64, size) else { fatalError("no memory for nodes") }
    if isLarge { madvise(piece, size, MADV_HUGEPAGE) }
    pieces.append(piece)
    total += size
    next = piece
    rest = size
  }
}
