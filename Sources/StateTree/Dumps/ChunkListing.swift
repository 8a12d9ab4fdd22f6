internal import VCM

/// The segments of a buffer as text: one `0xPHYS LEN` line each.
///
/// Segments come in runs of neighbours of one length, and a run's lines differ in width only where its addresses get
/// another digit, so that the length of a run's text and the line at an offset follow from its first segment. Nothing is
/// made but what is read.
struct ChunkListing: DumpContent {
  /// Segments of one length, one after the other, whose addresses have the same number of digits.
  private struct Piece: Sendable {
    let address: UInt64
    let segmentLength: UInt64
    let lineLength: Int
    /// Where the piece's text begins.
    let start: UInt64
    let count: UInt64
  }

  private var pieces: [Piece] = []
  private(set) var length: UInt64 = 0

  private init() {}

  /// The listing of a buffer.
  ///
  /// O(runs).
  init(of allocation: PhysicalAllocation) {
    var listing = ChunkListing()
    allocation.forEachRun { run in
      listing.append(address: run.address, segmentLength: run.chunkLength, count: run.count)
    }
    self = listing
  }

  /// Appends a run, cut where its addresses get another digit.
  private mutating func append(address: UInt64, segmentLength: UInt64, count: UInt64) {
    var address = address
    var rest = count
    while rest > 0 {
      let width = Print.addressWidth(address)
      // The first address with more digits: 16 to the power of the digits; none above 16 digits.
      let bound: UInt64? = width < 18 ? 1 << UInt64(4 * (width - 2)) : nil
      let fitting = bound.map { ($0 - address - 1) / segmentLength + 1 } ?? rest
      let taken = min(rest, fitting)
      let lineLength = width + 1 + Print.lengthWidth(segmentLength) + 1
      pieces.append(
        Piece(
          address: address, segmentLength: segmentLength, lineLength: lineLength, start: length, count: taken)
      )
      length += taken * UInt64(lineLength)
      address &+= taken &* segmentLength
      rest -= taken
    }
  }

  func read(at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    guard offset < length else { return 0 }
    var low = 0
    var high = pieces.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if pieces[middle].start <= offset { low = middle } else { high = middle - 1 }
    }
    var done = 0
    var position = offset
    while low < pieces.count, done < buffer.count {
      let piece = pieces[low]
      var index = (position - piece.start) / UInt64(piece.lineLength)
      while index < piece.count, done < buffer.count {
        let line = Print.address(piece.address + index * piece.segmentLength) + " \(piece.segmentLength)\n"
        let skip = Int((position - piece.start) % UInt64(piece.lineLength))
        for byte in line.utf8.dropFirst(skip) where done < buffer.count {
          buffer[done] = byte
          done += 1
          position += 1
        }
        index += 1
      }
      low += 1
    }
    return done
  }
}
