internal import PhysicalMemory

extension AddressSpace {
  /// Takes the lowest range that fits.
  ///
  /// - Parameters:
  ///   - length: bytes, a multiple of 4096, not zero.
  ///   - alignmentOrder: the log2 of what the first address must be a multiple of; 12 or more.
  ///   - occupant: whom the range belongs to from now on.
  /// - Returns: the first address, or nil if no gap fits.
  /// - Complexity: O(log n) up to an alignment of 1 TiB.
  func reserve(length: UInt64, alignmentOrder: Int, occupant: UInt) -> UInt64? {
    let pages = length >> Self.pageOrder
    let order = max(0, alignmentOrder - Int(Self.pageOrder))
    guard pages > 0, let found = descendToFit(pages: pages, order: order) else { return nil }
    let start = Reach.align(found.leaf.gapStart(before: found.index), order: order)
    insert(into: found.leaf, at: found.index, start: start, end: start + pages, occupant: occupant)
    return start << Self.pageOrder
  }

  /// Takes exactly this range, if all of it is free.
  ///
  /// O(log n).
  ///
  /// - Returns: whether it was free; false also if it is not inside the whole range or not a multiple of
  ///   pages.
  func claim(first: UInt64, length: UInt64, occupant: UInt) -> Bool {
    let start = first >> Self.pageOrder
    let pages = length >> Self.pageOrder
    guard (first | length) & (1 << Self.pageOrder - 1) == 0, pages > 0, start >= firstPage, start < endPage,
      pages <= endPage - start
    else { return false }
    let leaf = descend(to: start, toChange: true)
    let index = leaf.firstIndex(endingAfter: start, toChange: true)
    guard start + pages <= leaf.starts[index] else { return false }
    insert(into: leaf, at: index, start: start, end: start + pages, occupant: occupant)
    return true
  }

  /// Changes whom an entry belongs to.
  ///
  /// O(log n).
  func setOccupant(_ occupant: UInt, ofEntryAt first: UInt64) {
    let page = first >> Self.pageOrder
    guard page >= firstPage, page < endPage else { return }
    let leaf = descend(to: page)
    let index = leaf.firstIndex(endingAfter: page)
    if leaf.starts[index] == page { leaf.occupants[index] = occupant }
  }

  /// Puts an entry into the gap before the entry at `index` of the leaf that `path` leads to.
  private func insert(into leaf: LeafNode, at index: Int, start: UInt64, end: UInt64, occupant: UInt) {
    noteInsertion(pages: end - start)
    guard leaf.count == LeafNode.capacity else {
      let gapStart = leaf.gapStart(before: index)
      let gapEnd = leaf.starts[index]
      leaf.insert(at: index, start: start, end: end, occupant: occupant)
      shrinkReach(of: leaf, lostGapFrom: gapStart, to: gapEnd)
      return
    }
    // Where entries come in rising order, the full left leaf is left full.
    let kept = index == leaf.count - 1 ? leaf.count - 1 : leaf.count / 2
    let right = LeafNode.make(floor: leaf.ends[kept - 1], in: workspace.leaves)
    right.append(leaf, from: kept)
    leaf.truncate(to: kept)
    if index < kept {
      leaf.insert(at: index, start: start, end: end, occupant: occupant)
    } else {
      right.insert(at: index - kept, start: start, end: end, occupant: occupant)
    }
    leaf.computeReach(into: scratch)
    setReach(ofChildAt: height, to: scratch)
    right.computeReach(into: scratch)
    insertChild(right.block, key: right.floor, reach: scratch, below: height)
  }

  /// Puts a child in after the one that the way goes through at the level above `level`.
  private func insertChild(_ block: UnsafeMutableRawPointer, key: UInt64, reach: Reach, below level: Int) {
    guard level > 0 else {
      growRoot(right: block, key: key, reach: reach)
      return
    }
    let node = path[level - 1].node
    let index = path[level - 1].index + 1
    guard node.count == InnerNode.capacity else {
      node.insert(at: index, key: key, child: block, reach: reach)
      node.computeReach(into: scratch)
      setReach(ofChildAt: level - 1, to: scratch)
      return
    }
    let kept = index == node.count ? node.count - 1 : node.count / 2
    let right = InnerNode.make(in: workspace.inners)
    let rightKey = node.keys[kept]
    right.append(node, from: kept, key: rightKey)
    node.count = kept
    if index <= kept {
      node.insert(at: index, key: key, child: block, reach: reach)
    } else {
      right.insert(at: index - kept, key: key, child: block, reach: reach)
    }
    node.computeReach(into: scratch)
    setReach(ofChildAt: level - 1, to: scratch)
    right.computeReach(into: scratch)
    insertChild(right.block, key: rightKey, reach: scratch, below: level - 1)
  }

  /// Makes a new root over the old one, whose reach is `rootReach`, and a new right neighbour.
  private func growRoot(right: UnsafeMutableRawPointer, key: UInt64, reach: Reach) {
    let top = InnerNode.make(in: workspace.inners)
    top.insert(at: 0, key: firstPage, child: root, reach: rootReach)
    top.insert(at: 1, key: key, child: right, reach: reach)
    root = top.block
    height += 1
    top.computeReach(into: rootReach)
  }
}
