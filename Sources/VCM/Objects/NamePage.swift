internal import CPrefetch
internal import PhysicalMemory

/// A page of a ``NameIndex``: open addressing with linear probing over up to 64 groups of five slots.
///
/// A group is one line of the cache: five tags, then five words, so that a look-up mostly touches one line. A tag is the hash of a
/// name, or zero in a slot that is not in use. A search begins at the first slot of a group. What is left of the first group's
/// line has the depth and the number of slots in use.
///
/// The value is the address of the block of memory and, in the address's low bits, the log2 of the number of groups.
struct NamePage {
  private let word: UInt

  private static var slotsOfGroup: Int { 5 }
  private static var groupSize: Int { 64 }
  private static var wordsOffset: Int { 24 }
  private static var headOffset: Int { 20 }

  /// The log2 of the groups of a new page.
  static let smallestSize: UInt = 0
  /// The log2 of the groups at which a page is split instead of being made larger.
  static let largestSize: UInt = 6

  /// A new empty page.
  ///
  /// `size` is the log2 of the number of groups, at most 32; pages of the largest size that is split come from `pool`, which
  /// is needed for these.
  static func make(depth: UInt32, size: UInt, in pool: BlockPool?) -> NamePage {
    let byteCount = groupSize << Int(size)
    let block =
      if let pool, size == largestSize { pool.allocate() } else {
        UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: groupSize)
      }
    block.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    block.storeBytes(of: depth &<< 27, toByteOffset: headOffset, as: UInt32.self)
    return NamePage(word: UInt(bitPattern: block) | size)
  }

  private init(word: UInt) { self.word = word }

  /// The block.
  private var block: UnsafeMutableRawPointer {
    // The word was made from a block's address.
    UnsafeMutableRawPointer(bitPattern: word & ~63).unsafelyUnwrapped
  }

  /// Gives the memory back.
  func free(in pool: BlockPool?) {
    if let pool, size == Self.largestSize { pool.deallocate(block) } else { block.deallocate() }
  }

  /// The bytes of a page of the largest size that is split.
  static var byteCount: Int { groupSize << Int(largestSize) }

  /// The log2 of the number of groups.
  var size: UInt { word & 63 }
  /// The number of slots.
  private var capacity: Int { Self.slotsOfGroup << Int(size) }

  /// The depth in the upper five bits, the number of slots in use in the others.
  private var head: UInt32 {
    get { block.load(fromByteOffset: Self.headOffset, as: UInt32.self) }
    nonmutating set { block.storeBytes(of: newValue, toByteOffset: Self.headOffset, as: UInt32.self) }
  }

  /// How many leading bits all hashes in the page have in common: below 32.
  var depth: UInt32 { head &>> 27 }
  /// The number of slots in use.
  private var count: Int { Int(head & (1 &<< 27 &- 1)) }

  /// Whether the page should take no more entries: some seven of eight slots are in use.
  var isFull: Bool { count >= capacity - max(1, capacity / 8) }

  /// A slot, as the search goes from one to the next.
  struct Slot: Equatable {
    fileprivate var group: Int
    fileprivate var index: Int
  }

  /// Where the search for a hash begins.
  func firstSlot(for tag: UInt32) -> Slot {
    Slot(group: Int(truncatingIfNeeded: UInt(tag) & (1 &<< size &- 1)), index: 0)
  }

  /// The slot after another one.
  func next(_ slot: Slot) -> Slot {
    slot.index &+ 1 < Self.slotsOfGroup
      ? Slot(group: slot.group, index: slot.index &+ 1)
      : Slot(group: (slot.group &+ 1) & (1 &<< Int(size) &- 1), index: 0)
  }

  private func group(_ slot: Slot) -> UnsafeMutableRawPointer { block + slot.group &* Self.groupSize }

  /// Begins to fetch what a search for a hash needs.
  func prefetch(_ tag: UInt32) {
    prefetch_line(group(firstSlot(for: tag)))
    prefetch_line(block)
  }

  /// The hash in a slot, or zero if it is free.
  func tag(in slot: Slot) -> UInt32 { group(slot).load(fromByteOffset: slot.index &* 4, as: UInt32.self) }

  /// What a slot in use holds.
  func word(in slot: Slot) -> UInt {
    group(slot).load(fromByteOffset: Self.wordsOffset &+ slot.index &* 8, as: UInt.self)
  }

  private func set(_ slot: Slot, _ word: UInt, tag: UInt32) {
    group(slot).storeBytes(of: tag, toByteOffset: slot.index &* 4, as: UInt32.self)
    group(slot).storeBytes(of: word, toByteOffset: Self.wordsOffset &+ slot.index &* 8, as: UInt.self)
  }

  /// Puts an entry in.
  ///
  /// There must be a free slot.
  func insert(_ word: UInt, tag: UInt32) {
    var slot = firstSlot(for: tag)
    while self.tag(in: slot) != 0 { slot = next(slot) }
    set(slot, word, tag: tag)
    head &+= 1
  }

  /// Takes an entry out and closes the gap.
  ///
  /// False if it is not there.
  func remove(_ word: UInt, tag: UInt32) -> Bool {
    var slot = firstSlot(for: tag)
    while case let found = self.tag(in: slot), found != tag || self.word(in: slot) != word {
      if found == 0 { return false }
      slot = next(slot)
    }
    closeGap(at: slot)
    head &-= 1
    return true
  }

  /// Moves later entries of the probe sequence back (Knuth, volume 3, section 6.4, algorithm R).
  private func closeGap(at start: Slot) {
    var gap = start
    var slot = next(gap)
    while case let tag = self.tag(in: slot), tag != 0 {
      if distance(from: firstSlot(for: tag), to: slot) >= distance(from: gap, to: slot) {
        set(gap, word(in: slot), tag: tag)
        gap = slot
      }
      slot = next(slot)
    }
    set(gap, 0, tag: 0)
  }

  /// How many steps a search takes from one slot to another.
  private func distance(from first: Slot, to slot: Slot) -> Int {
    let groups = (slot.group &- first.group) & (1 &<< Int(size) &- 1)
    let steps = groups &* Self.slotsOfGroup &+ slot.index &- first.index
    return steps < 0 ? steps &+ capacity : steps
  }

  private func forEachEntry(_ body: (UInt, UInt32) -> Void) {
    for group in 0..<1 << Int(size) {
      for index in 0..<Self.slotsOfGroup {
        let slot = Slot(group: group, index: index)
        let tag = tag(in: slot)
        if tag != 0 { body(word(in: slot), tag) }
      }
    }
  }

  /// A page with the same entries and twice the slots.
  func grown(in pool: BlockPool?) -> NamePage {
    let page = NamePage.make(depth: depth, size: size + 1, in: pool)
    forEachEntry { page.insert($0, tag: $1) }
    return page
  }

  /// Two pages of the next depth with the entries of this one.
  func split(in pool: BlockPool?) -> (low: NamePage, high: NamePage) {
    let low = NamePage.make(depth: depth + 1, size: size, in: pool)
    let high = NamePage.make(depth: depth + 1, size: size, in: pool)
    forEachEntry { word, tag in
      (tag >> (31 - depth) & 1 == 0 ? low : high).insert(word, tag: tag)
    }
    return (low, high)
  }
}
