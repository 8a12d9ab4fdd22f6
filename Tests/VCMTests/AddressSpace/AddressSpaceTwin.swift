/// An address space that anybody can see is right: a sorted list of ranges.
struct AddressSpaceTwin {
  let first: UInt64
  let last: UInt64
  /// By address; ends are inclusive.
  var entries: [(first: UInt64, last: UInt64, occupant: UInt)] = []

  /// The gaps, by address; ends are inclusive.
  var gaps: [(first: UInt64, last: UInt64)] {
    var found: [(UInt64, UInt64)] = []
    var next: UInt64? = first
    for entry in entries {
      if let next, next < entry.first { found.append((next, entry.first - 1)) }
      next = entry.last == .max ? nil : entry.last + 1
    }
    if let next, next <= last { found.append((next, last)) }
    return found
  }

  mutating func reserve(length: UInt64, alignmentOrder: Int, occupant: UInt) -> UInt64? {
    let mask = (UInt64(1) << UInt64(alignmentOrder)) - 1
    for gap in gaps {
      let (rounded, overflow) = gap.first.addingReportingOverflow(mask)
      let start = rounded & ~mask
      guard !overflow, start <= gap.last, gap.last - start >= length - 1 else { continue }
      insert(start, length, occupant)
      return start
    }
    return nil
  }

  mutating func claim(first: UInt64, length: UInt64, occupant: UInt) -> Bool {
    let (end, overflow) = first.addingReportingOverflow(length - 1)
    guard !overflow, gaps.contains(where: { $0.first <= first && end <= $0.last }) else { return false }
    insert(first, length, occupant)
    return true
  }

  private mutating func insert(_ first: UInt64, _ length: UInt64, _ occupant: UInt) {
    let index = entries.firstIndex { $0.first > first } ?? entries.count
    entries.insert((first, first + (length - 1), occupant), at: index)
  }

  mutating func release(first: UInt64) -> UInt? {
    guard let index = entries.firstIndex(where: { $0.first == first }) else { return nil }
    return entries.remove(at: index).occupant
  }
}
