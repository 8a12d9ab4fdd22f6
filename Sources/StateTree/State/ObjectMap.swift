/// Values by the numbers of objects (``NodeID/objectKey``), of which most have the same one: a hash table of open addressing.
///
/// The numbers are the program's own, given out one after the other, so that nobody can choose ones that collide: the hash is
/// one multiplication. `Dictionary` withstands chosen keys, at ten times the cost, and each change of the graph looks at
/// several such tables. Eight objects of a kind that were made one after the other lie in one line of the cache, because a
/// listing asks for them so. All operations are O(1) on average.
struct ObjectMap<Value> {
  private var keys: [UInt64]
  private var values: [Value]
  private let absent: Value
  /// The number of objects that have a value.
  private(set) var count = 0

  /// What a free slot has as its key: no object has this number.
  private static var free: UInt64 { .max }

  /// A table of objects that all have `absent`.
  init(absent: Value) {
    self.absent = absent
    keys = Array(repeating: Self.free, count: 8)
    values = Array(repeating: absent, count: 8)
  }

  /// Whether no object has a value.
  var isEmpty: Bool { count == 0 }

  /// The value of an object.
  subscript(key: UInt64) -> Value {
    let slot = slot(of: key)
    return keys[slot] == key ? values[slot] : absent
  }

  /// Hands `body` the value of an object, to be changed in its place.
  mutating func update<Result>(_ key: UInt64, _ body: (inout Value) -> Result) -> Result {
    var slot = slot(of: key)
    if keys[slot] != key {
      if count >= keys.count / 2 {
        grow()
        slot = self.slot(of: key)
      }
      keys[slot] = key
      count += 1
    }
    return body(&values[slot])
  }

  /// Takes the value of an object away.
  mutating func remove(_ key: UInt64) {
    guard count > 0 else { return }
    let slot = slot(of: key)
    guard keys[slot] == key else { return }
    closeGap(at: slot)
    count -= 1
  }

  /// The slot of a key, or the free one where it would be.
  private func slot(of key: UInt64) -> Int {
    let mask = keys.count &- 1
    var slot = home(key)
    while keys[slot] != key, keys[slot] != Self.free { slot = (slot &+ 1) & mask }
    return slot
  }

  /// Where the search for a key begins: in a group of eight slots, chosen by the leading bits of a product with the golden ratio
  /// (Knuth, volume 3, section 6.4), at the place of the object among eight neighbours of its kind.
  private func home(_ key: UInt64) -> Int {
    // The kind is in the three lowest bits (`ObjectID`).
    let product = ((key &>> 6) &<< 3 | (key & 7)) &* 0x9E37_79B9_7F4A_7C15
    let group = product >> UInt64(67 &- keys.count.trailingZeroBitCount)
    return Int(truncatingIfNeeded: (group &<< 3) | ((key &>> 3) & 7))
  }

  /// Moves later entries of the probe sequence back (Knuth, volume 3, section 6.4, algorithm R).
  private mutating func closeGap(at start: Int) {
    let mask = keys.count &- 1
    var gap = start
    var slot = (gap &+ 1) & mask
    while keys[slot] != Self.free {
      if (slot &- home(keys[slot])) & mask >= (slot &- gap) & mask {
        keys[gap] = keys[slot]
        values[gap] = values[slot]
        gap = slot
      }
      slot = (slot &+ 1) & mask
    }
    keys[gap] = Self.free
    values[gap] = absent
  }

  private mutating func grow() {
    let (oldKeys, oldValues) = (keys, values)
    keys = Array(repeating: Self.free, count: oldKeys.count * 2)
    values = Array(repeating: absent, count: oldKeys.count * 2)
    for (key, value) in zip(oldKeys, oldValues) where key != Self.free {
      let slot = slot(of: key)
      keys[slot] = key
      values[slot] = value
    }
  }
}
