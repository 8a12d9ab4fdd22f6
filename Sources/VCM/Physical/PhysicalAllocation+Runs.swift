/// Chunks of one length, one after the other in physical memory and in their buffer.
public struct ChunkRun: Hashable, Sendable {
  /// The physical address of the first chunk.
  public let address: UInt64

  /// The number of bytes of each chunk.
  public let chunkLength: UInt64

  /// The number of chunks.
  public let count: UInt64

  /// Chunks that begin at a physical address.
  public init(address: UInt64, chunkLength: UInt64, count: UInt64) {
    self.address = address
    self.chunkLength = chunkLength
    self.count = count
  }
}

extension PhysicalAllocation {
  /// Calls `body` with the chunks as runs of neighbours of one length, in the order of the buffer's bytes.
  ///
  /// O(runs).
  public func forEachRun(_ body: (ChunkRun) -> Void) {
    for index in 0..<runs.runCount {
      guard let run = runs.run(index) else { return }
      body(ChunkRun(address: run.address, chunkLength: run.chunkLength, count: run.count))
    }
  }
}
