internal import Glibc

/// Hands out blocks of physical memory whose sizes are powers of two: a binary buddy system (Knowlton, 1965).
///
/// A request for a block takes the lowest of the smallest free blocks that are large enough, splits it, and
/// keeps the rest free; a freed block is joined with its buddy as long as that is free. So the result of a
/// sequence of calls is always the same. The free blocks of each order are bits of a ``BuddyBitmap``; memory
/// for the bits is touched only where blocks were split, so that an allocator over terabytes starts out with
/// a few pages.
///
/// ```swift
/// let buddy = BuddyAllocator(base: 0x8000_0000, size: 1 << 28, smallestOrder: 12)
/// let address = buddy?.allocate(order: 16)   // 0x80000000, a block of 64 KiB
/// ```
///
/// It does not know who has a block: what is freed must have been allocated. It has no lock.
public final class BuddyAllocator {
  /// The log2 of the largest block: 1 GiB.
  public static let largestOrder = 30

  /// The first address, as given.
  public let base: UInt64
  /// The number of bytes, as given.
  public let size: UInt64
  /// The log2 of the smallest block.
  public let smallestOrder: Int

  /// The number of bytes that are not allocated.
  ///
  /// O(1).
  @exclusivity(unchecked) public private(set) var freeBytes: UInt64 = 0

  /// `base` rounded down to the largest block: block numbers count from here, so that blocks are aligned
  /// absolutely.
  let origin: UInt64
  /// The free blocks of each order from the smallest.
  private let bitmaps: UnsafeMutablePointer<BuddyBitmap>
  private let counts: UnsafeMutablePointer<UInt64>
  /// One bit for each order of which there is a free block.
  @exclusivity(unchecked) private(set) var availableOrders: UInt64 = 0
  private let storage: UnsafeMutableRawPointer
  private let storageSize: Int

  /// An allocator over `[base, base + size)`, all of it free.
  ///
  /// - Parameters:
  ///   - base: a multiple of the smallest block.
  ///   - size: bytes, a multiple of the smallest block, not zero, at most 2^48.
  ///   - smallestOrder: the log2 of the smallest block: 6 to 30.
  /// - Returns: nil if an argument breaks its rule, the range passes the end of the address space, or the
  ///   system gives no memory.
  public init?(base: UInt64, size: UInt64, smallestOrder: Int) {
    let unit: UInt64 = 1 << UInt64(smallestOrder & 63)
    guard (6...Self.largestOrder).contains(smallestOrder), size > 0, size <= 1 << 48,
      (base | size) & (unit - 1) == 0, !base.addingReportingOverflow(size - 1).overflow
    else { return nil }
    self.base = base
    self.size = size
    self.smallestOrder = smallestOrder
    origin = base & ~((1 << UInt64(Self.largestOrder)) - 1)
    let span = base - origin + size
    let orders = Self.largestOrder - smallestOrder + 1
    var words: UInt64 = 0
    for order in smallestOrder...Self.largestOrder {
      words += BuddyBitmap.wordCount(bitCount: span >> UInt64(order) + 1)
    }
    storageSize = Int(words) * 8
    let mapped = mmap(
      nil, storageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let mapped, mapped != MAP_FAILED else { return nil }
    storage = mapped
    bitmaps = .allocate(capacity: orders)
    counts = .allocate(capacity: orders)
    counts.initialize(repeating: 0, count: orders)
    var next = mapped.bindMemory(to: UInt64.self, capacity: Int(words))
    for order in smallestOrder...Self.largestOrder {
      let bits = span >> UInt64(order) + 1
      (bitmaps + order - smallestOrder).initialize(to: BuddyBitmap(words: next, bitCount: bits))
      next += Int(BuddyBitmap.wordCount(bitCount: bits))
    }
    free(at: base, length: size)
  }

  deinit {
    bitmaps.deallocate()
    counts.deallocate()
    munmap(storage, storageSize)
  }

  /// The log2 of the sizes of blocks.
  public var orders: ClosedRange<Int> { smallestOrder...Self.largestOrder }

  /// The size of the largest free block, or 0.
  ///
  /// O(1).
  public var largestFreeBlock: UInt64 {
    availableOrders == 0 ? 0 : 1 << UInt64(63 - availableOrders.leadingZeroBitCount)
  }

  /// The number of free blocks of `2^order` bytes that are not part of a larger one.
  ///
  /// O(1).
  public func freeBlockCount(order: Int) -> UInt64 {
    orders.contains(order) ? counts[order - smallestOrder] : 0
  }

  /// Takes a block of `2^order` bytes, which lies at a multiple of its size.
  ///
  /// O(orders).
  ///
  /// - Parameter order: orders below the smallest take a smallest block.
  /// - Returns: its address, or nil if no block is large enough.
  public func allocate(order: Int) -> UInt64? {
    allocate(order: order, limit: 1)?.address
  }

  /// Takes up to `limit` neighbouring blocks out of one free block: as many calls of ``allocate(order:)`` at
  /// once.
  ///
  /// The blocks are those that the single calls would have given, in the same order. O(orders).
  ///
  /// - Returns: the address of the first and how many there are, or nil if no block is large enough.
  public func allocate(order: Int, limit: UInt64) -> (address: UInt64, count: UInt64)? {
    let order = max(order, smallestOrder)
    guard limit > 0, order <= Self.largestOrder else { return nil }
    let available = (availableOrders >> UInt64(order)) << UInt64(order)
    guard available != 0 else { return nil }
    let found = available.trailingZeroBitCount
    guard let number = bitmaps[found - smallestOrder].first else { return nil }
    take(number, order: found)
    let address = origin + number << UInt64(found)
    if limit == 1 {
      // What is split off cannot be joined with anything: its buddy is being used.
      var half = found
      while half > order {
        half -= 1
        insert((address - origin) >> UInt64(half) | 1, order: half)
      }
      freeBytes += (1 << UInt64(found)) - (1 << UInt64(order))
      return (address, 1)
    }
    let count = min(limit, 1 << UInt64(found - order))
    let used = count << UInt64(order)
    give(at: address + used, length: (1 << UInt64(found)) - used)
    return (address, count)
  }

  /// Gives a block back.
  ///
  /// O(orders).
  ///
  /// - Parameters:
  ///   - address: as ``allocate(order:)`` gave it.
  ///   - order: as asked for then.
  public func free(_ address: UInt64, order: Int) {
    var order = max(order, smallestOrder)
    freeBytes += 1 << UInt64(order)
    var number = (address - origin) >> UInt64(order)
    while order < Self.largestOrder, bitmap(order).contains(number ^ 1) {
      remove(number ^ 1, order: order)
      number >>= 1
      order += 1
    }
    insert(number, order: order)
  }

  func bitmap(_ order: Int) -> BuddyBitmap { bitmaps[order - smallestOrder] }

  /// Takes a free block out of the sets.
  func take(_ number: UInt64, order: Int) {
    remove(number, order: order)
    freeBytes -= 1 << UInt64(order)
  }

  private func insert(_ number: UInt64, order: Int) {
    bitmaps[order - smallestOrder].insert(number)
    counts[order - smallestOrder] += 1
    availableOrders |= 1 << UInt64(order)
  }

  private func remove(_ number: UInt64, order: Int) {
    bitmaps[order - smallestOrder].remove(number)
    counts[order - smallestOrder] -= 1
    if counts[order - smallestOrder] == 0 { availableOrders &= ~(1 << UInt64(order)) }
  }
}
