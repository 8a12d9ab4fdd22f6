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

  private static var keysOffset: Int { 8 }
  private static var childrenOffset: Int { keysOffset + capacity * 8 }
  private static var reachOffset: Int { childrenOffset + capacity * 8 }
  private static var othersOffset: Int { reachOffset + capacity * Reach.orders * 8 }
  private static var bestOffset: Int { othersOffset + Reach.orders * 8 }

  /// The bytes of a node.
  static var byteCount: Int { (bestOffset + Reach.orders + 63) & ~63 }

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
    for probe in 1..<4 {
      let index = probe &* 8
      eighth &+= index < count && keys[index] <= page ? 1 : 0
    }
    var index = eighth &* 8
    let last = min(index &+ 7, count &- 1)
    while index < last, keys[index &+ 1] <= page { index &+= 1 }
    return index
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
