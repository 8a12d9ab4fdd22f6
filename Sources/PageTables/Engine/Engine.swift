internal import PhysicalMemory
internal import Synchronization

/// The algorithms on tables, written once for all formats and compiled once for each.
///
/// An engine is made for one operation. Ranges are inclusive (`first`, `last`) in table offsets, so that the top of a
/// 64-bit space needs no special case; a range handed to a table's record always lies inside of what that table spans.
struct Engine<Format: PageTableFormat> {
  /// A table's record.
  typealias Node = TableNode.Reference
  /// One entry.
  typealias Word = Format.Word

  /// The format, as configured.
  let format: Format
  /// The table worked on.
  let state: TableState
}

// MARK: - Ranges

extension Engine {
  /// The table offsets of a range of device addresses.
  func offsets(
    _ deviceAddress: UInt64, _ length: UInt64
  ) throws(PageTableError) -> (first: UInt64, last: UInt64) {
    let pageSize: UInt64 = 1 << UInt64(format.pageShift)
    guard length > 0 else { throw .badRange(start: deviceAddress, length: length) }
    let (lastAddress, overflow) = deviceAddress.addingReportingOverflow(length - 1)
    guard !overflow else { throw .badRange(start: deviceAddress, length: length) }
    guard deviceAddress & (pageSize - 1) == 0 else {
      throw .misaligned(value: deviceAddress, pageSize: pageSize)
    }
    guard length & (pageSize - 1) == 0 else { throw .misaligned(value: length, pageSize: pageSize) }
    guard let first = format.tableOffset(of: deviceAddress) else { throw format.inputError(deviceAddress) }
    guard let last = format.tableOffset(of: lastAddress) else { throw format.inputError(lastAddress) }
    guard last >= first, last - first == length - 1 else { throw format.inputError(lastAddress) }
    return (first, last)
  }

  /// The table offset of the first byte that a table spans, given any offset in it.
  @inline(__always)
  func base(_ offset: UInt64, level: Int) -> UInt64 {
    let bits = UInt64(truncatingIfNeeded: format.slotShift(level) &+ format.indexBits(level))
    return bits >= 64 ? 0 : (offset &>> bits) &<< bits
  }

  /// The table offset of the first byte of a slot, given any offset in its table.
  @inline(__always)
  func offset(of slot: Int, in offset: UInt64, level: Int) -> UInt64 {
    base(offset, level: level)
      | UInt64(truncatingIfNeeded: slot) &<< UInt64(truncatingIfNeeded: format.slotShift(level))
  }

  /// The last table offset of the slot that an offset belongs to.
  @inline(__always)
  func slotEnd(_ offset: UInt64, level: Int) -> UInt64 {
    offset | ((1 &<< UInt64(truncatingIfNeeded: format.slotShift(level))) &- 1)
  }

  /// The device address of a slot's first byte, for an error; not below the range that was asked for.
  func deviceAddress(of slot: Int, in first: UInt64, level: Int) -> UInt64 {
    format.deviceAddress(ofTableOffset: max(first, offset(of: slot, in: first, level: level)))
  }
}

// MARK: - Tables

extension Engine {
  /// The lowest table, on the way down from the root, that spans all of a range; with the way's flags compared to `key`.
  @inline(__always)
  func lowestTable(
    _ root: Node, _ first: UInt64, _ last: UInt64, key: UInt64
  ) -> (node: Node, hasKey: Bool) {
    var node = root
    var hasKey = true
    while true {
      let level = node.pointee.level
      let slot = format.slot(of: first, level: level)
      guard slot == format.slot(of: last, level: level), let child = node.pointee.child(at: slot) else {
        return (node, hasKey)
      }
      hasKey = hasKey && child.pointee.pointerKey == key
      node = child
    }
  }

  /// Makes a table without entries and its record.
  static func makeNode(
    _ format: Format, level: Int, key: UInt64, _ tableMemory: any TableMemory, _ records: BlockPool
  ) throws(PageTableError) -> Node {
    let sizeLog2 = format.tableSizeLog2(level)
    let (address, bytes) = try tableMemory.block(
      byteCountLog2: sizeLog2, alignmentLog2: format.tableAlignmentLog2(level),
      addressBits: format.tableAddressBits)
    let node = makeRecord(format, level, key, address, bytes, records)
    fillEmpty(format, node, 0..<node.pointee.slotCount)
    return node
  }

  private static func makeRecord(
    _ format: Format, _ level: Int, _ key: UInt64, _ address: UInt64, _ bytes: UnsafeMutableRawPointer,
    _ records: BlockPool
  ) -> Node {
    TableNode.make(
      address: address, bytes: bytes, level: level, slotCount: 1 << format.indexBits(level), pointerKey: key,
      hasGroups: format.hasGroups(level), in: records)
  }

  /// The mapped bytes of a table; `nil` unless all of them lie in memory.
  private func bytes(at address: UInt64, _ byteCount: UInt64) -> UnsafeMutableRawPointer? {
    let window = state.figures.pointee.window
    // A table has at least sixteen bytes, or else the long way is taken.
    if byteCount >= 16, let bytes = window.pointer(to: address),
      window.pointer(to: address &+ (byteCount &- 16)) != nil
    {
      return bytes
    }
    return state.memory.pointer(to: address, byteCount: byteCount)
  }

  /// Stores empty entries in slots.
  static func fillEmpty(_ format: Format, _ node: Node, _ slots: Range<Int>) {
    // The table's block holds slotCount entries, and the range lies among them.
    let entries = node.pointee.bytes.assumingMemoryBound(to: Word.self)
    let empty = format.stored(format.emptyEntry(node.pointee.level))
    (entries + slots.lowerBound).update(repeating: empty, count: slots.count)
  }

  /// Stores one entry.
  @inline(__always)
  func store(_ entry: Word, in node: Node, at slot: Int) {
    node.pointee.bytes.assumingMemoryBound(to: Word.self)[slot] = format.stored(entry)
  }

  /// Reads one entry back.
  @inline(__always)
  func load(from node: Node, at slot: Int) -> Word {
    format.stored(node.pointee.bytes.assumingMemoryBound(to: Word.self)[slot])
  }

  /// Makes a table below an empty slot and links it.
  func makeChild(of node: Node, at slot: Int, key: UInt64) throws(PageTableError) -> Node {
    let child = try makeNode(level: node.pointee.level - 1, key: key)
    Self.fillEmpty(format, child, 0..<child.pointee.slotCount)
    link(child, below: node, at: slot)
    return child
  }

  /// Makes a table whose entries are not yet stored, and its record.
  func makeNode(level: Int, key: UInt64) throws(PageTableError) -> Node {
    let block = try makeTables(level: level, limit: 1)
    return Self.makeRecord(format, level, key, block.address, block.bytes, state.records)
  }

  /// Memory for up to `limit` tables, one behind the other.
  func makeTables(
    level: Int, limit: Int
  ) throws(PageTableError) -> (address: UInt64, bytes: UnsafeMutableRawPointer, count: Int) {
    let sizeLog2 = format.tableSizeLog2(level)
    let size: UInt64 = 1 << UInt64(sizeLog2)
    guard
      let (address, count) = state.tableMemory.allocateTables(
        byteCountLog2: sizeLog2, alignmentLog2: format.tableAlignmentLog2(level), limit: limit)
    else { throw .outOfTableMemory(byteCount: size) }
    let isInReach = { (length: UInt64) in
      format.tableAddressBits >= 64 || (address &+ (length &- 1)) >> UInt64(format.tableAddressBits) == 0
    }
    let length = UInt64(count) << UInt64(sizeLog2)
    if isInReach(length), let bytes = bytes(at: address, length) { return (address, bytes, count) }
    // What all of them cannot be, the first one may be.
    for index in 1..<max(count, 1) {
      state.tableMemory.freeTable(at: address &+ UInt64(index) << UInt64(sizeLog2), byteCountLog2: sizeLog2)
    }
    if isInReach(size), let bytes = bytes(at: address, size) { return (address, bytes, 1) }
    state.tableMemory.freeTable(at: address, byteCountLog2: sizeLog2)
    guard isInReach(size) else {
      throw .tableOutOfReach(physicalAddress: address, bits: format.tableAddressBits)
    }
    throw .outOfTableMemory(byteCount: size)
  }

  /// Links a table below an empty slot.
  func link(_ child: Node, below node: Node, at slot: Int) {
    let level = node.pointee.level
    // A walker in another process must see the table's entries before it sees the pointer.
    atomicMemoryFence(ordering: .releasing)
    store(
      format.tableEntry(pointingTo: child.pointee.address, level: level, key: child.pointee.pointerKey),
      in: node, at: slot)
    node.pointee.setChild(child, at: slot)
    node.pointee.live.insert(slot)
    node.pointee.starts.insert(slot)
    node.pointee.liveCount += 1
    state.figures.pointee.liveSlots += 1
    state.figures.pointee.tables += 1
    state.figures.pointee.bytes &+= 1 << UInt64(format.tableSizeLog2(level - 1))
  }

  /// Takes the table below a slot out of the tree, without freeing it.
  func unlinkChild(of node: Node, at slot: Int) {
    store(format.emptyEntry(node.pointee.level), in: node, at: slot)
    node.pointee.setChild(nil, at: slot)
    node.pointee.live.remove(slot)
    node.pointee.starts.remove(slot)
    node.pointee.liveCount -= 1
    state.figures.pointee.liveSlots -= 1
  }

  /// Frees a table that is out of the tree, and all tables below it, by our record.
  func freeTree(_ node: Node) {
    forgetLeaves(of: node, in: 0..<node.pointee.slotCount)
    state.figures.pointee.liveSlots -= node.pointee.liveCount
    if node.pointee.childCount > 0 {
      for slot in 0..<node.pointee.slotCount {
        if let child = node.pointee.child(at: slot) { freeTree(child) }
      }
    }
    freeTable(node)
  }

  /// Frees one table that is out of the tree and has nothing below it.
  func freeTable(_ node: Node) {
    let sizeLog2 = format.tableSizeLog2(node.pointee.level)
    state.tableMemory.freeTable(at: node.pointee.address, byteCountLog2: sizeLog2)
    state.figures.pointee.tables -= 1
    state.figures.pointee.bytes &-= 1 << UInt64(sizeLog2)
    if node.pointee.level == 0 { state.figures.pointee.nearTables.remove(node) }
    TableNode.free(node, in: state.records)
  }

  /// Takes the leaves that begin in a range of slots out of the count by size.
  func forgetLeaves(of node: Node, in slots: Range<Int>) {
    let shift = format.slotShift(node.pointee.level)
    if slots.count == node.pointee.slotCount, !node.pointee.hasGroups || node.pointee.isFullOfSingles {
      state.figures.pointee.leaves[shift] -= node.pointee.liveCount - node.pointee.childCount
      return
    }
    let live = node.pointee.live.count(in: slots)
    let starts = node.pointee.hasGroups ? node.pointee.starts.count(in: slots) : live
    guard live != starts else {
      state.figures.pointee.leaves[shift] -= live - childCount(of: node, in: slots)
      return
    }
    var next = node.pointee.starts.first(in: slots)
    while let slot = next {
      let leaf = node.pointee.leafSlots(around: slot)
      if node.pointee.child(at: slot) == nil {
        state.figures.pointee.leaves[shift + leaf.count.trailingZeroBitCount] -= 1
      }
      next = node.pointee.starts.first(in: min(leaf.upperBound, slots.upperBound)..<slots.upperBound)
    }
  }

  private func childCount(of node: Node, in slots: Range<Int>) -> Int {
    guard node.pointee.childCount > 0 else { return 0 }
    guard slots.count < node.pointee.slotCount else { return node.pointee.childCount }
    return slots.reduce(0) { $0 + (node.pointee.child(at: $1) == nil ? 0 : 1) }
  }
}
