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
      let offset = format.tableOffset(of: deviceAddress), let recent = recent(wish),
      let node = nearTable(offset), node.pointee.pointerKey == recent.key
    else { return false }
    let slot = format.slot(of: offset, level: 0)
    let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: slot & 63)
    let live = node.pointee.live.words + slot &>> 6
    guard live.pointee & bit == 0 else { return false }
    live.pointee |= bit
    if node.pointee.hasGroups { node.pointee.starts.words[slot &>> 6] |= bit }
    store(
      Word(truncatingIfNeeded: recent.template)
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

  /// The table of level 0 that spans an offset, if there is one.
  @inline(__always)
  private func nearTable(_ offset: UInt64) -> Node? {
    let span = format.slotShift(0) &+ format.indexBits(0)
    let number = offset &>> UInt64(span & 63)
    if let node = state.figures.pointee.nearTables.find(number) { return node }
    return span < 64 ? remember(offset, number) : nil
  }

  /// Goes to a table of level 0 from the root, and remembers it.
  @inline(never)
  private func remember(_ offset: UInt64, _ number: UInt64) -> Node? {
    guard var node = state.root else { return nil }
    while node.pointee.level > 0 {
      guard let child = node.pointee.child(at: format.slot(of: offset, level: node.pointee.level)) else {
        return nil
      }
      node = child
    }
    state.figures.pointee.nearTables.insert(node, number)
    return node
  }

  /// What attributes become in a page's entry; `nil` if the format cannot express them.
  @inline(__always)
  private func recent(_ wish: MappingAttributes) -> RecentAttributes? {
    if state.figures.pointee.recent.wish == wish { return state.figures.pointee.recent }
    return learn(wish)
  }

  @inline(never)
  private func learn(_ wish: MappingAttributes) -> RecentAttributes? {
    guard let attributes = try? format.leafAttributes(for: wish) else { return nil }
    let template = format.leafTemplate(level: 0, sizeLog2: format.pageShift, attributes: attributes)
    let recent = RecentAttributes(
      wish: wish, template: UInt64(truncatingIfNeeded: template), key: format.pointerKey(for: attributes))
    state.figures.pointee.recent = recent
    return recent
  }
}
