/// For each order of alignment the longest aligned stretch in one gap, in pages.
///
/// Order 0 is one page (so that element is the longest gap); each further order doubles the alignment, up to
/// 1 TiB. The lengths never rise with the order.
struct Reach {
  /// The lengths.
  let lengths: UnsafeMutablePointer<UInt64>

  /// The number of orders: 4 KiB to 1 TiB.
  static var orders: Int { 29 }

  /// A reach of zeros.
  static func make() -> Reach {
    let lengths = UnsafeMutablePointer<UInt64>.allocate(capacity: orders)
    lengths.initialize(repeating: 0, count: orders)
    return Reach(lengths: lengths)
  }

  /// Gives the memory back.
  func free() { lengths.deallocate() }

  /// The length for one order.
  subscript(order: Int) -> UInt64 {
    get { lengths[order] }
    nonmutating set { lengths[order] = newValue }
  }

  /// Sets all lengths to zero.
  func clear() { lengths.update(repeating: 0, count: Self.orders) }

  /// Sets the lengths from one order on to zero.
  func clear(from order: Int) { (lengths + order).update(repeating: 0, count: Self.orders - order) }

  /// Takes over the lengths of another reach.
  func copy(from other: Reach) { lengths.update(from: other.lengths, count: Self.orders) }

  /// Widens this reach by a gap.
  func include(gapFrom start: UInt64, to end: UInt64) {
    guard let top = Self.topOrder(from: start, to: end), end &- start > lengths[top] else { return }
    var mask: UInt64 = 0
    for order in 0...top {
      let length = end &- ((start &+ mask) & ~mask)
      if length > lengths[order] { lengths[order] = length }
      mask = mask &<< 1 | 1
    }
  }

  /// Whether a gap determines some length of this reach, so that losing the gap could shorten it.
  func depends(onGapFrom start: UInt64, to end: UInt64) -> Bool {
    guard let top = Self.topOrder(from: start, to: end), end &- start >= lengths[top] else { return false }
    var mask: UInt64 = 0
    for order in 0...top {
      if end &- ((start &+ mask) & ~mask) >= lengths[order] { return true }
      mask = mask &<< 1 | 1
    }
    return false
  }

  /// The highest order of which an aligned page lies in a gap; `nil` of an empty one.
  ///
  /// No length of the gap is above that of order 0, and no length of a reach is below that of a higher order.
  @inline(__always)
  static func topOrder(from start: UInt64, to end: UInt64) -> Int? {
    guard start < end else { return nil }
    // A multiple of 2^k lies in the gap where the numbers before its first and of its last page differ above bit k.
    let difference = start == 0 ? UInt64.max : (start &- 1) ^ (end &- 1)
    return min(orders &- 1, 63 &- difference.leadingZeroBitCount)
  }

  /// The longest stretch in a gap that begins at a multiple of `2^order` pages.
  static func length(from start: UInt64, to end: UInt64, order: Int) -> UInt64 {
    let aligned = align(start, order: order)
    return aligned < end ? end - aligned : 0
  }

  /// The next multiple of `2^order` pages.
  ///
  /// Page numbers are far below 2^63, so this never overflows.
  static func align(_ page: UInt64, order: Int) -> UInt64 {
    let mask = (UInt64(1) << UInt64(order & 63)) &- 1
    return (page &+ mask) & ~mask
  }
}
