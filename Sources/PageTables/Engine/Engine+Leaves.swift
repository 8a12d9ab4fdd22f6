internal import CStores

extension Engine {
  /// Writes leaves of one size into consecutive free slots.
  func writeLeaves(
    _ node: Node, _ slot: Int, _ count: Int, _ sizeLog2: Int, _ output: UInt64,
    _ attributes: Format.LeafAttributes
  ) {
    let level = node.pointee.level
    let shift = format.slotShift(level)
    let copiesLog2 = sizeLog2 - shift
    let slots = slot..<slot + count << copiesLog2
    storeLeaves(
      node.pointee.bytes.assumingMemoryBound(to: Word.self) + slots.lowerBound, slots.count, level,
      copiesLog2, sizeLog2, output, attributes)
    noteLeaves(node, slots, copiesLog2, sizeLog2)
  }

  /// Notes leaves of one size that were written into consecutive free slots.
  func noteLeaves(_ node: Node, _ slots: Range<Int>, _ copiesLog2: Int, _ sizeLog2: Int) {
    node.pointee.live.insert(slots)
    if node.pointee.hasGroups {
      if copiesLog2 == 0 {
        node.pointee.starts.insert(slots)
      } else {
        node.pointee.starts.insert(every: 1 << copiesLog2, in: slots)
      }
    }
    node.pointee.liveCount += slots.count
    state.figures.pointee.liveSlots += slots.count
    state.figures.pointee.leaves[sizeLog2] += slots.count >> copiesLog2
  }

  /// The straight loop: one store a slot, from `entries` on, where there are `count` slots of one table or of neighbours.
  @inline(__always)
  private func storeLeaves(
    _ entries: UnsafeMutablePointer<Word>, _ count: Int, _ level: Int, _ copiesLog2: Int, _ sizeLog2: Int,
    _ output: UInt64, _ attributes: Format.LeafAttributes
  ) {
    let template = format.leafTemplate(level: level, sizeLog2: sizeLog2, attributes: attributes)
    var output = output
    if let shift = format.addressShift, MemoryLayout<Word>.size == 8, !format.isBigEndian,
      copiesLog2 == 0 || Format.groupsAdvance
    {
      // Words of 64 bits, whatever they are called.
      let words = UnsafeMutableRawPointer(entries).assumingMemoryBound(to: UInt64.self)
      let first = template | format.addressBits(output, level: level, sizeLog2: sizeLog2)
      store_progression(
        words, count, UInt64(truncatingIfNeeded: format.stored(first)),
        1 << UInt64(format.slotShift(level) - shift))
    } else if copiesLog2 == 0 || Format.groupsAdvance {
      let step: UInt64 = 1 << UInt64(format.slotShift(level))
      for index in 0..<count {
        entries[index] = format.stored(
          template | format.addressBits(output, level: level, sizeLog2: sizeLog2))
        output = output &+ step
      }
    } else {
      var index = 0
      while index < count {
        let entry = format.stored(template | format.addressBits(output, level: level, sizeLog2: sizeLog2))
        (entries + index).update(repeating: entry, count: 1 << copiesLog2)
        index += 1 << copiesLog2
        output = output &+ 1 << UInt64(sizeLog2)
      }
    }
  }
}

extension Engine {
  /// How many empty slots of a table of level 1, from one on, a run fills with tables of nothing but pages.
  ///
  /// - Parameters:
  ///   - offset: the table offset of the run's rest.
  ///   - last: its last table offset below the table of level 1.
  ///   - distance: what added to an offset gives the physical address.
  func fullTables(
    below node: Node, _ slot: Int, _ offset: UInt64, _ last: UInt64, _ distance: UInt64, _ job: Job
  ) -> Int {
    let shift = UInt64(format.slotShift(1))
    let mask: UInt64 = 1 << shift - 1
    let fitting = UInt64.max >> UInt64(63 - min(distance.trailingZeroBitCount, 63))
    let page: UInt64 = 1 << UInt64(format.slotShift(0))
    // No larger leaf fits anywhere: not in level 1, and in level 0 pages of one slot only.
    guard offset & mask == 0, format.leafSizes(1) & job.sizes & fitting == 0,
      format.leafSizes(0) & job.sizes & fitting == page
    else { return 0 }
    let rest = last &- offset
    let whole = Int(truncatingIfNeeded: rest >> shift) + (rest & mask == mask ? 1 : 0)
    let end = slot + min(whole, node.pointee.slotCount - slot)
    return (node.pointee.live.first(in: slot..<end) ?? end) - slot
  }

  /// Makes tables full of pages below empty slots: their entries are stored once, and then they are linked.
  func makeFullTables(
    below node: Node, _ slots: Range<Int>, from offset: inout UInt64, _ address: UInt64, _ job: Job
  ) throws(PageTableError) {
    let slotCount = 1 << format.indexBits(0)
    let tableSize = 1 << format.tableSizeLog2(0)
    let page = format.slotShift(0)
    let distance = address &- offset
    var slot = slots.lowerBound
    while slot < slots.upperBound {
      var block = try makeTables(level: 0, limit: slots.upperBound - slot)
      storeLeaves(
        block.bytes.assumingMemoryBound(to: Word.self), block.count * slotCount, 0, 0, page,
        offset &+ distance, job.attributes)
      state.figures.pointee.liveSlots += block.count * slotCount
      state.figures.pointee.leaves[page] += block.count * slotCount
      for _ in 0..<block.count {
        link(
          TableNode.makeFull(
            address: block.address, bytes: block.bytes, slotCount: slotCount, pointerKey: job.key,
            hasGroups: format.hasGroups(0), in: state.records),
          below: node, at: slot)
        slot += 1
        block.address = block.address &+ UInt64(tableSize)
        block.bytes += tableSize
      }
      offset = offset &+ UInt64(block.count) << UInt64(format.slotShift(1))
    }
  }
}
