internal import PhysicalMemory
internal import VCM

/// The whole physical memory as a file, each byte at the offset that is its physical address.
enum PhysicalFile {
  /// The end of the last memory type, as far as a file can have that length.
  static func length(_ state: TreeState) -> UInt64 {
    let end = state.engine.memory.windows.reduce(UInt64(0)) { max($0, ($1.last ?? 0) &+ 1) }
    return min(end, UInt64(Int64.max))
  }

  /// What is at an offset: memory, or the gap up to the next.
  static func locate(_ offset: UInt64, _ state: TreeState) -> FilePiece {
    let memory = state.engine.memory
    let length = memory.contiguousBytes(from: offset, limit: .max)
    if length > 0 { return FilePiece(physicalAddress: offset, length: length) }
    let next = memory.windows.lazy.map(\.base).filter { $0 > offset }.min() ?? .max
    return FilePiece(physicalAddress: nil, length: next - offset)
  }
}
