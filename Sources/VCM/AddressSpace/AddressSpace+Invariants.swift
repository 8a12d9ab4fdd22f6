extension AddressSpace {
  /// What is wrong with the tree; empty if nothing is.
  ///
  /// O(n). For tests.
  func checkInvariants() -> [String] {
    var checker = Checker(floor: firstPage)
    let reach = Reach.make()
    defer { reach.free() }
    check(root, level: height, lower: nil, reach: reach, &checker)
    if checker.floor != endPage {
      checker.faults.append("the last entry ends at \(checker.floor), not \(endPage)")
    }
    if checker.entries != count + 1 {
      checker.faults.append("\(checker.entries - 1) entries, but count is \(count)")
    }
    if checker.freePages != freePages {
      checker.faults.append("\(checker.freePages) free pages, but freePages is \(freePages)")
    }
    for order in 0..<Reach.orders where reach[order] != rootReach[order] {
      checker.faults.append("root reach of order \(order) is \(rootReach[order]), should be \(reach[order])")
    }
    return checker.faults
  }

  private struct Checker {
    var floor: UInt64
    var entries = 0
    var freePages: UInt64 = 0
    var faults: [String] = []
  }

  private func check(
    _ block: UnsafeMutableRawPointer, level: Int, lower: UInt64?, reach: Reach, _ checker: inout Checker
  ) {
    if let lower, lower != checker.floor {
      checker.faults.append("key \(lower), but the floor is \(checker.floor)")
    }
    reach.clear()
    guard level > 0 else {
      checkLeaf(LeafNode(block: block), reach: reach, &checker)
      return
    }
    let node = InnerNode(block: block)
    if node.count == 0 || node.count > InnerNode.capacity { checker.faults.append("\(node.count) children") }
    let childReach = Reach.make()
    defer { childReach.free() }
    for index in 0..<node.count {
      check(
        node.children[index], level: level - 1, lower: index == 0 ? nil : node.keys[index], reach: childReach,
        &checker)
      for order in 0..<Reach.orders {
        if node.reaches(order: order)[index] != childReach[order] {
          checker.faults.append("reach of child \(index), order \(order), is not \(childReach[order])")
        }
        reach[order] = max(reach[order], childReach[order])
      }
    }
    for order in 0..<Reach.orders {
      let best = Int(node.best[order])
      if best >= node.count || node.reaches(order: order)[best] != reach[order] {
        checker.faults.append("child \(best) is not the best of order \(order)")
      }
      for index in 0..<node.count
      where index != best && node.reaches(order: order)[index] > node.others[order] {
        checker.faults.append("child \(index) exceeds the others of order \(order)")
      }
    }
  }

  private func checkLeaf(_ leaf: LeafNode, reach: Reach, _ checker: inout Checker) {
    if leaf.count == 0 { checker.faults.append("an empty leaf at \(leaf.floor)") }
    if leaf.floor != checker.floor { checker.faults.append("floor \(leaf.floor), not \(checker.floor)") }
    for index in 0..<leaf.count {
      if leaf.starts[index] < checker.floor || leaf.ends[index] < leaf.starts[index] {
        checker.faults.append("entry \(leaf.starts[index]) to \(leaf.ends[index]) after \(checker.floor)")
        return
      }
      if leaf.starts[index] < leaf.ends[index], leaf.firstIndex(endingAfter: leaf.starts[index]) != index {
        checker.faults.append("entry \(leaf.starts[index]) to \(leaf.ends[index]) is not found")
      }
      checker.freePages += leaf.starts[index] - checker.floor
      reach.include(gapFrom: checker.floor, to: leaf.starts[index])
      checker.floor = leaf.ends[index]
    }
    checker.entries += leaf.count
  }
}
