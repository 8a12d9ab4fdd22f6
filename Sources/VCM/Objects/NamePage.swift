/// A page of a ``NameIndex``: open addressing with linear probing over up to 256 slots.
///
/// The value points to one block of memory: depth, capacity and count, then the tags, then the pointers.
struct NamePage {
  /// The block.
  let block: UnsafeMutableRawPointer

  /// The capacity of a new page.
  static let smallestCapacity: UInt32 = 8
  /// The capacity at which a page is split instead of being made larger.
  static let largestCapacity: UInt32 = 256

  private static var headerSize: Int { 16 }

  /// A new empty page.
  ///
  /// `capacity` is a power of two.
  static func make(depth: UInt32, capacity: UInt32) -> NamePage {
    let size = headerSize + Int(capacity) * 12
    let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    block.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    block.storeBytes(of: depth, as: UInt32.self)
    block.storeBytes(of: capacity, toByteOffset: 4, as: UInt32.self)
    return NamePage(block: block)
  }

  /// Gives the memory back.
  func free() { block.deallocate() }

  /// How many leading bits all hashes in the page have in common.
  var depth: UInt32 { block.load(as: UInt32.self) }
  /// The number of slots: a power of two.
  var capacity: UInt32 { block.load(fromByteOffset: 4, as: UInt32.self) }
  /// The number of slots in use.
  var count: UInt32 {
    get { block.load(fromByteOffset: 8, as: UInt32.self) }
    nonmutating set { block.storeBytes(of: newValue, toByteOffset: 8, as: UInt32.self) }
  }

  /// Whether the page should take no more entries: seven of eight slots are in use.
  var isFull: Bool { count >= capacity - capacity / 8 }

  private var pointers: UnsafeMutablePointer<UnsafeMutableRawPointer?> {
    (block + Self.headerSize).assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
  }

  private var tags: UnsafeMutablePointer<UInt32> {
    (block + Self.headerSize + Int(capacity) * 8).assumingMemoryBound(to: UInt32.self)
  }

  /// Where the search for a hash begins.
  func firstSlot(for tag: UInt32) -> Int { Int(tag & (capacity - 1)) }

  /// The slot after another one.
  func next(_ slot: Int) -> Int { (slot + 1) & Int(capacity - 1) }

  /// What a slot holds, or nil if it is free.
  func pointer(in slot: Int) -> UnsafeMutableRawPointer? { pointers[slot] }

  /// The hash in a slot in use.
  func tag(in slot: Int) -> UInt32 { tags[slot] }

  /// Puts an entry in.
  ///
  /// There must be a free slot.
  func insert(_ pointer: UnsafeMutableRawPointer, tag: UInt32) {
    var slot = firstSlot(for: tag)
    while pointers[slot] != nil { slot = next(slot) }
    pointers[slot] = pointer
    tags[slot] = tag
    count += 1
  }

  /// Takes an entry out and closes the gap.
  ///
  /// False if it is not there.
  func remove(_ pointer: UnsafeMutableRawPointer, tag: UInt32) -> Bool {
    var slot = firstSlot(for: tag)
    while let found = pointers[slot], found != pointer { slot = next(slot) }
    guard pointers[slot] != nil else { return false }
    closeGap(at: slot)
    count -= 1
    return true
  }

  /// Moves later entries of the probe sequence back (Knuth, volume 3, section 6.4, algorithm R).
  private func closeGap(at start: Int) {
    var gap = start
    var slot = next(gap)
    while pointers[slot] != nil {
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
  }

  /// A page with the same entries and twice the slots.
  func grown() -> NamePage {
    let page = NamePage.make(depth: depth, capacity: capacity * 2)
    for slot in 0..<Int(capacity) {
      if let pointer = pointers[slot] { page.insert(pointer, tag: tags[slot]) }
    }
    return page
  }

  /// Two pages of the next depth with the entries of this one.
  func split() -> (low: NamePage, high: NamePage) {
    let low = NamePage.make(depth: depth + 1, capacity: capacity)
    let high = NamePage.make(depth: depth + 1, capacity: capacity)
    for slot in 0..<Int(capacity) {
      guard let pointer = pointers[slot] else { continue }
      let tag = tags[slot]
      (tag >> (31 - depth) & 1 == 0 ? low : high).insert(pointer, tag: tag)
    }
    return (low, high)
  }
}
