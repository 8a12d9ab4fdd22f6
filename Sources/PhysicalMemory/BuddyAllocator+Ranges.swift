extension BuddyAllocator {
  /// Whether every byte of a range is free.
  ///
  /// False for an empty range and for one that is not inside.
  ///
  /// - Complexity: O(orders · free blocks in the range).
  public func isFree(at address: UInt64, length: UInt64) -> Bool {
    guard contains(at: address, length: length) else { return false }
    var position = address
    let end = address &+ length
    // The end may be 2^64, that is zero.
    while position &- address < length {
      guard let block = freeBlock(containing: position) else { return false }
      position = block.address &+ block.length
      if position == 0 || position == end { break }
    }
    return true
  }

  /// Takes exactly this range, if all of it is free.
  ///
  /// - Parameters:
  ///   - address: a multiple of the smallest block.
  ///   - length: bytes, a multiple of the smallest block.
  /// - Returns: whether it was free, and is now taken.
  /// - Complexity: O(orders · free blocks in the range).
  public func allocate(at address: UInt64, length: UInt64) -> Bool {
    guard (address | length) & ((1 << UInt64(smallestOrder)) - 1) == 0, isFree(at: address, length: length)
    else {
      return false
    }
    var taken: UInt64 = 0
    while taken < length {
      let position = address &+ taken
      guard let block = freeBlock(containing: position) else { return false }
      take((block.address - origin) >> UInt64(block.order), order: block.order)
      let before = position - block.address
      let used = min(block.length - before, length - taken)
      give(at: block.address, length: before)
      give(at: position &+ used, length: block.length - before - used)
      taken += used
    }
    return true
  }

  /// Gives a range back, all of which must be allocated.
  ///
  /// It need not be what one call allocated.
  ///
  /// - Parameters:
  ///   - address: a multiple of the smallest block.
  ///   - length: bytes, a multiple of the smallest block; 0 does nothing.
  /// - Complexity: O(orders · blocks that the range is made of).
  public func free(at address: UInt64, length: UInt64) {
    give(at: address, length: length)
  }

  /// The free parts of a range, in the order of addresses, neighbours joined.
  ///
  /// - Complexity: O(orders · free blocks in the range).
  public func freeRanges(at address: UInt64, length: UInt64) -> [(address: UInt64, length: UInt64)] {
    var ranges: [(address: UInt64, length: UInt64)] = []
    guard length > 0 else { return [] }
    let last = min(
      address.addingReportingOverflow(length - 1).overflow ? .max : address + (length - 1), lastAddress)
    var position = max(address, base)
    while position <= last, let block = nextFreeBlock(from: position) {
      let start = max(block.address, position)
      guard start <= last else { break }
      let stop = min(block.address + (block.length - 1), last)
      if let previous = ranges.last, previous.address + previous.length == start {
        ranges[ranges.count - 1].length += stop - start + 1
      } else {
        ranges.append((start, stop - start + 1))
      }
      if stop == last { break }
      position = stop + 1
    }
    return ranges
  }

  /// The last address.
  var lastAddress: UInt64 { base + (size - 1) }

  /// Whether a range lies inside.
  func contains(at address: UInt64, length: UInt64) -> Bool {
    length > 0 && address >= base && address - base < size && length <= size - (address - base)
  }

  /// The free block that holds an address, which must be inside.
  ///
  /// O(orders).
  func freeBlock(containing address: UInt64) -> (address: UInt64, order: Int, length: UInt64)? {
    let offset = address - origin
    var orders = availableOrders
    while orders != 0 {
      let order = orders.trailingZeroBitCount
      orders &= orders - 1
      let number = offset >> UInt64(order)
      if bitmap(order).contains(number) {
        return (origin + number << UInt64(order), order, 1 << UInt64(order))
      }
    }
    return nil
  }

  /// The first free block that ends above an address, which must be inside.
  ///
  /// O(orders · levels).
  func nextFreeBlock(
    from address: UInt64, smallest: Int = 0
  ) -> (address: UInt64, order: Int, length: UInt64)? {
    var best: (address: UInt64, order: Int, length: UInt64)?
    var orders = (availableOrders >> UInt64(smallest)) << UInt64(smallest)
    while orders != 0 {
      let order = orders.trailingZeroBitCount
      orders &= orders - 1
      guard let number = bitmap(order).first(from: (address - origin) >> UInt64(order)) else { continue }
      let found = origin + number << UInt64(order)
      if best.map({ found < $0.address }) ?? true { best = (found, order, 1 << UInt64(order)) }
    }
    return best
  }

  /// Frees a range block by block, each as large as its place allows.
  func give(at address: UInt64, length: UInt64) {
    var position = address
    var rest = length
    while rest > 0 {
      let order = min(
        position.trailingZeroBitCount, 63 - rest.leadingZeroBitCount, BuddyAllocator.largestOrder)
      free(position, order: order)
      position = position &+ (1 << UInt64(order))
      rest -= 1 << UInt64(order)
    }
  }
}
