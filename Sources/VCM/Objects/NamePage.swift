/// A page of a ``NameIndex``: open addressing with linear probing over up to 256 slots.
///
/// The value is the address of one block of memory and, in the address's low bits, the log2 of the capacity, so that a search
/// begins at its slot without a look at the block's head. The block: depth and count, then the tags, then the pointers. A tag
/// is the hash of a name, or zero in a slot that is not in use.
struct NamePage {
  /// The block's address, and the log2 of the capacity in the low four bits.
  private let word: UInt

  /// The capacity of a new page.
  static let smallestCapacity: UInt32 = 8
  /// The capacity at which a page is split instead of being made larger.
  static let largestCapacity: UInt32 = 256

  private static var headerSize: Int { 16 }

  /// A new empty page.
  ///
  /// `capacity` is a power of two, at most 2^15; pages of the largest capacity that is split come from `pool`, which is needed
  /// for these.
  static func make(depth: UInt32, capacity: UInt32, in pool: BlockPool?) -> NamePage {
    let size = headerSize + Int(capacity) * 12
    let block =
      if let pool, capacity == largestCapacity { pool.allocate() } else {
        UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
      }
    block.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    block.storeBytes(of: depth, as: UInt32.self)
    return NamePage(word: UInt(bitPattern: block) | UInt(capacity.trailingZeroBitCount))
  }

  private init(word: UInt) { self.word = word }

  /// The block.
  private var block: UnsafeMutableRawPointer {
    // The word was made from a block's address.
    UnsafeMutableRawPointer(bitPattern: word & ~15).unsafelyUnwrapped
  }

  /// Gives the memory back.
  func free(in pool: BlockPool?) {
    if let pool, capacity == Self.largestCapacity { pool.deallocate(block) } else { block.deallocate() }
  }

  /// The bytes of a page of the largest capacity that is split.
  static var byteCount: Int { headerSize + Int(largestCapacity) * 12 }

  /// How many leading bits all hashes in the page have in common.
  var depth: UInt32 { block.load(as: UInt32.self) }
  /// The number of slots: a power of two.
  var capacity: UInt32 { 1 &<< UInt32(truncatingIfNeeded: word & 15) }
  /// The number of slots in use.
  var count: UInt32 {
    get { block.load(fromByteOffset: 8, as: UInt32.self) }
    nonmutating set { block.storeBytes(of: newValue, toByteOffset: 8, as: UInt32.self) }
  }

  /// Whether the page should take no more entries: seven of eight slots are in use.
  var isFull: Bool { count >= capacity - capacity / 8 }

  private var tags: UnsafeMutablePointer<UInt32> {
    (block + Self.headerSize).assumingMemoryBound(to: UInt32.self)
  }

  private var pointers: UnsafeMutablePointer<UnsafeMutableRawPointer?> {
    (block + Self.headerSize + Int(capacity) * 4).assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
  }

  /// Where the search for a hash begins.
  func firstSlot(for tag: UInt32) -> Int { Int(tag & (capacity - 1)) }

  /// The slot after another one.
  func next(_ slot: Int) -> Int { (slot + 1) & Int(capacity - 1) }

  /// What a slot in use holds.
  func pointer(in slot: Int) -> UnsafeMutableRawPointer? { pointers[slot] }

  /// The hash in a slot, or zero if it is free.
  func tag(in slot: Int) -> UInt32 { tags[slot] }

  /// Puts an entry in.
  ///
  /// There must be a free slot.
  func insert(_ pointer: UnsafeMutableRawPointer, tag: UInt32) {
    var slot = firstSlot(for: tag)
    while tags[slot] != 0 { slot = next(slot) }
    pointers[slot] = pointer
    tags[slot] = tag
    count += 1
  }

  /// Takes an entry out and closes the gap.
  ///
  /// False if it is not there.
  func remove(_ pointer: UnsafeMutableRawPointer, tag: UInt32) -> Bool {
    var slot = firstSlot(for: tag)
    while tags[slot] != 0, tags[slot] != tag || pointers[slot] != pointer { slot = next(slot) }
    guard tags[slot] != 0 else { return false }
    closeGap(at: slot)
    count -= 1
    return true
  }

  /// Moves later entries of the probe sequence back (Knuth, volume 3, section 6.4, algorithm R).
  private func closeGap(at start: Int) {
    var gap = start
    var slot = next(gap)
    while tags[slot] != 0 {
      let home = firstSlot(for: tags[slot])
      let mask = Int(capacity - 1)
      if (slot - home) & mask >= (slot - gap) & mask {
        pointers[gap] = pointers[slot]
        tags[gap] = tags[slot]
        gap = slot
      }
      slot = next(slot)
    }
    pointers[gap] = nil
    tags[gap] = 0
  }

  /// A page with the same entries and twice the slots.
  func grown(in pool: BlockPool?) -> NamePage {
    let page = NamePage.make(depth: depth, capacity: capacity * 2, in: pool)
    for slot in 0..<Int(capacity) {
      if tags[slot] != 0, let pointer = pointers[slot] { page.insert(pointer, tag: tags[slot]) }
    }
    return page
  }

  /// Two pages of the next depth with the entries of this one.
  func split(in pool: BlockPool?) -> (low: NamePage, high: NamePage) {
    let low = NamePage.make(depth: depth + 1, capacity: capacity, in: pool)
    let high = NamePage.make(depth: depth + 1, capacity: capacity, in: pool)
    for slot in 0..<Int(capacity) {
      guard tags[slot] != 0, let pointer = pointers[slot] else { continue }
      let tag = tags[slot]
      (tag >> (31 - depth) & 1 == 0 ? low : high).insert(pointer, tag: tag)
    }
    return (low, high)
  }
}
