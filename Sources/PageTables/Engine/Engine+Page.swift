extension Engine {
  // One page at a time, by the short way. What the short way does not know it leaves to the long one: every refusal,
  // tables to make or to free, leaves of other sizes.

  /// Whether the format's smallest page takes one slot of a table of level 0, in a word that is no wider than 64 bits.
  @inline(__always)
  private var hasShortWay: Bool {
    format.slotShift(0) == format.pageShift && MemoryLayout<Word>.size <= 8
  }

  /// Maps one page in a table that exists.
  ///
  /// - Returns: false if nothing was done and the long way has to decide.
  @inline(__always)
  func mapPage(_ deviceAddress: UInt64, _ run: OutputRun, _ wish: MappingAttributes) -> Bool {
    let shift = format.pageShift
    let mask: UInt64 = 1 &<< UInt64(shift) &- 1
    let bits = format.outputBits(sizeLog2: shift)
    guard hasShortWay, run.length == mask &+ 1, (deviceAddress | run.physicalAddress) & mask == 0,
      bits >= 64 || run.physicalAddress &>> UInt64(bits & 63) == 0,
      run.physicalAddress >= format.firstOutputAddress,
      let offset = format.tableOffset(of: deviceAddress), state.figures.pointee.recent.isOf(wish),
      let node = nearTable(offset), node.pointee.pointerKey == state.figures.pointee.recent.key
    else { return false }
    let slot = format.slot(of: offset, level: 0)
    let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: slot & 63)
    let live = node.pointee.live.words + slot &>> 6
    guard live.pointee & bit == 0 else { return false }
    live.pointee |= bit
    if node.pointee.hasGroups { node.pointee.starts.words[slot &>> 6] |= bit }
    store(
      Word(truncatingIfNeeded: state.figures.pointee.recent.template)
        | format.addressBits(run.physicalAddress, level: 0, sizeLog2: shift), in: node, at: slot)
    count(node, shift, by: 1)
    return true
  }

  /// Unmaps one page that is a leaf of its own, and not the last of its table.
  ///
  /// - Returns: false if nothing was done and the long way has to decide.
  @inline(__always)
  func unmapPage(_ deviceAddress: UInt64, _ length: UInt64) -> Bool {
    let shift = format.pageShift
    let mask: UInt64 = 1 &<< UInt64(shift) &- 1
    guard hasShortWay, length == mask &+ 1, deviceAddress & mask == 0,
      let offset = format.tableOffset(of: deviceAddress), let node = nearTable(offset),
      node.pointee.liveCount > 1
    else { return false }
    let slot = format.slot(of: offset, level: 0)
    let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: slot & 63)
    let live = node.pointee.live.words + slot &>> 6
    guard live.pointee & bit != 0 else { return false }
    if node.pointee.hasGroups {
      guard node.pointee.isWholeLeaf(slot) else { return false }
      node.pointee.starts.words[slot &>> 6] &= ~bit
    }
    live.pointee &= ~bit
    store(format.emptyEntry(0), in: node, at: slot)
    count(node, shift, by: -1)
    return true
  }

  /// Notes that a table has got or lost a leaf of one slot.
  @inline(__always)
  private func count(_ node: Node, _ sizeLog2: Int, by change: Int) {
    node.pointee.liveCount &+= change
    state.figures.pointee.liveSlots &+= change
    state.figures.pointee.leaves[sizeLog2] &+= change
  }

  /// The table of level 0 that spans an offset, if it is remembered.
  @inline(__always)
  private func nearTable(_ offset: UInt64) -> Node? {
    state.figures.pointee.nearTables.find(nearNumber(offset))
  }

  /// The number of the table of level 0 that spans an offset.
  @inline(__always)
  private func nearNumber(_ offset: UInt64) -> UInt64 {
    let span = format.slotShift(0) &+ format.indexBits(0)
    return span < 64 ? offset &>> UInt64(truncatingIfNeeded: span) : 0
  }

  /// After the long way: remembers its table, and what attributes became, so that the next page takes the short way.
  func remember(_ deviceAddress: UInt64, _ length: UInt64, _ wish: MappingAttributes?) {
    guard hasShortWay, length == 1 << UInt64(format.pageShift),
      let offset = format.tableOffset(of: deviceAddress), var node = state.root
    else { return }
    while node.pointee.level > 0 {
      guard let child = node.pointee.child(at: format.slot(of: offset, level: node.pointee.level)) else {
        return
      }
      node = child
    }
    state.figures.pointee.nearTables.insert(node, nearNumber(offset))
    guard let wish, let attributes = try? format.leafAttributes(for: wish) else { return }
    let template = format.leafTemplate(level: 0, sizeLog2: format.pageShift, attributes: attributes)
    state.figures.pointee.recent = RecentAttributes(
      wish, template: UInt64(truncatingIfNeeded: template), key: format.pointerKey(for: attributes))
  }
}
