extension BuddyAllocator {
  /// Takes one contiguous range, of any length.
  ///
  /// A range that fits in one block is taken from the lowest of the smallest free blocks that hold it; a
  /// longer one from the lowest run of free neighbours.
  ///
  /// - Parameters:
  ///   - length: bytes, a multiple of the smallest block, not zero.
  ///   - alignment: what the first address is a multiple of: a power of two.
  /// - Returns: the first address, or nil if no run of free blocks holds such a range.
  /// - Complexity: O(orders) if a block holds it, else O(orders · free blocks of a quarter of the length or
  ///   more).
  public func allocateContiguous(length: UInt64, alignment: UInt64) -> UInt64? {
    guard length > 0, length <= size, length & ((1 << UInt64(smallestOrder)) - 1) == 0,
      alignment.nonzeroBitCount == 1
    else { return nil }
    let order = max(64 - (length - 1).leadingZeroBitCount, alignment.trailingZeroBitCount, smallestOrder)
    if order <= BuddyAllocator.largestOrder, let address = allocate(order: order) {
      give(at: address + length, length: (1 << UInt64(order)) - length)
      return address
    }
    guard let address = firstRun(holding: length, alignment: alignment), allocate(at: address, length: length)
    else {
      return nil
    }
    return address
  }

  /// The lowest of the longest runs of free bytes; length 0 if nothing is free.
  ///
  /// - Complexity: O(orders · free blocks of half the largest free block or more).
  public func largestFreeRun() -> (address: UInt64, length: UInt64) {
    guard availableOrders != 0 else { return (base, 0) }
    // A run at least as long as the largest block holds an aligned block of half that size.
    var longest: (address: UInt64, length: UInt64) = (base, 0)
    forEachRun(smallest: max(smallestOrder, 62 - availableOrders.leadingZeroBitCount)) { run in
      if run.length > longest.length { longest = run }
      return true
    }
    return longest
  }

  /// Where the lowest range of this length and alignment begins that is free.
  private func firstRun(holding length: UInt64, alignment: UInt64) -> UInt64? {
    var found: UInt64?
    // A run of this length holds an aligned block of a quarter of it or more, and free neighbours are joined.
    let order = min(max(smallestOrder, 62 - length.leadingZeroBitCount), BuddyAllocator.largestOrder)
    forEachRun(smallest: order) { run in
      let aligned = run.address.addingReportingOverflow(alignment - 1)
      guard !aligned.overflow else { return false }
      let start = aligned.partialValue & ~(alignment - 1)
      guard start - run.address < run.length, run.length - (start - run.address) >= length else {
        return true
      }
      found = start
      return false
    }
    return found
  }

  /// Calls `body` with the runs of free bytes that have a block of an order or more, by address, until it is
  /// false.
  private func forEachRun(smallest: Int, _ body: ((address: UInt64, length: UInt64)) -> Bool) {
    var position = base
    while let seed = nextFreeBlock(from: position, smallest: smallest) {
      let run = extend(seed.address, seed.length)
      guard body(run) else { return }
      let next = run.address.addingReportingOverflow(run.length)
      guard !next.overflow, next.partialValue <= lastAddress else { return }
      position = next.partialValue
    }
  }

  /// A run of free bytes, widened by all free neighbours.
  private func extend(_ address: UInt64, _ length: UInt64) -> (address: UInt64, length: UInt64) {
    var first = address
    while first > base, let block = freeBlock(containing: first - 1) { first = block.address }
    var last = address + (length - 1)
    while last < lastAddress, let block = freeBlock(containing: last + 1) {
      last = block.address + (block.length - 1)
    }
    return (first, last - first + 1)
  }
}
