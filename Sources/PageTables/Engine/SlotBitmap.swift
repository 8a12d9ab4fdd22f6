/// A set of slots of one table, as a view of 64-bit words that the table's record owns.
///
/// Ranges are half open. All indices must lie in the table; callers derive them from addresses by masking.
struct SlotBitmap {
  /// The words; bit `i & 63` of word `i >> 6` is slot `i`.
  let words: UnsafeMutablePointer<UInt64>

  /// Whether the slot is in the set.
  @inline(__always)
  func contains(_ slot: Int) -> Bool {
    words[slot >> 6] >> UInt64(slot & 63) & 1 != 0
  }

  /// Adds one slot.
  @inline(__always)
  func insert(_ slot: Int) {
    words[slot >> 6] |= 1 << UInt64(slot & 63)
  }

  /// Removes one slot.
  @inline(__always)
  func remove(_ slot: Int) {
    words[slot >> 6] &= ~(1 << UInt64(slot & 63))
  }

  /// Adds every slot of a range.
  func insert(_ range: Range<Int>) {
    Self.forEachWord(range) { words[$0] |= $1 }
  }

  /// Adds every `stride`-th slot of a range, a power of two, from its start on.
  func insert(every stride: Int, in range: Range<Int>) {
    var slot = range.lowerBound
    while slot < range.upperBound {
      insert(slot)
      slot += stride
    }
  }

  /// Makes it the set of all slots of a table, whatever the words were.
  @inline(__always)
  func fill(_ slotCount: Int) {
    words.initialize(repeating: .max, count: slotCount &>> 6)
    if slotCount & 63 != 0 { words[slotCount &>> 6] = 1 &<< UInt64(slotCount & 63) &- 1 }
  }

  /// Whether all slots of a table are in the set.
  func isFull(_ slotCount: Int) -> Bool {
    var common = UInt64.max
    for word in 0..<slotCount &>> 6 { common &= words[word] }
    let rest: UInt64 = 1 &<< UInt64(slotCount & 63) &- 1
    return common == .max && (rest == 0 || words[slotCount &>> 6] & rest == rest)
  }

  /// Removes every slot of a range.
  func remove(_ range: Range<Int>) {
    Self.forEachWord(range) { words[$0] &= ~$1 }
  }

  /// The number of slots of a range that are in the set.
  func count(in range: Range<Int>) -> Int {
    var count = 0
    Self.forEachWord(range) { count += (words[$0] & $1).nonzeroBitCount }
    return count
  }

  /// The first slot of a range that is in the set.
  func first(in range: Range<Int>) -> Int? {
    first(in: range, flipping: 0)
  }

  /// The first slot of a range that is not in the set.
  func firstMissing(in range: Range<Int>) -> Int? {
    first(in: range, flipping: .max)
  }

  /// The last slot of a range that is in the set.
  func last(in range: Range<Int>) -> Int? {
    guard !range.isEmpty else { return nil }
    let ends = Self.ends(of: range)
    var word = ends.last
    var mask = ends.high
    while true {
      if word == ends.first { mask &= ends.low }
      let found = words[word] & mask
      if found != 0 { return word << 6 + 63 - found.leadingZeroBitCount }
      if word == ends.first { return nil }
      word &-= 1
      mask = .max
    }
  }

  private func first(in range: Range<Int>, flipping: UInt64) -> Int? {
    guard !range.isEmpty else { return nil }
    let ends = Self.ends(of: range)
    var word = ends.first
    var mask = ends.low
    while true {
      if word == ends.last { mask &= ends.high }
      let found = (words[word] ^ flipping) & mask
      if found != 0 { return word << 6 + found.trailingZeroBitCount }
      if word == ends.last { return nil }
      word &+= 1
      mask = .max
    }
  }

  /// Calls `body` with each word that a range touches and the range's bits in it.
  @inline(__always)
  private static func forEachWord(_ range: Range<Int>, _ body: (Int, UInt64) -> Void) {
    guard !range.isEmpty else { return }
    let ends = ends(of: range)
    guard ends.first < ends.last else { return body(ends.first, ends.low & ends.high) }
    body(ends.first, ends.low)
    for word in ends.first &+ 1..<ends.last { body(word, .max) }
    body(ends.last, ends.high)
  }

  /// The first and the last word that a range touches, which is not empty, and its bits in them as if it went on behind and
  /// before.
  @inline(__always)
  private static func ends(of range: Range<Int>) -> (first: Int, low: UInt64, last: Int, high: UInt64) {
    let last = range.upperBound &- 1
    return (
      range.lowerBound &>> 6, .max &<< UInt64(range.lowerBound & 63), last &>> 6,
      .max &>> UInt64(63 &- (last & 63))
    )
  }
}
