extension InnerNode {
  /// Finds the best child of each order anew, and gives the node's own reach.
  func computeReach(into reach: Reach) {
    for order in 0..<Reach.orders {
      reach[order] = findBest(order: order)
      if reach[order] == 0 {
        clearBest(from: order + 1, reach: reach)
        return
      }
    }
  }

  /// Notes for all orders from one on that no child has an aligned page.
  private func clearBest(from first: Int, reach: Reach) {
    for order in first..<max(first, Reach.orders) {
      reach[order] = 0
      best[order] = 0
      others[order] = 0
    }
  }

  /// Gives a child a new reach, and the node's own reach: `own` holds it before and afterwards.
  func update(child: Int, reach: Reach, own: Reach) {
    for order in 0..<Reach.orders {
      let reaches = reaches(order: order)
      let length = reach[order]
      if reaches[child] == length {
        // Lengths never rise with the order: two zeros are followed by zeros only.
        if length == 0 { return }
        continue
      }
      reaches[child] = length
      if Int(best[order]) == child {
        own[order] = length >= others[order] ? length : findBest(order: order)
      } else if length > own[order] {
        others[order] = own[order]
        best[order] = UInt8(child)
        own[order] = length
      } else if length > others[order] {
        others[order] = length
      }
    }
  }

  /// The longest reach for an order; notes whose it is, and the second longest.
  private func findBest(order: Int) -> UInt64 {
    let reaches = reaches(order: order)
    var longest: UInt64 = 0
    var second: UInt64 = 0
    var holder = 0
    for index in 0..<count {
      let length = reaches[index]
      if length > longest {
        second = longest
        longest = length
        holder = index
      } else if length > second {
        second = length
      }
    }
    best[order] = UInt8(holder)
    others[order] = second
    return longest
  }
}
