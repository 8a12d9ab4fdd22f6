internal import CPrefetch
internal import PhysicalMemory

/// A leaf of an ``AddressSpace``: up to 40 entries in the order of their addresses.
///
/// The value points to one block of memory, which begins at a line of the cache: the count, the floor and the end of every
/// eighth entry in the first line, then the starts, the ends and the occupants, eight in a line. So an entry is found with two
/// waits for memory, whichever it is: for the first line, and for one line of each of the three.
struct LeafNode {
  /// The block.
  let block: UnsafeMutableRawPointer

  /// The most entries of a leaf.
  static var capacity: Int { 40 }

  /// The entries of a line.
  private static var group: Int { 8 }
  /// The lines of starts, of ends and of occupants.
  static var groupCount: UInt64 { UInt64(capacity / group) }
  /// How many groups have a pivot: all but the last.
  private static var pivotCount: Int { capacity / group - 1 }
  private static var pivotsOffset: Int { 16 }
  private static var startsOffset: Int { 64 }
  private static var endsOffset: Int { startsOffset + capacity * 8 }
  private static var occupantsOffset: Int { endsOffset + capacity * 8 }

  /// The bytes of a leaf: a multiple of 64.
  static var byteCount: Int { occupantsOffset + capacity * 8 }

  /// A leaf without entries after an entry that ends at page `floor`.
  static func make(floor: UInt64, in pool: BlockPool) -> LeafNode {
    let leaf = LeafNode(block: pool.allocate())
    leaf.count = 0
    leaf.floor = floor
    leaf.notePivots(from: 0)
    return leaf
  }

  /// The number of entries.
  var count: Int {
    get { block.load(as: Int.self) }
    nonmutating set { block.storeBytes(of: newValue, as: Int.self) }
  }

  /// Takes out all entries from one on.
  func truncate(to count: Int) {
    self.count = count
    notePivots(from: count)
  }

  /// The end of the last entry of each group but the last; the largest number where the group is not full.
  private var pivots: UnsafeMutablePointer<UInt64> {
    (block + Self.pivotsOffset).assumingMemoryBound(to: UInt64.self)
  }

  /// Notes the pivots anew after the entries from one on have changed.
  private func notePivots(from index: Int) {
    var group = index &>> 3
    while group < Self.pivotCount {
      let last = group &* Self.group &+ (Self.group &- 1)
      pivots[group] = last < count ? ends[last] : .max
      group &+= 1
    }
  }

  /// The end of the entry before the first one of this leaf.
  var floor: UInt64 {
    get { block.load(fromByteOffset: 8, as: UInt64.self) }
    nonmutating set { block.storeBytes(of: newValue, toByteOffset: 8, as: UInt64.self) }
  }

  /// The first page of each entry.
  var starts: UnsafeMutablePointer<UInt64> {
    (block + Self.startsOffset).assumingMemoryBound(to: UInt64.self)
  }

  /// The page after each entry.
  var ends: UnsafeMutablePointer<UInt64> {
    (block + Self.endsOffset).assumingMemoryBound(to: UInt64.self)
  }

  /// Whom each entry belongs to.
  var occupants: UnsafeMutablePointer<UInt> {
    (block + Self.occupantsOffset).assumingMemoryBound(to: UInt.self)
  }

  /// The page after the last entry.
  ///
  /// The leaf must not be empty.
  var end: UInt64 { ends[count - 1] }

  /// Where the gap before an entry begins.
  func gapStart(before index: Int) -> UInt64 { index == 0 ? floor : ends[index - 1] }

  /// The first entry that ends after `page`; ``count`` if there is none.
  ///
  /// - Parameter toChange: whether the entries from there on are about to be moved.
  func firstIndex(endingAfter page: UInt64, toChange: Bool = false) -> Int {
    var passed = 0
    for group in 0..<Self.pivotCount { passed &+= pivots[group] <= page ? 1 : 0 }
    var index = passed &* Self.group
    let stop = min(index &+ Self.group, count)
    // The lines of a group do not wait for each other.
    var line = index
    repeat {
      prefetch_line(ends + line)
      prefetch_line(starts + line)
      prefetch_line(occupants + line)
      line &+= Self.group
    } while toChange && line < count
    while index < stop, ends[index] <= page { index &+= 1 }
    return index
  }

  /// Begins to fetch the entries of a group, before it is known that they are needed.
  ///
  /// Where entries lie evenly, an address tells its group before the first line is there.
  func prefetch(group: Int) {
    let index = group &* Self.group
    prefetch_line(block)
    prefetch_line(ends + index)
    prefetch_line(starts + index)
    prefetch_line(occupants + index)
  }

  /// Begins to fetch all starts and ends.
  func prefetch() {
    for line in 0..<Self.occupantsOffset / 64 { prefetch_line(block + line * 64) }
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
    notePivots(from: index)
  }

  /// Takes an entry out.
  func remove(at index: Int) {
    let moved = count - index - 1
    (starts + index).update(from: starts + index + 1, count: moved)
    (ends + index).update(from: ends + index + 1, count: moved)
    (occupants + index).update(from: occupants + index + 1, count: moved)
    count -= 1
    notePivots(from: index)
  }

  /// Appends the entries of another leaf from `index` on, which follow those of this one.
  func append(_ other: LeafNode, from index: Int) {
    let moved = other.count - index
    (starts + count).update(from: other.starts + index, count: moved)
    (ends + count).update(from: other.ends + index, count: moved)
    (occupants + count).update(from: other.occupants + index, count: moved)
    count += moved
    notePivots(from: 0)
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
