/// A buddy allocator that anybody can see is right: one flag for each smallest block, searched from the
/// start.
struct BuddyTwin {
  let base: UInt64
  let smallestOrder: Int
  var isFree: [Bool]

  init(base: UInt64, size: UInt64, smallestOrder: Int) {
    self.base = base
    self.smallestOrder = smallestOrder
    isFree = Array(repeating: true, count: Int(size >> UInt64(smallestOrder)))
  }

  var unit: UInt64 { 1 << UInt64(smallestOrder) }

  func isFree(_ address: UInt64, _ length: UInt64) -> Bool {
    guard address >= base, length > 0 else { return false }
    let first = Int((address - base) / unit)
    let count = Int(length / unit)
    return first + count <= isFree.count && isFree[first..<first + count].allSatisfy { $0 }
  }

  mutating func set(_ address: UInt64, _ length: UInt64, free: Bool) {
    let first = Int((address - base) / unit)
    for index in first..<first + Int(length / unit) { isFree[index] = free }
  }

  /// The free blocks that are not part of a larger free block, by address.
  var blocks: [(address: UInt64, order: Int)] {
    var found: [(UInt64, Int)] = []
    var index = 0
    while index < isFree.count {
      guard isFree[index] else {
        index += 1
        continue
      }
      let address = base + UInt64(index) * unit
      var order = smallestOrder
      while order < 30, address % (2 << UInt64(order)) == 0, isFree(address, 2 << UInt64(order)) {
        order += 1
      }
      found.append((address, order))
      index += 1 << (order - smallestOrder)
    }
    return found
  }

  mutating func allocate(order: Int) -> UInt64? {
    let order = max(order, smallestOrder)
    let best = blocks.filter { $0.order >= order }.min { ($0.order, $0.address) < ($1.order, $1.address) }
    guard let best else { return nil }
    set(best.address, 1 << UInt64(order), free: false)
    return best.address
  }

  /// Runs of free bytes, by address.
  var runs: [(address: UInt64, length: UInt64)] {
    var found: [(address: UInt64, length: UInt64)] = []
    for (index, free) in isFree.enumerated() where free {
      let address = base + UInt64(index) * unit
      if let last = found.last, last.address + last.length == address {
        found[found.count - 1].length += unit
      } else {
        found.append((address, unit))
      }
    }
    return found
  }

  mutating func allocateContiguous(length: UInt64, alignment: UInt64) -> UInt64? {
    var order = max(smallestOrder, alignment.trailingZeroBitCount)
    while order <= 30, 1 << UInt64(order) < length { order += 1 }
    if order <= 30, let address = allocate(order: order) {
      set(address + length, (1 << UInt64(order)) - length, free: true)
      return address
    }
    for run in runs {
      let start = (run.address + alignment - 1) / alignment * alignment
      if start + length <= run.address + run.length {
        set(start, length, free: false)
        return start
      }
    }
    return nil
  }
}
