internal import Glibc
internal import PhysicalMemory

/// The record that we keep of one table in memory: where it is, which slots we filled, and the tables below.
///
/// Records live outside of the encoded memory, so nothing that somebody writes there can make us free or overwrite the
/// wrong thing. A record and its bitmaps are one block, from a pool where the table holds leaves only, as most do; the children's
/// pointers are a second one, made with the first child. The engine owns all records through the root's and frees them
/// explicitly.
struct TableNode {
  /// A record by reference, without reference counting on the way through the tree.
  typealias Reference = UnsafeMutablePointer<TableNode>

  /// The physical address of the table.
  let address: UInt64
  /// The table's bytes in our mapping of the physical memory.
  let bytes: UnsafeMutableRawPointer
  /// The level; 0 holds leaves only.
  let level: Int
  /// The number of slots.
  let slotCount: Int
  /// The flags that pointers to this table carry on behalf of its leaves.
  var pointerKey: UInt64
  /// The number of slots that hold a leaf (each copy counts) or a pointer.
  var liveCount: Int
  /// Those slots.
  let live: SlotBitmap
  /// The first slot of each leaf; the same bits as `live` where leaves never span slots.
  let starts: SlotBitmap
  /// The tables below, by slot; `nil` until there is one.
  var children: UnsafeMutablePointer<Reference?>?
  /// The number of tables below.
  var childCount: Int
  /// Under which number `NearTables` last had this table.
  var nearNumber: UInt64 = 0

  /// The bytes of a record and its bitmaps.
  static func byteCount(slotCount: Int, hasGroups: Bool) -> Int {
    MemoryLayout<TableNode>.stride + (slotCount + 63) / 64 * (hasGroups ? 16 : 8)
  }

  /// A record of an empty table.
  ///
  /// - Parameters:
  ///   - hasGroups: whether leaves may span slots, so that their starts must be kept apart.
  ///   - pool: where records of level 0 come from, with blocks of their ``byteCount(slotCount:hasGroups:)``.
  static func make(
    address: UInt64, bytes: UnsafeMutableRawPointer, level: Int, slotCount: Int, pointerKey: UInt64,
    hasGroups: Bool, in pool: BlockPool
  ) -> Reference {
    let node = makeRecord(
      address: address, bytes: bytes, level: level, slotCount: slotCount, pointerKey: pointerKey,
      hasGroups: hasGroups, in: pool)
    let wordCount = (slotCount + 63) / 64 * (hasGroups ? 2 : 1)
    node.pointee.live.words.initialize(repeating: 0, count: wordCount)
    return node
  }

  /// A record of a table of level 0 all of whose slots hold a leaf of one slot.
  static func makeFull(
    address: UInt64, bytes: UnsafeMutableRawPointer, slotCount: Int, pointerKey: UInt64, hasGroups: Bool,
    in pool: BlockPool
  ) -> Reference {
    let node = makeRecord(
      address: address, bytes: bytes, level: 0, slotCount: slotCount, pointerKey: pointerKey,
      hasGroups: hasGroups, in: pool)
    node.pointee.liveCount = slotCount
    node.pointee.live.fill(slotCount)
    if hasGroups { node.pointee.starts.fill(slotCount) }
    return node
  }

  /// A record whose bitmaps are anything.
  @inline(__always)
  private static func makeRecord(
    address: UInt64, bytes: UnsafeMutableRawPointer, level: Int, slotCount: Int, pointerKey: UInt64,
    hasGroups: Bool, in pool: BlockPool
  ) -> Reference {
    let block =
      level == 0
      ? pool.allocate()
      // malloc itself: Swift's allocate asks for an alignment, which takes glibc much longer.
      : malloc(byteCount(slotCount: slotCount, hasGroups: hasGroups)).unsafelyUnwrapped
    let words = (block + MemoryLayout<TableNode>.stride).assumingMemoryBound(to: UInt64.self)
    let live = SlotBitmap(words: words)
    let node = block.bindMemory(to: TableNode.self, capacity: 1)
    node.initialize(
      to: TableNode(
        address: address, bytes: bytes, level: level, slotCount: slotCount, pointerKey: pointerKey,
        liveCount: 0, live: live,
        starts: hasGroups ? SlotBitmap(words: words + (slotCount + 63) / 64) : live, children: nil,
        childCount: 0))
    return node
  }

  /// Frees the record, not the table and not the records below.
  static func free(_ node: Reference, in pool: BlockPool) {
    node.pointee.children?.deallocate()
    if node.pointee.level == 0 { pool.deallocate(node) } else { Glibc.free(node) }
  }

  /// Whether leaves' starts are kept apart.
  var hasGroups: Bool { live.words != starts.words }

  /// Whether every slot holds a leaf of its own.
  var isFullOfSingles: Bool {
    childCount == 0 && liveCount == slotCount && (!hasGroups || starts.isFull(slotCount))
  }

  /// The table below a slot.
  func child(at slot: Int) -> Reference? {
    children?[slot]
  }

  /// Puts a table below a slot, or takes it away.
  mutating func setChild(_ child: Reference?, at slot: Int) {
    let table: UnsafeMutablePointer<Reference?>
    if let children {
      table = children
    } else {
      table = .allocate(capacity: slotCount)
      table.initialize(repeating: nil, count: slotCount)
      children = table
    }
    childCount += (child == nil ? 0 : 1) - (table[slot] == nil ? 0 : 1)
    table[slot] = child
  }

  /// Whether a live slot is the only one of its leaf.
  func isWholeLeaf(_ slot: Int) -> Bool {
    let next = slot + 1
    return starts.contains(slot) && (next == slotCount || !live.contains(next) || starts.contains(next))
  }

  /// The slots of the leaf that `slot`, which must be live, belongs to.
  func leafSlots(around slot: Int) -> Range<Int> {
    guard hasGroups else { return slot..<slot + 1 }
    let start = starts.last(in: 0..<slot + 1) ?? slot
    var end = start + 1
    while end < slotCount, live.contains(end), !starts.contains(end) { end += 1 }
    return start..<end
  }
}
