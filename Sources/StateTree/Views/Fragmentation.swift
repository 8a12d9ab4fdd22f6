internal import VCM

/// How far free space lies in pieces: the texts of `fragmentation`.
enum Fragmentation {
  /// A line a block size, `SIZE COUNT INDEX`: how many blocks of that size could be allocated now, and which share of the
  /// free bytes such requests could not use: Linux's `unusable_index` (mm/vmstat.c), 0.000 to 1.000.
  ///
  /// O(orders).
  static func text(of memoryType: MemoryType) -> String {
    let free = memoryType.freeBytes
    var usable: UInt64 = 0
    var lines: [String] = []
    for order in memoryType.orders.reversed() {
      usable += memoryType.freeBlockCount(order: order) << UInt64(order)
      guard order >= 12 else { continue }
      let size = UInt64(1) << UInt64(order)
      lines.append("\(size) \(usable >> UInt64(order)) \(index(usable: usable, free: free))\n")
    }
    return lines.reversed().joined()
  }

  /// A line an alignment, `ALIGN LONGEST INDEX`: the longest range that can be reserved at a multiple of it, and which
  /// share of the free bytes is not in that range.
  ///
  /// O(1).
  static func text(of region: Region) -> String {
    var lines = ""
    for order in 12...40 {
      let size = UInt64(1) << UInt64(order)
      guard size <= region.length || order == 12 else { break }
      let longest = region.largestFree(alignmentOrder: order)
      lines += "\(size) \(longest) \(index(usable: longest, free: region.freeBytes))\n"
    }
    return lines
  }

  /// What is not usable of what is free, in thousandths: `0.250`.
  static func index(usable: UInt64, free: UInt64) -> String {
    guard free > 0, usable < free else { return "0.000" }
    let unusable = (free - usable).multipliedFullWidth(by: 1000)
    let thousandths = free.dividingFullWidth(unusable).quotient
    let digits = String(thousandths)
    return thousandths >= 1000
      ? "1.000" : "0." + String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }
}

extension Print {
  /// A line a format, `FORMAT entries=N SIZE=COUNT ...`: the entries that a translation cache must hold; `entries=none`
  /// where the format cannot map it.
  static func reaches(_ reaches: [TranslationReach]) -> String {
    reaches.map { reach in
      guard let leaves = reach.leaves else { return "\(reach.format) entries=none\n" }
      let sizes = leaves.map { " \($0.size)=\($0.count)" }.joined()
      return "\(reach.format) entries=\(reach.entryCount)\(sizes)\n"
    }.joined()
  }
}
