/// The objects of one directory by their names: extendible hashing (Fagin and others, 1979) over small pages.
///
/// A page that is full is split in two, so that no operation ever moves more than one page; only the
/// directory of pages is copied when it doubles. The index does not own the objects, and keeps no copy of
/// their names: an entry is a pointer and 32 bits of the hash. An empty index allocates nothing.
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
    return name.withUTF8 { find($0) }
  }

  /// The object whose name has these bytes.
  ///
  /// O(1) on average.
  func find(_ name: UnsafeBufferPointer<UInt8>) -> Object? {
    guard let directory else { return nil }
    let hash = Self.hash(name)
    let page = directory[index(of: hash)]
    var slot = page.firstSlot(for: hash)
    while case let tag = page.tag(in: slot), tag != 0 {
      if tag == hash, let pointer = page.pointer(in: slot) {
        let object = Unmanaged<Object>.fromOpaque(pointer).takeUnretainedValue()
        if object.isNamed(name) { return object }
      }
      slot = page.next(slot)
    }
    return nil
  }

  /// Puts an object in under these bytes, which must be its name and must not be in the index.
  ///
  /// O(1) on average.
  mutating func insert(_ object: Object, named name: UnsafeBufferPointer<UInt8>) {
    let hash = Self.hash(name)
    let pointer = Unmanaged.passUnretained(object).toOpaque()
    makeRoom(for: hash)
    guard let directory else { return }
    directory[index(of: hash)].insert(pointer, tag: hash)
    count += 1
  }

  /// Takes an object out that was put in under these bytes.
  ///
  /// O(1) on average.
  mutating func remove(_ object: Object, named name: UnsafeBufferPointer<UInt8>) {
    guard let directory else { return }
    let hash = Self.hash(name)
    guard directory[index(of: hash)].remove(Unmanaged.passUnretained(object).toOpaque(), tag: hash) else {
      return
    }
    count -= 1
  }

  private static func hash(_ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
    NameHash.hash(name)
  }

  private func index(of hash: UInt32) -> Int {
    depth == 0 ? 0 : Int(hash >> (32 - depth))
  }

  /// Makes sure that the page of `hash` has a free slot to spare.
  private mutating func makeRoom(for hash: UInt32) {
    guard let directory else {
      let first = UnsafeMutablePointer<NamePage>.allocate(capacity: 1)
      first.initialize(to: NamePage.make(depth: 0, capacity: NamePage.smallestCapacity, in: nil))
      self.directory = first
      return
    }
    let page = directory[index(of: hash)]
    guard page.isFull else { return }
    if page.capacity < NamePage.largestCapacity || page.depth >= Self.depthLimit {
      if pool == nil, page.capacity * 2 == NamePage.largestCapacity {
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
