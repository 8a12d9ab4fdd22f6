internal import PhysicalMemory

extension AddressSpace {
  /// Gives a taken range back.
  ///
  /// O(log n).
  ///
  /// - Parameter first: the first address of an entry.
  /// - Returns: the entry, or nil if none begins there.
  @discardableResult
  func release(first: UInt64) -> Entry? {
    let page = first >> Self.pageOrder
    guard page >= firstPage, page < endPage else { return nil }
    let leaf = descend(to: page, toChange: true)
    let index = leaf.firstIndex(endingAfter: page, toChange: true)
    guard leaf.starts[index] == page, leaf.ends[index] > page else { return nil }
    let entry = entry(leaf, index)
    noteRemoval(pages: leaf.ends[index] - page)
    if index == leaf.count - 1 {
      removeLast(of: leaf)
    } else {
      let gapStart = leaf.gapStart(before: index)
      leaf.remove(at: index)
      widenReach(ofLeafWithGapFrom: gapStart, to: leaf.starts[index])
    }
    if leaf.count < LeafNode.capacity / 4 { mergeLeaf(leaf) }
    return entry
  }

  /// Takes the last entry out of a leaf; the gap goes to the next leaf.
  ///
  /// The very last entry of all is never taken out, so there is a next leaf.
  private func removeLast(of leaf: LeafNode) {
    let index = leaf.count - 1
    let gapStart = leaf.gapStart(before: index)
    let gapEnd = leaf.starts[index]
    leaf.remove(at: index)
    shrinkReach(of: leaf, lostGapFrom: gapStart, to: gapEnd)
    let page = leaf.floor
    lowerFloorOfNextLeaf(to: gapStart)
    // Back to the leaf itself: its own part of the range still begins at its floor.
    restorePath(to: leaf, floor: page)
  }

  /// Moves the beginning of the leaf after the one that the way leads to, and widens its reach.
  private func lowerFloorOfNextLeaf(to floor: UInt64) {
    var level = height - 1
    while level >= 0, path[level].index == path[level].node.count - 1 { level -= 1 }
    guard level >= 0 else { return }
    path[level].index += 1
    let turn = path[level]
    turn.node.keys[turn.index] = floor
    var block = turn.node.children[turn.index]
    for below in level + 1..<max(height, level + 1) {
      path[below] = Step(node: InnerNode(block: block), index: 0)
      block = path[below].node.children[0]
    }
    let next = LeafNode(block: block)
    next.floor = floor
    widenReach(ofLeafWithGapFrom: floor, to: next.starts[0])
  }

  /// Finds the way to a leaf again.
  ///
  /// If the leaf is empty, its part of the range is, too, and a search would end in the leaf after it: then
  /// the way is one step to the left of that.
  private func restorePath(to leaf: LeafNode, floor: UInt64) {
    guard descend(to: floor).block != leaf.block else { return }
    var level = height - 1
    while level >= 0, path[level].index == 0 { level -= 1 }
    guard level >= 0 else { return }
    path[level].index -= 1
    var block = path[level].node.children[path[level].index]
    for below in level + 1..<max(height, level + 1) {
      let node = InnerNode(block: block)
      path[below] = Step(node: node, index: node.count - 1)
      block = node.children[node.count - 1]
    }
  }

  /// Joins a leaf that has few entries with a neighbour below the same node, if both fit with room to spare.
  private func mergeLeaf(_ leaf: LeafNode) {
    guard height > 0 else { return }
    let step = path[height - 1]
    if step.index + 1 < step.node.count {
      let next = LeafNode(block: step.node.children[step.index + 1])
      guard leaf.count == 0 || leaf.count + next.count <= LeafNode.capacity * 3 / 4 else { return }
      // An empty leaf's successor has taken over its floor, so that the two agree in any case.
      leaf.append(next, from: 0)
      dropChild(at: step.index + 1, keeping: step.index, reachOf: leaf)
    } else if step.index > 0 {
      let previous = LeafNode(block: step.node.children[step.index - 1])
      guard leaf.count == 0 || leaf.count + previous.count <= LeafNode.capacity * 3 / 4 else { return }
      previous.append(leaf, from: 0)
      dropChild(at: step.index, keeping: step.index - 1, reachOf: previous)
    } else if leaf.count == 0 {
      removeOnlyChild(below: height - 1)
    }
  }

  /// Frees the leaf at `index` after its entries went to the one at `kept`, and goes on above.
  private func dropChild(at index: Int, keeping kept: Int, reachOf leaf: LeafNode) {
    let node = path[height - 1].node
    workspace.leaves.deallocate(node.children[index])
    node.remove(at: index)
    leaf.computeReach(into: scratch)
    for order in 0..<Reach.orders { node.reaches(order: order)[kept] = scratch[order] }
    finishRemoval(at: height - 1)
  }

  /// After a node lost a child: its reach, and whether it should be joined with a neighbour.
  private func finishRemoval(at level: Int) {
    let node = path[level].node
    node.computeReach(into: scratch)
    setReach(ofChildAt: level, to: scratch)
    if level == 0 {
      if node.count == 1 {
        root = node.children[0]
        workspace.inners.deallocate(node.block)
        height -= 1
        // The root may have a single child again.
        collapseRoot()
      }
    } else if node.count < InnerNode.capacity / 4 {
      mergeInner(node, at: level)
    }
  }

  private func collapseRoot() {
    while height > 0 {
      let node = InnerNode(block: root)
      guard node.count == 1 else { return }
      root = node.children[0]
      workspace.inners.deallocate(node.block)
      height -= 1
    }
  }

  /// Joins an inner node that has few children with a neighbour, if both fit with room to spare.
  private func mergeInner(_ node: InnerNode, at level: Int) {
    let step = path[level - 1]
    var left = step.index
    if left + 1 == step.node.count { left -= 1 }
    guard left >= 0 else { return }
    let first = InnerNode(block: step.node.children[left])
    let second = InnerNode(block: step.node.children[left + 1])
    guard first.count + second.count <= InnerNode.capacity * 3 / 4 else { return }
    first.append(second, from: 0, key: step.node.keys[left + 1])
    workspace.inners.deallocate(second.block)
    step.node.remove(at: left + 1)
    first.computeReach(into: scratch)
    for order in 0..<Reach.orders { step.node.reaches(order: order)[left] = scratch[order] }
    finishRemoval(at: level - 1)
  }

  /// Frees an empty leaf that is the only child of its node, and every node above that has no other child.
  private func removeOnlyChild(below level: Int) {
    var level = level
    workspace.leaves.deallocate(path[level].node.children[0])
    while level > 0, path[level].node.count == 1 {
      workspace.inners.deallocate(path[level].node.block)
      level -= 1
    }
    let step = path[level]
    step.node.remove(at: step.index)
    finishRemoval(at: level)
  }
}
