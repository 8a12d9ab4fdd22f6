internal import PageTables
internal import PhysicalMemory

/// The pools that page tables are allocated from.
final class EngineTableMemory: TableMemory {
  /// The log2 of the smallest block of a pool for tables.
  static let smallestOrder = 8

  let memory: PhysicalMemory
  private let pools: [MemoryType]

  /// How many more allocations succeed; nil means that only a full pool refuses.
  ///
  /// For tests of failures half-way.
  var allocationsLeft: Int?

  /// The bytes that were freed since memory was last given back to the system.
  private var freedBytes: UInt64 = 0
  private var freedRange: AddressRange?

  init(memory: PhysicalMemory, pools: [MemoryType]) {
    self.memory = memory
    self.pools = pools
  }

  /// The bytes that tables occupy, and whatever else is allocated in these pools.
  var usedBytes: UInt64 { pools.reduce(0) { $0 + ($1.size - $1.freeBytes) } }

  func allocateTable(byteCountLog2: Int, alignmentLog2: Int) -> UInt64? {
    if let left = allocationsLeft {
      guard left > 0 else { return nil }
      allocationsLeft = left - 1
    }
    guard byteCountLog2 >= 0, byteCountLog2 < 48, alignmentLog2 < 48 else { return nil }
    let order = max(byteCountLog2, Self.smallestOrder)
    for pool in pools {
      let address =
        alignmentLog2 <= order && order <= BuddyAllocator.largestOrder
        ? pool.buddy.allocate(order: order)
        : pool.buddy.allocateContiguous(
          length: 1 << UInt64(order), alignment: 1 << UInt64(max(0, alignmentLog2)))
      if let address { return address }
    }
    return nil
  }

  func allocateTables(
    byteCountLog2: Int, alignmentLog2: Int, limit: Int
  ) -> (physicalAddress: UInt64, count: Int)? {
    let blocks = min(limit, allocationsLeft ?? limit)
    guard blocks > 1, alignmentLog2 <= byteCountLog2,
      (Self.smallestOrder...BuddyAllocator.largestOrder).contains(byteCountLog2)
    else {
      return allocateTable(byteCountLog2: byteCountLog2, alignmentLog2: alignmentLog2).map { ($0, 1) }
    }
    for pool in pools {
      guard let found = pool.buddy.allocate(order: byteCountLog2, limit: UInt64(blocks)) else { continue }
      // No more than asked for, which is an Int.
      let count = Int(found.count)
      if let left = allocationsLeft { allocationsLeft = left - count }
      return (found.address, count)
    }
    return nil
  }

  func freeTable(at physicalAddress: UInt64, byteCountLog2: Int) {
    let length: UInt64 = 1 << UInt64(max(byteCountLog2, Self.smallestOrder) & 63)
    for pool in pools where physicalAddress >= pool.base && physicalAddress - pool.base < pool.size {
      pool.buddy.free(at: physicalAddress, length: length)
      let last = physicalAddress + (length - 1)
      freedRange = AddressRange(
        first: min(freedRange?.first ?? physicalAddress, physicalAddress),
        last: max(freedRange?.last ?? last, last))
      freedBytes += length
      if freedBytes >= 1 << 20 { giveBack() }
      return
    }
  }

  /// Gives the host's memory under larger free blocks back: now and then, so that a table that comes and goes
  /// does not cost a system call each time.
  private func giveBack() {
    guard let range = freedRange else { return }
    for pool in pools {
      for free in pool.buddy.freeRanges(at: range.first, length: range.length) where free.length >= 1 << 16 {
        memory.punchHole(physicalAddress: free.address, length: free.length)
      }
    }
    freedBytes = 0
    freedRange = nil
  }
}
