extension Engine {
  /// Refuses entries of a table without pointers that are no longer what we wrote; all slots are mapped, and no leaf is cut.
  func checkLeaves(_ node: Node, _ slots: Range<Int>) throws(PageTableError) {
    let level = node.pointee.level
    let shift = format.slotShift(level)
    var slot = slots.lowerBound
    while slot < slots.upperBound {
      let singles = node.pointee.singleLeaves(in: slot..<slots.upperBound)
      for single in slot..<slot + singles { try checkLeaf(node, single, shift) }
      slot += singles
      guard slot < slots.upperBound else { return }
      let end = node.pointee.starts.first(in: slot + 1..<slots.upperBound) ?? slots.upperBound
      let sizeLog2 = shift + (end - slot).trailingZeroBitCount
      for copy in slot..<end { try checkLeaf(node, copy, sizeLog2) }
      slot = end
    }
  }

  @inline(__always)
  private func checkLeaf(_ node: Node, _ slot: Int, _ sizeLog2: Int) throws(PageTableError) {
    let level = node.pointee.level
    let entry = load(from: node, at: slot)
    guard format.kind(of: entry, level: level) == .leaf,
      format.leafSizeLog2(of: entry, level: level) == sizeLog2
    else {
      let place = UInt64(slot) << UInt64(MemoryLayout<Word>.size.trailingZeroBitCount)
      throw .damaged(entryAddress: node.pointee.address &+ place)
    }
  }

  /// Stores the entries of a table without pointers anew with other attributes; all slots are mapped, and no leaf is cut.
  func rewriteLeaves(_ node: Node, _ slots: Range<Int>, _ attributes: Format.LeafAttributes) {
    let shift = format.slotShift(node.pointee.level)
    var slot = slots.lowerBound
    while slot < slots.upperBound {
      let singles = node.pointee.singleLeaves(in: slot..<slots.upperBound)
      rewrite(node, slot..<slot + singles, shift, attributes)
      slot += singles
      guard slot < slots.upperBound else { return }
      let end = node.pointee.starts.first(in: slot + 1..<slots.upperBound) ?? slots.upperBound
      rewrite(node, slot..<end, shift + (end - slot).trailingZeroBitCount, attributes)
      slot = end
    }
  }

  /// Stores entries of leaves of one size.
  @inline(__always)
  private func rewrite(
    _ node: Node, _ slots: Range<Int>, _ sizeLog2: Int, _ attributes: Format.LeafAttributes
  ) {
    let level = node.pointee.level
    let template = format.leafTemplate(level: level, sizeLog2: sizeLog2, attributes: attributes)
    for slot in slots {
      let address = format.outputAddress(of: load(from: node, at: slot), level: level)
      store(template | format.addressBits(address, level: level, sizeLog2: sizeLog2), in: node, at: slot)
    }
  }
}

extension TableNode {
  /// How many slots from the first of a range on hold leaves of one slot each, in a range whose slots are all live.
  func singleLeaves(in slots: Range<Int>) -> Int {
    guard hasGroups else { return slots.count }
    let end = starts.firstMissing(in: slots) ?? slots.upperBound
    // The slot before one that begins nothing belongs to the same leaf.
    return end == slots.upperBound ? slots.count : max(end - slots.lowerBound - 1, 0)
  }
}
