extension TableChecker {
  /// The bits of an address from 4K up to 2^sizeLog2, as an entry of a smaller leaf of 2^smallest bytes has them.
  private func lowAddressBits(_ level: Int, below sizeLog2: Int, smallest: Int) -> Word {
    let low: UInt64 = (1 << UInt64(min(sizeLog2, 63)) - 1) & ~0xFFF
    return format.addressBits(low, level: level, sizeLog2: smallest)
  }

  /// An entry that the hardware does not accept.
  mutating func checkReserved(_ index: Int, _ slot: Int, _ entry: Word) {
    let level = tree.tables[index].level
    let sizeLog2 = format.slotShift(level)
    let low = entry & lowAddressBits(level, below: sizeLog2, smallest: format.pageShift)
    let isPage = format.leafSizes(level) != 0 && format.kind(of: entry & ~low, level: level) == .leaf
    if low != 0, isPage {
      if problems.count(.misalignedPage) {
        problems.keep(.misalignedPage, place(index, slot), misaligned(low, sizeLog2))
      }
    } else if problems.count(.reservedEntry) {
      problems.keep(
        .reservedEntry, place(index, slot), "the hardware does not accept this value: the walk ends here")
    }
  }

  /// The bits of a leaf that stand for nothing, and where it leads.
  mutating func checkLeaf(_ index: Int, _ slot: Int, _ entry: Word, _ origin: Origin) {
    let level = tree.tables[index].level
    let sizeLog2 = min(format.leafSizeLog2(of: entry, level: level), 63)
    let output = format.outputAddress(of: entry, level: level)
    // As if no pointer restricted it, which the entry by itself does not know of.
    let own = format.leafAttributes(of: entry, level: level, path: .max)
    let known = format.leafEntry(outputAddress: output, level: level, sizeLog2: sizeLog2, attributes: own)
    let extra = entry & ~(known | format.ignoredBits(.leaf, level: level))
    if extra != 0 {
      let smallest = format.leafSizes(level).trailingZeroBitCount
      let low = extra & lowAddressBits(level, below: sizeLog2, smallest: smallest)
      if low != 0, problems.count(.misalignedPage) {
        problems.keep(.misalignedPage, place(index, slot), misaligned(low, sizeLog2))
      }
      if extra & ~low != 0, problems.count(.reservedBits) {
        problems.keep(.reservedBits, place(index, slot), unknown(extra & ~low, "page"))
      }
    }
    let attributes = format.mappingAttributes(
      of: format.leafAttributes(of: entry, level: level, path: origin.path))
    note(
      MappedPiece(format, entry, level: level, offset: offset(origin, slot, level: level)),
      attributes.cache.rawValue | (attributes.isSecure ? 4 : 0))
  }

  /// Joins a piece to the last one, or begins another.
  private mutating func note(_ piece: MappedPiece, _ memory: UInt8) {
    let last = piece.outputAddress &+ (piece.byteCount - 1)
    guard last >= piece.outputAddress else { return }
    if let index = mappings.indices.last, mappings[index].memory == memory,
      mappings[index].last != .max, mappings[index].last + 1 == piece.outputAddress,
      mappings[index].deviceAddress &+ (mappings[index].last - mappings[index].start) &+ 1
        == piece.deviceAddress
    {
      mappings[index].last = last
    } else {
      mappings.append(
        Mapping(
          start: piece.outputAddress, last: last, deviceAddress: piece.deviceAddress, memory: memory))
    }
  }

  /// The bits of a pointer that stand for nothing, and where it leads.
  mutating func checkPointer(
    _ index: Int, _ slot: Int, _ entry: Word, _ child: Int32, _ origin: Origin
  ) {
    let level = tree.tables[index].level
    let address = format.tableAddress(of: entry, level: level)
    let known = format.tableEntry(pointingTo: address, level: level, key: .max)
    let extra = entry & ~(known | format.ignoredBits(.table, level: level))
    if extra != 0, problems.count(.reservedBits) {
      problems.keep(.reservedBits, place(index, slot), unknown(extra, "table pointer"))
    }
    let alignment: UInt64 = 1 << UInt64(format.tableAlignmentLog2(level - 1))
    if address & (alignment - 1) != 0, problems.count(.misalignedTable) {
      problems.keep(
        .misalignedTable, place(index, slot),
        "the table at \(hex(address)) is not aligned to \(alignment) bytes")
    }
    if let ancestor = ancestor(of: index, at: address) {
      if problems.count(.loop) {
        problems.keep(
          .loop, place(index, slot),
          "leads back to the \(format.levelName(tree.tables[ancestor].level)) table at \(hex(address))")
      }
      return
    }
    switch child {
    case SnapshotTree.Row.outside:
      if problems.count(.tableOutsideMemory) {
        problems.keep(
          .tableOutsideMemory, place(index, slot),
          "the table of \(1 << format.tableSizeLog2(level - 1)) bytes at \(hex(address)) does not lie in memory"
        )
      }
    case SnapshotTree.Row.notFollowed:
      if problems.count(.tooManyTables) {
        problems.keep(
          .tooManyTables, place(index, slot),
          "the table at \(hex(address)) is not followed: more than \(tree.tables.count) tables are reachable")
      }
    case 0...:
      guard origins[Int(child)] == nil else {
        let first = pointer(to: Int(child)).map { "the entry at \(hex($0.entryAddress))" } ?? "the root"
        if problems.count(.tableShared) {
          problems.keep(
            .tableShared, place(index, slot), "the table at \(hex(address)) is reached from \(first) too")
        }
        return
      }
      origins[Int(child)] = Origin(
        base: offset(origin, slot, level: level),
        path: format.path(origin.path, through: entry, level: level),
        parent: Int32(index), slot: Int32(slot))
      queue.append(Int(child))
    default: break
    }
  }

  /// The table at an address among a table and those on the way to it.
  private func ancestor(of index: Int, at address: UInt64) -> Int? {
    var next: Int? = index
    while let current = next {
      if tree.tables[current].address == address { return current }
      next = origins[current]?.parent.map { Int($0) }
    }
    return nil
  }

  private func misaligned(_ bits: Word, _ sizeLog2: Int) -> String {
    "the address has \(hex(UInt64(truncatingIfNeeded: bits))) set, but the page has \(1 << UInt64(sizeLog2) as UInt64)"
      + " bytes"
  }

  private func unknown(_ bits: Word, _ what: String) -> String {
    "sets \(hex(UInt64(truncatingIfNeeded: bits))), which no field of a \(what) has"
  }
}
