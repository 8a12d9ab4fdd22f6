extension Engine {
  /// Rewrites the leaves of a range, all of which is mapped; all or nothing.
  func changeAttributes(
    _ deviceAddress: UInt64, _ length: UInt64, _ wish: MappingAttributes
  ) throws(PageTableError) {
    let attributes = try format.leafAttributes(for: wish)
    let (first, last) = try offsets(deviceAddress, length)
    guard let root = state.root else { throw .notMapped(deviceAddress: deviceAddress) }
    try checkMapped(root, first, last)
    let key = format.pointerKey(for: attributes)
    try checkRewritable(root, first, last, key: key)
    rewrite(root, first, last, attributes, key: key)
  }

  /// Refuses entries that are no longer what we wrote, and tables whose flags would have to change for other leaves too.
  private func checkRewritable(
    _ node: Node, _ first: UInt64, _ last: UInt64, key: UInt64
  ) throws(PageTableError) {
    let level = node.pointee.level
    let slots = format.slot(of: first, level: level)..<format.slot(of: last, level: level) + 1
    if node.pointee.childCount == 0 { return try checkLeaves(node, slots) }
    var slot = slots.lowerBound
    while slot < slots.upperBound {
      if let child = node.pointee.child(at: slot) {
        let start = max(first, offset(of: slot, in: first, level: level))
        let end = min(last, slotEnd(start, level: level))
        try checkRewritable(child, start, end, key: key)
        guard child.pointee.pointerKey == key || isAll(of: child, start, end) else {
          throw .cannotExpress(attribute: Format.pointerKeyConflict, format: Format.name)
        }
        slot += 1
      } else {
        let leaf = node.pointee.leafSlots(around: slot)
        let sizeLog2 = format.slotShift(level) + leaf.count.trailingZeroBitCount
        for copy in leaf {
          let entry = load(from: node, at: copy)
          guard format.kind(of: entry, level: level) == .leaf,
            format.leafSizeLog2(of: entry, level: level) == sizeLog2
          else {
            let place = UInt64(copy) << UInt64(MemoryLayout<Word>.size.trailingZeroBitCount)
            throw .damaged(entryAddress: node.pointee.address &+ place)
          }
        }
        slot = leaf.upperBound
      }
    }
  }

  /// Whether a range covers everything that a table maps.
  private func isAll(of node: Node, _ first: UInt64, _ last: UInt64) -> Bool {
    let level = node.pointee.level
    let slots = format.slot(of: first, level: level)..<format.slot(of: last, level: level) + 1
    guard node.pointee.live.count(in: slots) == node.pointee.liveCount else { return false }
    return slots.allSatisfy { slot in
      guard let child = node.pointee.child(at: slot) else { return true }
      let start = max(first, offset(of: slot, in: first, level: level))
      return isAll(of: child, start, min(last, slotEnd(start, level: level)))
    }
  }

  /// Stores the new entries, one store each.
  private func rewrite(
    _ node: Node, _ first: UInt64, _ last: UInt64, _ attributes: Format.LeafAttributes, key: UInt64
  ) {
    let level = node.pointee.level
    let end = format.slot(of: last, level: level) + 1
    var slot = format.slot(of: first, level: level)
    if node.pointee.childCount == 0 { return rewriteLeaves(node, slot..<end, attributes) }
    while slot < end {
      if let child = node.pointee.child(at: slot) {
        let start = max(first, offset(of: slot, in: first, level: level))
        rewrite(child, start, min(last, slotEnd(start, level: level)), attributes, key: key)
        if child.pointee.pointerKey != key {
          child.pointee.pointerKey = key
          store(
            format.tableEntry(pointingTo: child.pointee.address, level: level, key: key), in: node, at: slot)
        }
        slot += 1
      } else {
        let leaf = node.pointee.leafSlots(around: slot)
        let sizeLog2 = format.slotShift(level) + leaf.count.trailingZeroBitCount
        let template = format.leafTemplate(level: level, sizeLog2: sizeLog2, attributes: attributes)
        for copy in leaf {
          let address = format.outputAddress(of: load(from: node, at: copy), level: level)
          store(
            template | format.addressBits(address, level: level, sizeLog2: sizeLog2), in: node, at: copy)
        }
        slot = leaf.upperBound
      }
    }
  }
}
