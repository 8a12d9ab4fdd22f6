/// A leaf of an ``AddressSpace``: up to 64 entries in the order of their addresses.
///
/// The value points to one block of memory: the count, the floor, then the starts, the ends and the
/// occupants.
struct LeafNode {
  /// The block.
  let block: UnsafeMutableRawPointer

  /// The most entries of a leaf.
  static var capacity: Int { 64 }

  private static var headerSize: Int { 16 }

  /// The bytes of a leaf.
  static var byteCount: Int { (headerSize + capacity * 24 + 63) & ~63 }

  /// A leaf without entries after an entry that ends at page `floor`.
  static func make(floor: UInt64, in pool: BlockPool) -> LeafNode {
    let leaf = LeafNode(block: pool.allocate())
    leaf.count = 0
    leaf.floor = floor
    return leaf
  }

  /// The number of entries.
  var count: Int {
    get { block.load(as: Int.self) }
    nonmutating set { block.storeBytes(of: newValue, as: Int.self) }
  }

  /// The end of the entry before the first one of this leaf.
  var floor: UInt64 {
    get { block.load(fromByteOffset: 8, as: UInt64.self) }
    nonmutating set { block.storeBytes(of: newValue, toByteOffset: 8, as: UInt64.self) }
  }

  /// The first page of each entry.
  var starts: UnsafeMutablePointer<UInt64> {
    (block + Self.headerSize).assumingMemoryBound(to: UInt64.self)
  }

  /// The page after each entry.
  var ends: UnsafeMutablePointer<UInt64> {
    (block + Self.headerSize + Self.capacity * 8).assumingMemoryBound(to: UInt64.self)
  }

  /// Whom each entry belongs to.
  var occupants: UnsafeMutablePointer<UInt> {
    (block + Self.headerSize + Self.capacity * 16).assumingMemoryBound(to: UInt.self)
  }

  /// The page after the last entry.
  ///
  /// The leaf must not be empty.
  var end: UInt64 { ends[count - 1] }

  /// Where the gap before an entry begins.
  func gapStart(before index: Int) -> UInt64 { index == 0 ? floor : ends[index - 1] }

  /// The first entry that ends after `page`; ``count`` if there is none.
  func firstIndex(endingAfter page: UInt64) -> Int {
    // Eight probes that do not wait for each other, then eight more: entries that are far apart lie in other lines of the
    // cache, and halving would wait for one after the other.
    let (ends, count) = (ends, count)
    var eighth = 0
    for probe in 0..<8 {
      let index = probe &* 8 &+ 7
      eighth &+= index < count && ends[index] <= page ? 1 : 0
    }
    var index = eighth &* 8
    let stop = min(index &+ 8, count)
    while index < stop, ends[index] <= page { index &+= 1 }
    return index
  }

  /// The first entry whose gap holds `pages` pages from a multiple of `2^order` pages on.
  func firstFit(pages: UInt64, order: Int) -> Int? {
    var gapStart = floor
    for index in 0..<count {
      if starts[index] &- gapStart >= pages,
        Reach.length(from: gapStart, to: starts[index], order: order) >= pages
      {
        return index
      }
      gapStart = ends[index]
    }
    return nil
  }

  /// Puts an entry in before the one at `index`.
  ///
  /// There must be room.
  func insert(at index: Int, start: UInt64, end: UInt64, occupant: UInt) {
    let moved = count - index
    (starts + index + 1).update(from: starts + index, count: moved)
    (ends + index + 1).update(from: ends + index, count: moved)
    (occupants + index + 1).update(from: occupants + index, count: moved)
    starts[index] = start
    ends[index] = end
    occupants[index] = occupant
    count += 1
  }

  /// Takes an entry out.
  func remove(at index: Int) {
    let moved = count - index - 1
    (starts + index).update(from: starts + index + 1, count: moved)
    (ends + index).update(from: ends + index + 1, count: moved)
    (occupants + index).update(from: occupants + index + 1, count: moved)
    count -= 1
  }

  /// Appends the entries of another leaf from `index` on, which follow those of this one.
  func append(_ other: LeafNode, from index: Int) {
    let moved = other.count - index
    (starts + count).update(from: other.starts + index, count: moved)
    (ends + count).update(from: other.ends + index, count: moved)
    (occupants + count).update(from: other.occupants + index, count: moved)
    count += moved
  }

  /// The reach of all gaps of the leaf.
  func computeReach(into reach: Reach) {
    reach.clear()
    var gapStart = floor
    for index in 0..<count {
      if starts[index] > gapStart { reach.include(gapFrom: gapStart, to: starts[index]) }
      gapStart = ends[index]
    }
  }
}
