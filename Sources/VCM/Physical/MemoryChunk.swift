/// A contiguous range of physical memory that belongs to a buffer.
public struct MemoryChunk: Hashable, Sendable {
  /// The physical address of the first byte.
  public let address: UInt64

  /// The number of bytes.
  public let length: UInt64

  /// Makes a chunk.
  public init(address: UInt64, length: UInt64) {
    self.address = address
    self.length = length
  }
}
