/// Writes leaves of the smallest page one after the other, and notes them table by table.
///
/// Runs that are shorter than any larger leaf, as a scattered buffer has them, come one by one; what the table's record
/// says of them is written once for all that lie in the same table.
struct PageWriter<Format: PageTableFormat> {
  private let engine: Engine<Format>
  private let key: UInt64
  /// A page's entry without its address.
  private let template: Format.Word
  /// Leaves from this size on are not written here.
  let nextSize: UInt64
  private var node: TableNode.Reference?
  /// The table's entries, as many as are left from `slot` on lie before `end`.
  private var entries: UnsafeMutablePointer<Format.Word>?
  private var first = 0
  private var slot = 0
  private var end = 0

  /// A writer; `nil` if the format's pages take several slots.
  init?(_ engine: Engine<Format>, _ attributes: Format.LeafAttributes, key: UInt64) {
    let format = engine.format
    guard format.slotShift(0) == format.pageShift else { return nil }
    self.engine = engine
    self.key = key
    template = format.leafTemplate(level: 0, sizeLog2: format.pageShift, attributes: attributes)
    var sizes: UInt64 = 0
    for level in 0...format.topLevel { sizes |= format.leafSizes(level) }
    sizes &= ~(1 << UInt64(format.pageShift))
    nextSize = sizes == 0 ? .max : 1 << UInt64(sizes.trailingZeroBitCount)
  }

  /// Writes a run of whole pages, each of which fits in an entry, at a table offset, which is moved on.
  ///
  /// Tables are made below `top` as they are needed.
  @inline(__always)
  mutating func write(
    _ run: OutputRun, at offset: inout UInt64, below top: TableNode.Reference
  ) throws(PageTableError) {
    let shift = UInt64(truncatingIfNeeded: engine.format.pageShift)
    var output = run.physicalAddress
    var rest = run.length
    while rest > 0 {
      if slot == end { try open(offset, below: top) }
      entries.unsafelyUnwrapped[slot] = engine.format.stored(
        template | engine.format.addressBits(output, level: 0, sizeLog2: engine.format.pageShift))
      slot &+= 1
      output = output &+ (1 &<< shift)
      offset = offset &+ (1 &<< shift)
      rest = rest &- (1 &<< shift)
    }
  }

  /// Goes on in the table that spans an offset.
  @inline(never)
  private mutating func open(_ offset: UInt64, below top: TableNode.Reference) throws(PageTableError) {
    finish()
    var node = top
    while node.pointee.level > 0 {
      let slot = engine.format.slot(of: offset, level: node.pointee.level)
      if let child = node.pointee.child(at: slot) {
        node = child
      } else {
        node = try engine.makeChild(of: node, at: slot, key: key)
      }
    }
    entries = node.pointee.bytes.assumingMemoryBound(to: Format.Word.self)
    first = engine.format.slot(of: offset, level: 0)
    slot = first
    end = node.pointee.slotCount
    self.node = node
  }

  /// Notes what was written since the table was opened.
  mutating func finish() {
    if let node, slot > first { engine.noteLeaves(node, first..<slot, 0, engine.format.pageShift) }
    node = nil
    (first, slot, end) = (0, 0, 0)
  }
}
