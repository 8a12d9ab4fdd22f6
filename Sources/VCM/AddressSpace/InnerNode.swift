internal import CPrefetch
internal import PhysicalMemory

/// An inner node of an ``AddressSpace``: up to 32 children, and the reach of each.
///
/// The value points to one block of memory. The reaches lie order by order, so that the best child for one
/// order is found in one short run of memory. For each order the node knows its best child and a number that
/// no other child exceeds, so that a change of the best child mostly needs no look at the others.
struct InnerNode {
  /// The block.
  let block: UnsafeMutableRawPointer

  /// The most children of a node.
  static var capacity: Int { 32 }

  // The count and the best children share the first line of the cache.
  private static var bestOffset: Int { 8 }
  private static var keysOffset: Int { 64 }
  private static var childrenOffset: Int { keysOffset + capacity * 8 }
  private static var reachOffset: Int { childrenOffset + capacity * 8 }
  private static var othersOffset: Int { reachOffset + capacity * Reach.orders * 8 }

  /// The bytes of a node: a multiple of 64.
  static var byteCount: Int { (othersOffset + Reach.orders * 8 + 63) & ~63 }

  /// A node without children.
  static func make(in pool: BlockPool) -> InnerNode {
    let node = InnerNode(block: pool.allocate())
    node.count = 0
    return node
  }

  /// The number of children.
  var count: Int {
    get { block.load(as: Int.self) }
    nonmutating set { block.storeBytes(of: newValue, as: Int.self) }
  }

  /// The floor of each child.
  ///
  /// The first one is not used.
  var keys: UnsafeMutablePointer<UInt64> {
    (block + Self.keysOffset).assumingMemoryBound(to: UInt64.self)
  }

  /// The children: leaves or inner nodes.
  var children: UnsafeMutablePointer<UnsafeMutableRawPointer> {
    (block + Self.childrenOffset).assumingMemoryBound(to: UnsafeMutableRawPointer.self)
  }

  /// The reaches of all children for one order.
  func reaches(order: Int) -> UnsafeMutablePointer<UInt64> {
    (block + Self.reachOffset + order * Self.capacity * 8).assumingMemoryBound(to: UInt64.self)
  }

  /// For each order a length that no child but the best exceeds.
  var others: UnsafeMutablePointer<UInt64> {
    (block + Self.othersOffset).assumingMemoryBound(to: UInt64.self)
  }

  /// For each order the child with the longest reach.
  var best: UnsafeMutablePointer<UInt8> {
    (block + Self.bestOffset).assumingMemoryBound(to: UInt8.self)
  }

  /// The child whose part of the range has `page`.
  func childIndex(for page: UInt64) -> Int {
    // As in a leaf, probes that do not wait for each other; the first key counts as below every page.
    let (keys, count) = (keys, count)
    var eighth = 0
    for probe in 0..<4 {
      let index = probe &* 8
      prefetch_line(children + index)
      eighth &+= index > 0 && index < count && keys[index] <= page ? 1 : 0
    }
    var index = eighth &* 8
    let last = min(index &+ 7, count &- 1)
    while index < last, keys[index &+ 1] <= page { index &+= 1 }
    return index
  }

  /// In which of `parts` equal parts of a child's range `page` lies; nil where the child's end is not known here.
  func part(of parts: UInt64, of child: Int, with page: UInt64) -> Int? {
    guard child > 0, child &+ 1 < count else { return nil }
    // Pages are below 2^52, and the child's range has `page`.
    return Int(truncatingIfNeeded: (page &- keys[child]) &* parts / max(keys[child &+ 1] &- keys[child], 1))
  }

  /// The first child from `index` on with a reach of at least `pages`.
  func firstChild(from index: Int, pages: UInt64, order: Int) -> Int? {
    let reaches = reaches(order: order)
    var index = index
    while index < count {
      if reaches[index] >= pages { return index }
      index += 1
    }
    return nil
  }

  /// Begins to fetch the reach of a child for the orders that short gaps have, each of which lies in a line of its own.
  func prefetchReach(of child: Int) {
    for order in 0..<8 { prefetch_line(reaches(order: order) + child) }
    prefetch_line(others)
  }

  /// Copies the reach of a child.
  func copyReach(of child: Int, into reach: Reach) {
    for order in 0..<Reach.orders {
      let length = reaches(order: order)[child]
      reach[order] = length
      if length == 0 {
        // Lengths never rise with the order, and each order is another line of memory.
        reach.clear(from: order)
        return
      }
    }
  }

  /// Puts a child in before the one at `index`.
  ///
  /// The best children are not known afterwards.
  func insert(at index: Int, key: UInt64, child: UnsafeMutableRawPointer, reach: Reach) {
    let moved = count - index
    (keys + index + 1).update(from: keys + index, count: moved)
    (children + index + 1).update(from: children + index, count: moved)
    keys[index] = key
    children[index] = child
    for order in 0..<Reach.orders {
      let reaches = reaches(order: order)
      (reaches + index + 1).update(from: reaches + index, count: moved)
      reaches[index] = reach[order]
    }
    count += 1
  }

  /// Takes a child out.
  ///
  /// The best children are not known afterwards.
  func remove(at index: Int) {
    let moved = count - index - 1
    (keys + index).update(from: keys + index + 1, count: moved)
    (children + index).update(from: children + index + 1, count: moved)
    for order in 0..<Reach.orders {
      let reaches = reaches(order: order)
      (reaches + index).update(from: reaches + index + 1, count: moved)
    }
    count -= 1
  }

  /// Appends the children of another node from `index` on; the first of them gets `key`.
  func append(_ other: InnerNode, from index: Int, key: UInt64) {
    let moved = other.count - index
    (keys + count).update(from: other.keys + index, count: moved)
    (children + count).update(from: other.children + index, count: moved)
    for order in 0..<Reach.orders {
      (reaches(order: order) + count).update(from: other.reaches(order: order) + index, count: moved)
    }
    keys[count] = key
    count += moved
  }
}
