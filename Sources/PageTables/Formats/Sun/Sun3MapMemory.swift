internal import PhysicalMemory

/// The shadow of a Sun-3's maps: one block of table memory with the segment map and, behind it, the 256 page maps.
///
/// A segment map is the block's beginning; page maps are handed out by number, the lowest free one first, and 255 never,
/// for that number means none.
final class Sun3MapMemory: TableMemory {
  /// Where the page maps begin in the block.
  static let pageMapsOffset: UInt64 = 0x4000
  private static let blockLog2 = 15
  private static let segmentMapLog2 = 13
  private static let pageMapLog2 = 6
  private static let pageMapCount = 255

  private let tableMemory: any TableMemory
  private var block: UInt64?
  private var isUsed = ContiguousArray(repeating: false, count: Sun3MapMemory.pageMapCount)

  init(over tableMemory: any TableMemory) {
    self.tableMemory = tableMemory
  }

  var memory: PhysicalMemory { tableMemory.memory }

  func allocateTable(byteCountLog2: Int, alignmentLog2: Int) -> UInt64? {
    byteCountLog2 == Self.pageMapLog2 ? allocatePageMap() : allocateBlock()
  }

  func freeTable(at physicalAddress: UInt64, byteCountLog2: Int) {
    guard let block else { return }
    if byteCountLog2 == Self.pageMapLog2 {
      let number = (physicalAddress &- block &- Self.pageMapsOffset) >> UInt64(Self.pageMapLog2)
      guard number < UInt64(Self.pageMapCount) else { return }
      clear(physicalAddress, byteCount: 1 << Self.pageMapLog2)
      isUsed[Int(number)] = false
    } else {
      tableMemory.freeTable(at: block, byteCountLog2: Self.blockLog2)
      self.block = nil
    }
  }

  private func allocateBlock() -> UInt64? {
    guard block == nil else { return nil }
    block = tableMemory.allocateTable(byteCountLog2: Self.blockLog2, alignmentLog2: Self.blockLog2)
    if let block { clear(block, byteCount: 1 << Self.blockLog2) }
    return block
  }

  private func allocatePageMap() -> UInt64? {
    guard let block, let number = isUsed.firstIndex(of: false) else { return nil }
    isUsed[number] = true
    return block &+ Self.pageMapsOffset &+ UInt64(number) << UInt64(Self.pageMapLog2)
  }

  private func clear(_ address: UInt64, byteCount: Int) {
    memory.pointer(to: address, byteCount: UInt64(byteCount))?
      .initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
  }
}
