extension AddressSpace {
  /// Gives the child at a level of the way another reach, and all nodes above it what follows from that.
  ///
  /// Level 0 is the root itself; the level of leaves is ``height``. The way must lead to the child.
  func setReach(ofChildAt level: Int, to reach: Reach) {
    // `reach` may be `scratch`, which then goes up with us.
    if level == 0 {
      rootReach.copy(from: reach)
      return
    }
    var level = level
    if reach.lengths != scratch.lengths { scratch.copy(from: reach) }
    while level > 0 {
      let step = path[level - 1]
      let own = scratchBefore
      if level == 1 { own.copy(from: rootReach) } else { copyOwnReach(at: level - 1, into: own) }
      step.node.update(child: step.index, reach: scratch, own: own)
      if level > 1, isKnown(own, at: level - 1) { return }
      scratch.copy(from: own)
      level -= 1
    }
    rootReach.copy(from: scratch)
  }

  /// After a leaf lost (part of) a gap: finds its reach anew if it could be shorter.
  func shrinkReach(of leaf: LeafNode, lostGapFrom start: UInt64, to end: UInt64) {
    if height == 0 {
      if rootReach.depends(onGapFrom: start, to: end) { leaf.computeReach(into: rootReach) }
      return
    }
    let step = path[height - 1]
    step.node.copyReach(of: step.index, into: scratch)
    guard scratch.depends(onGapFrom: start, to: end) else { return }
    leaf.computeReach(into: scratch)
    setReach(ofChildAt: height, to: scratch)
  }

  /// After a leaf got a gap: widens its reach and that of the nodes above.
  func widenReach(ofLeafWithGapFrom start: UInt64, to end: UInt64) {
    if height == 0 {
      rootReach.include(gapFrom: start, to: end)
      return
    }
    let step = path[height - 1]
    step.node.copyReach(of: step.index, into: scratch)
    scratch.include(gapFrom: start, to: end)
    setReach(ofChildAt: height, to: scratch)
  }

  /// The reach of the node at a level of the way, as the node above has it.
  private func copyOwnReach(at level: Int, into reach: Reach) {
    path[level - 1].node.copyReach(of: path[level - 1].index, into: reach)
  }

  /// Whether the node above already has this reach for the node at a level of the way.
  private func isKnown(_ reach: Reach, at level: Int) -> Bool {
    let step = path[level - 1]
    for order in 0..<Reach.orders {
      let length = step.node.reaches(order: order)[step.index]
      if length != reach[order] { return false }
      if length == 0 { return true }
    }
    return true
  }
}
