extension TableChecker {
  /// Looks for tables that have bytes in common, and for a root in the wrong place.
  mutating func checkTables() {
    guard let root = tree.tables.first else { return }
    let alignment: UInt64 = 1 << UInt64(format.tableAlignmentLog2(root.level))
    if root.address & (alignment - 1) != 0, problems.count(.misalignedTable) {
      problems.keep(
        .misalignedTable, nil,
        "the root table at \(hex(root.address)) is not aligned to \(alignment) bytes")
    }
    let order = queue.sorted {
      (tree.tables[$0].address, $0) < (tree.tables[$1].address, $1)
    }
    var previous: Int?
    for index in order {
      let table = tree.tables[index]
      let end = table.address &+ UInt64(table.byteCount)
      guard let other = previous else {
        previous = index
        continue
      }
      let before = tree.tables[other]
      let isApart = table.address &- before.address >= UInt64(before.byteCount)
      if !isApart, problems.count(.tablesOverlap) {
        problems.keep(.tablesOverlap, pointer(to: index), overlap(of: table, and: before))
      }
      // The one that reaches further meets those that follow.
      if isApart || end &- before.address > UInt64(before.byteCount) { previous = index }
    }
  }

  private func overlap(of table: SnapshotTree.Table, and other: SnapshotTree.Table) -> String {
    "the \(format.levelName(table.level)) table at \(hex(table.address)) shares bytes with the "
      + "\(format.levelName(other.level)) table at \(hex(other.address))"
  }

  /// Looks for physical memory that is mapped cached and not, or secure and not.
  ///
  /// A sweep over the mappings by physical address, with the furthest end so far of each of the eight kinds of memory.
  mutating func checkConflicts() {
    mappings.sort { ($0.start, $0.deviceAddress) < ($1.start, $1.deviceAddress) }
    var furthest: [Mapping?] = Array(repeating: nil, count: 8)
    for mapping in mappings {
      let kind = Int(mapping.memory & 7)
      for case let other? in furthest where other.memory != mapping.memory && other.last >= mapping.start {
        let device = other.deviceAddress &+ (mapping.start - other.start)
        if problems.count(.conflict) {
          problems.keep(
            .conflict, nil,
            "physical \(hex(mapping.start)) to \(hex(min(mapping.last, other.last))) is mapped at device "
              + "\(hex(device)) with \(words(other.memory)) and at device \(hex(mapping.deviceAddress)) with "
              + words(mapping.memory))
        }
      }
      if let last = furthest[kind]?.last, last >= mapping.last { continue }
      furthest[kind] = mapping
    }
  }

  private func words(_ memory: UInt8) -> String {
    let cache: String =
      switch MappingAttributes.CachePolicy(rawValue: memory & 3) {
      case .writeBackWriteAllocate: "wb-wa"
      case .writeBackNoWriteAllocate: "wb-nwa"
      case .writeThrough: "wt"
      default: "none"
      }
    return "cache=\(cache)\(memory & 4 != 0 ? " secure" : "")"
  }
}
