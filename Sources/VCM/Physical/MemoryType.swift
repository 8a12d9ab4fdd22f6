internal import PhysicalMemory

/// A pool of physical memory: `enum memtype_t` of the RFC.
public final class MemoryType {
  /// The memory type's lasting identity.
  public let id: ObjectID

  /// What the platform declares of it.
  public let description: MemoryTypeDescription

  /// A number that belongs to whoever uses the engine.
  ///
  /// Zero at first.
  public var stamp: UInt64 = 0

  let buddy: BuddyAllocator

  init(id: ObjectID, description: MemoryTypeDescription, buddy: BuddyAllocator) {
    self.id = id
    self.description = description
    self.buddy = buddy
  }

  /// The name that requests use.
  public var name: String { description.name }

  /// The physical address of the first byte.
  public var base: UInt64 { description.base }

  /// The number of bytes.
  public var size: UInt64 { description.size }

  /// The number of bytes that are not allocated.
  ///
  /// O(1).
  public var freeBytes: UInt64 { buddy.freeBytes }

  /// The size of the largest free block: a power of two.
  ///
  /// O(1).
  public var largestFreeBlock: UInt64 { buddy.largestFreeBlock }

  /// The number of free blocks of `2^order` bytes that are not part of a larger free block.
  ///
  /// O(1).
  public func freeBlockCount(order: Int) -> UInt64 { buddy.freeBlockCount(order: order) }

  /// The orders of blocks that the pool is kept in: 12 to 30 for buffers, from 8 for tables.
  public var orders: ClosedRange<Int> { buddy.orders }

  /// The largest range that one contiguous buffer can have now.
  ///
  /// O(free blocks).
  public var largestFreeRange: UInt64 { buddy.largestFreeRun().length }

  /// The physical address and length of the lowest contiguous free range of the largest length
  /// (`vcm_get_cont_memtype_pa`, `vcm_get_cont_memtype_len`); nil if nothing is free.
  public var firstContiguousRange: MemoryChunk? {
    let run = buddy.largestFreeRun()
    return run.length == 0 ? nil : MemoryChunk(address: run.address, length: run.length)
  }
}
