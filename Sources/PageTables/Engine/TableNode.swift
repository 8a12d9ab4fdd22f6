internal import Glibc

/// The record that we keep of one table in memory: where it is, which slots we filled, and the tables below.
///
/// Records live outside of the encoded memory, so nothing that somebody writes there can make us free or overwrite the
/// wrong thing. A record and its bitmaps are one block; the children's pointers are a second one, made with the first
/// child. The engine owns all records through the root's and frees them explicitly.
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

  /// A record of an empty table.
  ///
  /// - Parameter hasGroups: whether leaves may span slots, so that their starts must be kept apart.
  static func make(
    address: UInt64, bytes: UnsafeMutableRawPointer, level: Int, slotCount: Int, pointerKey: UInt64,
    hasGroups: Bool
  ) -> Reference {
    let wordCount = (slotCount + 63) / 64
    let header = MemoryLayout<TableNode>.stride
    // malloc itself: Swift's allocate asks for an alignment, which takes glibc much longer.
    let block = malloc(header + wordCount * 8 * (hasGroups ? 2 : 1)).unsafelyUnwrapped
    let words = (block + header).initializeMemory(
      as: UInt64.self, repeating: 0, count: wordCount * (hasGroups ? 2 : 1))
    let live = SlotBitmap(words: words)
    let node = block.bindMemory(to: TableNode.self, capacity: 1)
    node.initialize(
      to: TableNode(
        address: address, bytes: bytes, level: level, slotCount: slotCount, pointerKey: pointerKey,
        liveCount: 0,
        live: live, starts: hasGroups ? SlotBitmap(words: words + wordCount) : live, children: nil,
        childCount: 0))
    return node
  }

  /// Frees the record, not the table and not the records below.
  static func free(_ node: Reference) {
    node.pointee.children?.deallocate()
    Glibc.free(node)
  }

  /// Whether leaves' starts are kept apart.
  var hasGroups: Bool { live.words != starts.words }

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
