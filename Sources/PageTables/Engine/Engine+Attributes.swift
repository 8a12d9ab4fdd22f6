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

  /// Stores the new entries, one store each; twice where the flags of a table pointer change as well.
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
        let end = min(last, slotEnd(start, level: level))
        if child.pointee.pointerKey != key {
          restrict(child, start, end, to: attributes)
          child.pointee.pointerKey = key
          store(
            format.tableEntry(pointingTo: child.pointee.address, level: level, key: key), in: node, at: slot)
        }
        rewrite(child, start, end, attributes, key: key)
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

  /// Leaves no leaf of a range with more than both its own and other attributes permit.
  ///
  /// A leaf and the pointer above it cannot change in one store. What is seen between the two stores, new flags
  /// with an old leaf, must not be a permission that neither state has: read and write of the secure space, say,
  /// on the way from reading that to writing the other.
  private func restrict(_ node: Node, _ first: UInt64, _ last: UInt64, to attributes: Format.LeafAttributes) {
    let level = node.pointee.level
    let end = format.slot(of: last, level: level) + 1
    var slot = format.slot(of: first, level: level)
    while slot < end {
      if let child = node.pointee.child(at: slot) {
        let start = max(first, offset(of: slot, in: first, level: level))
        restrict(child, start, min(last, slotEnd(start, level: level)), to: attributes)
        slot += 1
        continue
      }
      let leaf = node.pointee.leafSlots(around: slot)
      let sizeLog2 = format.slotShift(level) + leaf.count.trailingZeroBitCount
      for copy in leaf {
        let entry = load(from: node, at: copy)
        let old = format.leafAttributes(of: entry, level: level, path: .max)
        guard let common = format.common(old, attributes) else { continue }
        let template = format.leafTemplate(level: level, sizeLog2: sizeLog2, attributes: common)
        let address = format.outputAddress(of: entry, level: level)
        store(template | format.addressBits(address, level: level, sizeLog2: sizeLog2), in: node, at: copy)
      }
      slot = leaf.upperBound
    }
  }
}

extension PageTableFormat {
  /// The leaf attributes that permit only what both do; nil if that is the first as it is.
  ///
  /// Formats whose pointers carry flags for their leaves can express these, if not in the words of either then as
  /// the second without access.
  fileprivate func common(_ first: LeafAttributes, _ second: LeafAttributes) -> LeafAttributes? {
    let (old, new) = (mappingAttributes(of: first), mappingAttributes(of: second))
    if old.permitsNoMore(than: new) { return nil }
    if new.permitsNoMore(than: old) { return second }
    var wish = new
    wish.access.formIntersection(old.access)
    if old.privilege == .supervisor { wish.privilege = .supervisor }
    if let common = try? leafAttributes(for: wish) { return common }
    wish.access = []
    return (try? leafAttributes(for: wish)) ?? second
  }
}

extension MappingAttributes {
  /// Whether everything that is permitted is also permitted by others, in whichever physical address space.
  fileprivate func permitsNoMore(than other: MappingAttributes) -> Bool {
    access.isEmpty
      || (access.isSubset(of: other.access) && (privilege == other.privilege || privilege == .supervisor))
  }
}
