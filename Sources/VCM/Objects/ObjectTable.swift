internal import PhysicalMemory

/// The objects of one kind by their numbers: a radix tree of 32 ways whose leaves own the objects.
///
/// Look-up, insertion and removal follow at most 13 nodes, and four for a million objects; there is no moment
/// at which the table is rebuilt. The objects come in the order of their numbers, and a walk can be taken up
/// again from any number, even if its object is gone.
struct ObjectTable<Object: AnyObject>: ~Copyable {
  private var root: RadixNode?
  /// Where nodes come from; `nil` before the first.
  private var pool: BlockPool?
  /// The number of levels: 0 when empty, and a tree of `height` levels holds numbers below 32^height.
  private var height: UInt64 = 0
  /// The number of objects.
  private(set) var count = 0

  /// An empty table.
  ///
  /// Allocates nothing.
  init() {}

  deinit {
    if let root { Self.release(root, shift: 5 * (height - 1)) }
  }

  /// The object with this number.
  ///
  /// O(log n).
  subscript(number: UInt64) -> Object? {
    guard var node = root, holds(number) else { return nil }
    var shift = 5 * (height - 1)
    while let slot = node[Int((number >> shift) & 31)] {
      if shift == 0 { return Unmanaged<Object>.fromOpaque(slot).takeUnretainedValue() }
      node = RadixNode(block: slot)
      shift -= 5
    }
    return nil
  }

  /// Begins to fetch what taking an object out needs, and does not wait for it.
  func prefetch(_ number: UInt64) {
    guard var node = root, holds(number) else { return }
    var shift = 5 * (height - 1)
    while shift > 0, let slot = node[Int((number >> shift) & 31)] {
      node = RadixNode(block: slot)
      shift -= 5
    }
    node.prefetch(Int(number & 31))
  }

  /// Puts an object in, which the table retains.
  ///
  /// The number must be free. O(log n).
  mutating func insert(_ object: Object, at number: UInt64) {
    var node = growRoot(for: number)
    var shift = 5 * (height - 1)
    while shift > 0 {
      let index = Int((number >> shift) & 31)
      if let slot = node[index] {
        node = RadixNode(block: slot)
      } else {
        let child = RadixNode.make(in: nodes())
        node.set(index, child.block)
        node = child
      }
      shift -= 5
    }
    node.set(Int(number & 31), Unmanaged.passRetained(object).toOpaque())
    count += 1
  }

  /// Takes the object with this number out, and gives empty nodes back.
  ///
  /// O(log n).
  mutating func remove(_ number: UInt64) {
    guard let root, let pool, holds(number),
      Self.remove(number, from: root, shift: 5 * (height - 1), pool)
    else { return }
    count -= 1
    if root.occupied == 0 {
      // The last node goes with all that were there.
      self.root = nil
      self.pool = nil
      height = 0
    }
  }

  /// The object with the smallest number that is not below `number`.
  ///
  /// O(log n).
  func first(from number: UInt64) -> (number: UInt64, object: Object)? {
    guard let root, holds(number), let found = Self.first(from: number, in: root, shift: 5 * (height - 1))
    else { return nil }
    return (found.number, Unmanaged<Object>.fromOpaque(found.slot).takeUnretainedValue())
  }

  /// Calls `body` with the objects whose numbers are not below `number`, in order, until it returns false.
  ///
  /// `body` must not change the table. O(log n), and a step for each object.
  func forEach(from number: UInt64, _ body: (Object) -> Bool) {
    guard let root, holds(number) else { return }
    _ = Self.forEach(from: number, in: root, shift: 5 * (height - 1), body)
  }

  /// Whether a number is small enough to be in a tree of this height.
  private func holds(_ number: UInt64) -> Bool {
    height >= 13 || number >> (5 * height) == 0
  }

  private mutating func growRoot(for number: UInt64) -> RadixNode {
    var top: RadixNode
    if let root {
      top = root
    } else {
      top = RadixNode.make(in: nodes())
      height = 1
    }
    while !holds(number) {
      let above = RadixNode.make(in: nodes())
      above.set(0, top.block)
      top = above
      height += 1
    }
    root = top
    return top
  }

  private mutating func nodes() -> BlockPool {
    if let pool { return pool }
    let made = BlockPool(byteCount: RadixNode.byteCount)
    pool = made
    return made
  }

  /// Whether the number was there.
  ///
  /// A child that became empty is freed.
  private static func remove(
    _ number: UInt64, from node: RadixNode, shift: UInt64, _ pool: BlockPool
  ) -> Bool {
    let index = Int((number >> shift) & 31)
    guard let slot = node[index] else { return false }
    if shift == 0 {
      node.clear(index)
      Unmanaged<Object>.fromOpaque(slot).release()
      return true
    }
    let child = RadixNode(block: slot)
    guard remove(number, from: child, shift: shift - 5, pool) else { return false }
    if child.occupied == 0 {
      node.clear(index)
      pool.deallocate(child.block)
    }
    return true
  }

  /// Looks below `node`, whose numbers agree with `number` in all bits above its own five.
  private static func first(
    from number: UInt64, in node: RadixNode, shift: UInt64
  ) -> (number: UInt64, slot: UnsafeMutableRawPointer)? {
    let own = Int((number >> shift) & 31)
    var index = own
    while let next = node.firstOccupied(from: index), let slot = node[next] {
      // Beyond the subtree of `number` itself, every number of a subtree is large enough.
      let prefix = (number >> shift) & ~31 | UInt64(next)
      let wanted = next == own ? number : prefix << shift
      if shift == 0 { return (wanted, slot) }
      if let found = first(from: wanted, in: RadixNode(block: slot), shift: shift - 5) { return found }
      index = next + 1
    }
    return nil
  }

  /// Whether to go on behind `node`, whose numbers agree with `number` in all bits above its own five.
  private static func forEach(
    from number: UInt64, in node: RadixNode, shift: UInt64, _ body: (Object) -> Bool
  ) -> Bool {
    let own = Int((number >> shift) & 31)
    var index = own
    while let next = node.firstOccupied(from: index), let slot = node[next] {
      let goesOn =
        shift == 0
        ? Unmanaged<Object>.fromOpaque(slot)._withUnsafeGuaranteedRef(body)
        : forEach(from: next == own ? number : 0, in: RadixNode(block: slot), shift: shift - 5, body)
      guard goesOn else { return false }
      index = next + 1
    }
    return true
  }

  private static func release(_ node: RadixNode, shift: UInt64) {
    var index = 0
    while let next = node.firstOccupied(from: index), let slot = node[next] {
      if shift == 0 {
        Unmanaged<Object>.fromOpaque(slot).release()
      } else {
        release(RadixNode(block: slot), shift: shift - 5)
      }
      index = next + 1
    }
  }
}
