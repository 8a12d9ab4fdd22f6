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

  /// Where the byte at an offset lies.
  static func locate(_ offset: UInt64, in allocation: PhysicalAllocation, _ state: TreeState) -> FilePiece {
    var found = FilePiece(physicalAddress: nil, length: .max)
    state.engine.forEachPiece(of: allocation, offset: offset, length: .max) { piece in
      found = FilePiece(
        physicalAddress: piece.pointer == nil ? nil : piece.physicalAddress, length: piece.length)
      return false
    }
    return found
  }
}
