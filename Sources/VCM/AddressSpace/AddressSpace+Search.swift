extension AddressSpace {
  /// The entry that covers an address.
  ///
  /// O(log n).
  func entry(containing address: UInt64) -> Entry? {
    let page = address >> Self.pageOrder
    guard page >= firstPage, page < endPage else { return nil }
    let leaf = descend(to: page)
    let index = leaf.firstIndex(endingAfter: page)
    return leaf.starts[index] <= page ? entry(leaf, index) : nil
  }

  /// The entry with the lowest start that is not below `address`.
  ///
  /// O(log n).
  func firstEntry(from address: UInt64) -> Entry? {
    // The first page that begins at or above the address.
    var page = address >> Self.pageOrder + (address & (1 << Self.pageOrder - 1) == 0 ? 0 : 1)
    page = max(page, firstPage)
    while page < endPage {
      let leaf = descend(to: page)
      let index = leaf.firstIndex(endingAfter: page)
      if leaf.starts[index] >= page { return leaf.starts[index] == endPage ? nil : entry(leaf, index) }
      page = leaf.ends[index]
    }
    return nil
  }

  /// Calls `body` with the occupants of the entries that end at `address` or above, in order, until it returns false.
  ///
  /// `body` must not change the tree. O(log n) for each leaf of up to 64 entries, and a step for each entry.
  ///
  /// - Returns: whether there were no more entries.
  func forEachOccupant(from address: UInt64, _ body: (UInt) -> Bool) -> Bool {
    var page = max(address >> Self.pageOrder, firstPage)
    while page < endPage {
      let leaf = descend(to: page)
      for index in leaf.firstIndex(endingAfter: page)..<leaf.count where leaf.starts[index] != endPage {
        guard body(leaf.occupants[index]) else { return false }
      }
      page = leaf.end
    }
    return true
  }

  /// Goes from the root to the leaf whose part of the range has `page`, and notes the way.
  ///
  /// - Parameter toChange: whether the leaf's reach is about to change.
  @discardableResult
  func descend(to page: UInt64, toChange: Bool = false) -> LeafNode {
    var block = root
    for level in 0..<height {
      let node = InnerNode(block: block)
      let index = node.childIndex(for: page)
      path[level] = Step(node: node, index: index)
      block = node.children[index]
      guard level == height &- 1 else { continue }
      if let group = node.part(of: LeafNode.groupCount, of: index, with: page) {
        LeafNode(block: block).prefetch(group: group)
      }
      if toChange { node.prefetchReach(of: index) }
    }
    return LeafNode(block: block)
  }

  /// Goes to the leaf with the lowest gap that fits, and notes the way.
  func descendToFit(pages: UInt64, order: Int) -> (leaf: LeafNode, index: Int)? {
    guard order < Reach.orders else { return search(root, level: 0, pages: pages, order: order) }
    guard rootReach[order] >= pages else { return nil }
    var block = root
    for level in 0..<height {
      let node = InnerNode(block: block)
      guard let index = node.firstChild(from: 0, pages: pages, order: order) else { return nil }
      path[level] = Step(node: node, index: index)
      block = node.children[index]
      if level == height &- 1 {
        LeafNode(block: block).prefetch()
        node.prefetchReach(of: index)
      }
    }
    let leaf = LeafNode(block: block)
    return leaf.firstFit(pages: pages, order: order).map { (leaf, $0) }
  }

  /// The same for alignments beyond those that a reach knows, which may have to turn back.
  private func search(
    _ block: UnsafeMutableRawPointer, level: Int, pages: UInt64, order: Int
  ) -> (leaf: LeafNode, index: Int)? {
    guard level < height else {
      let leaf = LeafNode(block: block)
      return leaf.firstFit(pages: pages, order: order).map { (leaf, $0) }
    }
    let node = InnerNode(block: block)
    var next = 0
    while let index = node.firstChild(from: next, pages: pages, order: Reach.orders - 1) {
      path[level] = Step(node: node, index: index)
      if let found = search(node.children[index], level: level + 1, pages: pages, order: order) {
        return found
      }
      next = index + 1
    }
    return nil
  }

  func entry(_ leaf: LeafNode, _ index: Int) -> Entry {
    Entry(
      first: leaf.starts[index] << Self.pageOrder,
      last: (leaf.ends[index] << Self.pageOrder) &- 1, occupant: leaf.occupants[index])
  }
}
