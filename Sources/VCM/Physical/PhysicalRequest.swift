/// One physical allocation that is asked for.
public struct PhysicalRequest: Hashable, Sendable {
  /// The number of bytes: a multiple of the smallest block, not zero.
  public var length: UInt64

  /// The names of the memory types to try, best first.
  ///
  /// Empty means the first that is not for tables.
  public var memoryTypes: [String]

  /// The sizes of the chunks that may be used, in any order.
  ///
  /// Empty means 1 MiB, 64 KiB and 4 KiB as far as the memory types allow them.
  public var blockSizes: [UInt64]

  /// Whether the buffer must be one contiguous range.
  public var isContiguous: Bool

  /// What the first byte's physical address must be a multiple of: a power of two.
  ///
  /// Nil means the block.
  public var alignment: UInt64?

  /// The physical address of an existing range to wrap; nil means that memory is allocated.
  public var address: UInt64?

  /// The chunks that the buffer is to have, in its order, if just these and no others will do.
  ///
  /// They must be free, and lie in the memory types.
  public var chunks: [ChunkRun]

  /// The name; nil means `b0`, `b1`, ...
  public var name: String?

  /// Makes a request.
  public init(
    length: UInt64, memoryTypes: [String] = [], blockSizes: [UInt64] = [], isContiguous: Bool = false,
    alignment: UInt64? = nil, at address: UInt64? = nil, chunks: [ChunkRun] = [],
    name: String? = nil
  ) {
    self.length = length
    self.memoryTypes = memoryTypes
    self.blockSizes = blockSizes
    self.isContiguous = isContiguous
    self.alignment = alignment
    self.address = address
    self.chunks = chunks
    self.name = name
  }
}
