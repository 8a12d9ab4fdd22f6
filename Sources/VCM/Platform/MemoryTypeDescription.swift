/// A pool of physical memory, as a platform declares it.
public struct MemoryTypeDescription: Hashable, Sendable {
  /// The chunk sizes of a memory type that names none: 1 MiB, 64 KiB and 4 KiB.
  public static let defaultChunkSizes: [UInt64] = [1 << 20, 64 << 10, 4 << 10]

  /// The name that requests use, such as `mt0`.
  public var name: String

  /// The physical address of the first byte; a multiple of 4096.
  public var base: UInt64

  /// The number of bytes; a multiple of 4096, not zero.
  public var size: UInt64

  /// Where the pool lies in the memory file; nil means its base minus the lowest base of all.
  public var fileOffset: UInt64?

  /// The sizes of chunks that a buffer of this type may be made of: powers of two from 4 KiB to 1 GiB.
  public var chunkSizes: [UInt64]

  /// Whether every buffer of this type is one contiguous range.
  public var isContiguous: Bool

  /// Whether page tables are allocated here.
  public var holdsTables: Bool

  /// Makes a description.
  ///
  /// Nothing is checked before an engine is made of it.
  public init(
    name: String, base: UInt64, size: UInt64, fileOffset: UInt64? = nil,
    chunkSizes: [UInt64] = MemoryTypeDescription.defaultChunkSizes, isContiguous: Bool = false,
    holdsTables: Bool = false
  ) {
    self.name = name
    self.base = base
    self.size = size
    self.fileOffset = fileOffset
    self.chunkSizes = chunkSizes
    self.isContiguous = isContiguous
    self.holdsTables = holdsTables
  }
}
