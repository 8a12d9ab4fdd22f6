/// A set of block numbers with its lowest member found in a few steps: a bitmap with summaries of 64 ways.
///
/// A bit of a summary says that the word below it is not zero. The words lie in memory that the system gives,
/// zeroed, when it is first touched, so that a large empty set costs nothing.
struct BuddyBitmap {
  /// The words of each level, the bits themselves first.
  private var levels: InlineArray<7, UnsafeMutablePointer<UInt64>>
  private let levelCount: Int

  /// The 64-bit words that a set over `bitCount` numbers needs.
  static func wordCount(bitCount: UInt64) -> UInt64 {
    var words = bitCount
    var sum: UInt64 = 0
    repeat {
      words = (words + 63) / 64
      sum += words
    } while words > 1
    return sum
  }

  /// An empty set in `words`, which are zero and of which there are ``wordCount(bitCount:)``.
  ///
  /// `bitCount` is below 2^42.
  init(words: UnsafeMutablePointer<UInt64>, bitCount: UInt64) {
    levels = InlineArray(repeating: words)
    var next = words
    var count = (bitCount + 63) / 64
    var level = 0
    while true {
      levels[level] = next
      level += 1
      if count <= 1 { break }
      next += Int(count)
      count = (count + 63) / 64
    }
    levelCount = level
  }

  /// Whether a number is in the set.
  ///
  /// O(1).
  func contains(_ number: UInt64) -> Bool {
    levels[0][Int(number >> 6)] & (1 << (number & 63)) != 0
  }

  /// Puts a number in.
  ///
  /// O(levels), mostly one word.
  func insert(_ number: UInt64) {
    var number = number
    for level in 0..<levelCount {
      let word = levels[level] + Int(number >> 6)
      let before = word.pointee
      word.pointee = before | (1 << (number & 63))
      if before != 0 { return }
      number >>= 6
    }
  }

  /// Takes a number out.
  ///
  /// O(levels), mostly one word.
  func remove(_ number: UInt64) {
    var number = number
    for level in 0..<levelCount {
      let word = levels[level] + Int(number >> 6)
      word.pointee &= ~(1 << (number & 63))
      if word.pointee != 0 { return }
      number >>= 6
    }
  }

  /// The lowest number, or nil if the set is empty.
  ///
  /// O(levels).
  var first: UInt64? {
    guard levels[levelCount - 1].pointee != 0 else { return nil }
    return lowest(below: 0, level: levelCount - 1)
  }

  /// The lowest number that is not below `number`, which must be in the range of the set.
  ///
  /// O(levels).
  func first(from number: UInt64) -> UInt64? {
    var position = number
    for level in 0..<levelCount {
      let word = levels[level][Int(position >> 6)]
      let rest = word & (UInt64.max << (position & 63))
      if rest != 0 {
        let found = position & ~63 | UInt64(rest.trailingZeroBitCount)
        return level == 0 ? found : lowest(below: found, level: level - 1)
      }
      // On in the summary, with the word after this one.
      position = position >> 6 + 1
      if level + 1 == levelCount || position >> 6 >= wordCount(level: level + 1) { return nil }
    }
    return nil
  }

  /// The number of words of a level.
  private func wordCount(level: Int) -> UInt64 {
    level + 1 < levelCount ? UInt64(levels[level + 1] - levels[level]) : 1
  }

  /// The lowest number below word `word` of a level, which is not zero.
  private func lowest(below word: UInt64, level: Int) -> UInt64 {
    var number = word
    for level in stride(from: level, through: 0, by: -1) {
      number = number << 6 | UInt64(levels[level][Int(number)].trailingZeroBitCount)
    }
    return number
  }
}
