internal import PhysicalMemory
internal import VCM

/// The bytes of a buffer as a file.
enum BufferFile {
  /// The bytes in the file: those of the buffer, none if it wraps a range without memory.
  static func length(_ allocation: PhysicalAllocation, _ state: TreeState) -> UInt64 {
    guard allocation.isWrapped, let range = allocation.chunk(at: 0) else { return allocation.length }
    let bytes = state.engine.memory.contiguousBytes(from: range.address, limit: allocation.length)
    return bytes == allocation.length ? bytes : 0
  }

  /// Calls `body` with the pieces of a range of the bytes, until it returns false.
  static func forEachPiece(
    of range: Range<UInt64>, in allocation: PhysicalAllocation, _ state: TreeState,
    _ body: (FilePiece) -> Bool
  ) {
    state.engine.forEachPiece(
      of: allocation, offset: range.lowerBound, length: range.upperBound - range.lowerBound
    ) { piece in
      body(
        FilePiece(
          physicalAddress: piece.pointer == nil ? nil : piece.physicalAddress, length: piece.length))
    }
  }
}
