internal import PhysicalMemory

/// The objects of one directory by their names: extendible hashing (Fagin and others, 1979) over small pages.
///
/// A page that is full is split in two, so that no operation ever moves more than one page; only the
/// directory of pages is copied when it doubles. The index does not own the objects, and keeps no copy of
/// their names: an entry is a pointer and 32 bits of the hash, which tell a number from all others. An empty index allocates nothing.
struct NameIndex<Object: NamedObject>: ~Copyable {
  /// The pages by the leading `depth` bits of the hash.
  ///
  /// Several neighbours may be the same page.
  private var directory: UnsafeMutablePointer<NamePage>?
  private var depth: UInt32 = 0
  /// Where full pages come from; `nil` before there is one.
  private var pool: BlockPool?
  /// The number of names.
  private(set) var count = 0

  /// Beyond this depth pages grow instead of being split: names chosen to collide must not blow up the
  /// directory.
  private static var depthLimit: UInt32 { 20 }

  /// An empty index.
  init() {}

  deinit {
    guard let directory else { return }
    var index = 0
    while index < 1 << depth {
      let page = directory[index]
      index += 1 << Int(depth - page.depth)
      page.free(in: pool)
    }
    directory.deallocate()
  }

  /// The object with this name.
  ///
  /// O(1) on average.
  func find(_ name: String) -> Object? {
    var name = name
    return name.withUTF8 { find(NameKey($0, prefix: Object.namePrefix)) }
  }

  /// The object with the name that has this key.
  ///
  /// O(1) on average. A number is found without a look at objects of other names.
  func find(_ key: NameKey) -> Object? {
    guard let directory else { return nil }
    let hash = key.hash
    let page = directory[index(of: hash)]
    // Hashes of numbers are their own, but for the one that two share.
    let isSure = if case .numbered = key { hash != 1 } else { false }
    let mark: UInt = if case .numbered = key { 1 } else { 0 }
    var slot = page.firstSlot(for: hash)
    while case let tag = page.tag(in: slot), tag != 0 {
      if tag == hash, case let word = page.word(in: slot), word & 1 == mark, let object = Self.object(word),
        isSure || object.storedName.matches(key)
      {
        return object
      }
      slot = page.next(slot)
    }
    return nil
  }

  /// Begins to fetch what the next operation with a name needs, and does not wait for it.
  func prefetch(_ name: StoredName) {
    guard let directory else { return }
    let hash = name.withKey(\.hash)
    directory[index(of: hash)].prefetch(hash)
  }

  /// Puts an object in, whose name must not be in the index.
  ///
  /// O(1) on average.
  mutating func insert(_ object: Object) {
    let name = object.storedName
    let hash = name.withKey(\.hash)
    makeRoom(for: hash)
    guard let directory else { return }
    directory[index(of: hash)].insert(Self.word(object, name), tag: hash)
    count += 1
  }

  /// Takes an object out, which must have the name that it was put in with.
  ///
  /// O(1) on average.
  mutating func remove(_ object: Object) {
    guard let directory else { return }
    let name = object.storedName
    let hash = name.withKey(\.hash)
    if directory[index(of: hash)].remove(Self.word(object, name), tag: hash) { count -= 1 }
  }

  /// What stands for an object: its address, and in the lowest bit whether its name is a number.
  @inline(__always)
  private static func word(_ object: Object, _ name: StoredName) -> UInt {
    let address = UInt(bitPattern: Unmanaged.passUnretained(object).toOpaque())
    return if case .numbered = name { address | 1 } else { address }
  }

  /// The object that a word stands for.
  @inline(__always)
  private static func object(_ word: UInt) -> Object? {
    UnsafeRawPointer(bitPattern: word & ~1).map { Unmanaged<Object>.fromOpaque($0).takeUnretainedValue() }
  }

  private func index(of hash: UInt32) -> Int {
    depth == 0 ? 0 : Int(hash >> (32 - depth))
  }

  /// Makes sure that the page of `hash` has a free slot to spare.
  private mutating func makeRoom(for hash: UInt32) {
    guard let directory else {
      let first = UnsafeMutablePointer<NamePage>.allocate(capacity: 1)
      first.initialize(to: NamePage.make(depth: 0, size: NamePage.smallestSize, in: nil))
      self.directory = first
      return
    }
    let page = directory[index(of: hash)]
    guard page.isFull else { return }
    if page.size < NamePage.largestSize || page.depth >= Self.depthLimit {
      if pool == nil, page.size + 1 == NamePage.largestSize {
        pool = BlockPool(byteCount: NamePage.byteCount)
      }
      replace(page, at: index(of: hash), with: page.grown(in: pool))
    } else {
      if page.depth == depth { doubleDirectory() }
      split(page, at: index(of: hash))
      makeRoom(for: hash)
    }
  }

  private mutating func replace(_ page: NamePage, at index: Int, with other: NamePage) {
    guard let directory else { return }
    let span = 1 << Int(depth - page.depth)
    let first = index & ~(span - 1)
    for slot in first..<first + span { directory[slot] = other }
    page.free(in: pool)
  }

  private mutating func doubleDirectory() {
    guard let old = directory else { return }
    let new = UnsafeMutablePointer<NamePage>.allocate(capacity: 2 << Int(depth))
    for index in 0..<(1 << Int(depth)) {
      (new + 2 * index).initialize(repeating: old[index], count: 2)
    }
    old.deallocate()
    directory = new
    depth += 1
  }

  private mutating func split(_ page: NamePage, at index: Int) {
    guard let directory else { return }
    let halves = page.split(in: pool)
    let span = 1 << Int(depth - page.depth)
    let first = index & ~(span - 1)
    for slot in first..<first + span / 2 { directory[slot] = halves.low }
    for slot in first + span / 2..<first + span { directory[slot] = halves.high }
    page.free(in: pool)
  }
}
