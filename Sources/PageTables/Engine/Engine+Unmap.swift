extension Engine {
  /// Removes a range, all of which is mapped; all or nothing.
  func unmap(_ deviceAddress: UInt64, _ length: UInt64) throws(PageTableError) {
    let (first, last) = try offsets(deviceAddress, length)
    guard let root = state.root else { throw .notMapped(deviceAddress: deviceAddress) }
    let top = lowestTable(root, first, last, key: 0).node
    try checkMapped(top, first, last)
    clear(top, first, last)
    if top.pointee.liveCount == 0 { prune(root, first) }
  }

  /// Refuses a range that is not all mapped, or that cuts a leaf.
  func checkMapped(_ node: Node, _ first: UInt64, _ last: UInt64) throws(PageTableError) {
    let level = node.pointee.level
    let slots = format.slot(of: first, level: level)..<format.slot(of: last, level: level) + 1
    // Of a table of leaves that is full and wholly in the range, nothing is cut.
    if node.pointee.childCount == 0, slots.count == node.pointee.slotCount,
      node.pointee.liveCount == slots.count, (first | ~last) & slotMask(level) == 0
    {
      return
    }
    if let hole = node.pointee.live.firstMissing(in: slots) {
      throw .notMapped(deviceAddress: deviceAddress(of: hole, in: first, level: level))
    }
    try checkEdges(node, slots, first, last)
    guard node.pointee.childCount > 0 else { return }
    for slot in slots {
      guard let child = node.pointee.child(at: slot) else { continue }
      let start = max(first, offset(of: slot, in: first, level: level))
      try checkMapped(child, start, min(last, slotEnd(start, level: level)))
    }
  }

  /// Refuses a range of live slots whose first or last leaf it covers only in part.
  private func checkEdges(
    _ node: Node, _ slots: Range<Int>, _ first: UInt64, _ last: UInt64
  ) throws(PageTableError) {
    let level = node.pointee.level
    let mask: UInt64 = 1 << UInt64(format.slotShift(level)) - 1
    let end = slots.upperBound
    if node.pointee.child(at: slots.lowerBound) == nil,
      first & mask != 0 || !node.pointee.starts.contains(slots.lowerBound)
    {
      throw splitsLeaf(node, slots.lowerBound, first)
    }
    if node.pointee.child(at: end - 1) == nil,
      last & mask != mask
        || (end < node.pointee.slotCount && node.pointee.live.contains(end)
          && !node.pointee.starts.contains(end))
    {
      throw splitsLeaf(node, end - 1, first)
    }
  }

  /// The bits of an offset in a slot.
  private func slotMask(_ level: Int) -> UInt64 {
    (1 &<< UInt64(truncatingIfNeeded: format.slotShift(level))) &- 1
  }

  private func splitsLeaf(_ node: Node, _ slot: Int, _ offset: UInt64) -> PageTableError {
    let level = node.pointee.level
    let leaf = node.pointee.leafSlots(around: slot)
    let start = self.offset(of: leaf.lowerBound, in: offset, level: level)
    return .splitsLeaf(
      deviceAddress: format.deviceAddress(ofTableOffset: start),
      leafSize: UInt64(leaf.count) << UInt64(format.slotShift(level)))
  }

  /// Clears a range that is all mapped by whole leaves, and frees the tables that it leaves empty.
  func clear(_ node: Node, _ first: UInt64, _ last: UInt64) {
    let level = node.pointee.level
    let end = format.slot(of: last, level: level) + 1
    var slot = format.slot(of: first, level: level)
    guard node.pointee.childCount > 0 else { return clearLeaves(node, slot..<end) }
    while slot < end {
      if let child = node.pointee.child(at: slot) {
        clearChild(node, slot, child, first, last)
        slot += 1
      } else {
        var next = slot + 1
        while next < end, node.pointee.child(at: next) == nil { next += 1 }
        clearLeaves(node, slot..<next)
        slot = next
      }
    }
  }

  /// Clears the part of a range that lies in the table below a slot.
  private func clearChild(_ node: Node, _ slot: Int, _ child: Node, _ first: UInt64, _ last: UInt64) {
    let level = node.pointee.level
    let slotStart = offset(of: slot, in: first, level: level)
    let start = max(first, slotStart)
    let end = min(last, slotEnd(slotStart, level: level))
    if start == slotStart, end == slotEnd(slotStart, level: level) {
      unlinkChild(of: node, at: slot)
      freeTree(child)
      return
    }
    clear(child, start, end)
    if child.pointee.liveCount == 0 {
      unlinkChild(of: node, at: slot)
      freeTable(child)
    }
  }

  /// Clears slots that hold whole leaves.
  private func clearLeaves(_ node: Node, _ slots: Range<Int>) {
    Self.fillEmpty(format, node, slots)
    forgetLeaves(of: node, in: slots)
    node.pointee.live.remove(slots)
    if node.pointee.hasGroups { node.pointee.starts.remove(slots) }
    node.pointee.liveCount -= slots.count
    state.figures.pointee.liveSlots -= slots.count
  }
}
