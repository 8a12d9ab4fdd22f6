extension TableChecker {
  /// Checks that all slots of a leaf say the same; the slot after them.
  ///
  /// Two of the first three slots that agree decide what is right, so that one wrong copy is the one reported.
  mutating func checkCopies(_ index: Int, _ slot: Int, _ entry: Word) -> Int {
    let table = tree.tables[index]
    let level = table.level
    let copiesLog2 = min(format.leafSizeLog2(of: entry, level: level), 63) - format.slotShift(level)
    guard copiesLog2 > 0, copiesLog2 < 63 else { return slot + 1 }
    let slotCount = table.byteCount / MemoryLayout<Word>.size
    let first = slot & ~(1 << copiesLog2 - 1)
    let end = min(first + 1 << copiesLog2, slotCount)
    let reference = (first..<min(first + 3, end)).first { candidate in
      (first..<min(first + 3, end)).contains {
        $0 != candidate && isCopy($0, of: candidate, table, copiesLog2)
      }
    }
    let model = reference ?? slot
    for copy in first..<end where !isCopy(copy, of: model, table, copiesLog2) {
      if problems.count(.copiesDiffer) {
        problems.keep(
          .copiesDiffer, place(index, copy),
          "is entry \(copy - first) of the \(end - first) of a page of \(1 << UInt64(copiesLog2 + format.slotShift(level)) as UInt64) bytes, "
            + "and should be \(hex(UInt64(truncatingIfNeeded: expected(copy, as: model, table, copiesLog2)))) like entry \(model - first)"
        )
      }
    }
    checkAlignment(index, first, model, copiesLog2)
    return end
  }

  /// What a slot of a leaf holds if another slot of it is right.
  private func expected(_ slot: Int, as model: Int, _ table: SnapshotTree.Table, _ copiesLog2: Int) -> Word {
    let entry = entry(table, model)
    guard Format.groupsAdvance else { return entry }
    let shift = format.slotShift(table.level)
    let output = format.outputAddress(of: entry, level: table.level)
    let distance = UInt64(bitPattern: Int64(slot - model)) << UInt64(shift)
    let size = copiesLog2 + shift
    return entry & ~format.addressBits(output, level: table.level, sizeLog2: size)
      | format.addressBits(output &+ distance, level: table.level, sizeLog2: size)
  }

  /// Whether a slot says the same as another one, but for what hardware notes in each.
  private func isCopy(_ slot: Int, of model: Int, _ table: SnapshotTree.Table, _ copiesLog2: Int) -> Bool {
    let wanted = expected(slot, as: model, table, copiesLog2)
    return (wanted ^ entry(table, slot)) & ~format.updatedBits(of: wanted, level: table.level) == 0
  }

  /// Where each slot has its own address, the first one's must be a multiple of the whole.
  private mutating func checkAlignment(_ index: Int, _ first: Int, _ model: Int, _ copiesLog2: Int) {
    guard Format.groupsAdvance else { return }
    let level = tree.tables[index].level
    let shift = UInt64(format.slotShift(level))
    let output = format.outputAddress(of: entry(tree.tables[index], model), level: level)
    let start = output &- UInt64(model - first) << shift
    let size: UInt64 = 1 << (shift + UInt64(copiesLog2))
    guard size != 0, start & (size - 1) != 0 else { return }
    if problems.count(.misalignedPage) {
      problems.keep(
        .misalignedPage, place(index, first),
        "the page of \(size) bytes begins at \(hex(start)), which is not a multiple of its size")
    }
  }
}
