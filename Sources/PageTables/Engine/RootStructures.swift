internal import PhysicalMemory

/// The memory beside the tables that a format needs: context tables, device table entries, a spare page.
///
/// Blocks are zeroed when made. The page table frees them with itself.
struct RootStructures {
  /// One block.
  struct Block {
    /// The physical address.
    var address: UInt64
    /// The log2 of the bytes.
    var byteCountLog2: Int
    /// The manual's name of what it holds.
    var name: String
  }

  private let tableMemory: any TableMemory
  /// The blocks made so far.
  private(set) var blocks: [Block] = []

  init(tableMemory: any TableMemory) {
    self.tableMemory = tableMemory
  }

  /// Makes a block of zeros, aligned to its size.
  ///
  /// - Throws: `outOfTableMemory`; `tableOutOfReach` if its address does not fit in `addressBits`.
  mutating func allocate(
    byteCountLog2: Int, addressBits: Int, name: String
  ) throws(PageTableError) -> UInt64 {
    let (address, bytes) = try tableMemory.block(
      byteCountLog2: byteCountLog2, alignmentLog2: byteCountLog2, addressBits: addressBits)
    bytes.initializeMemory(as: UInt8.self, repeating: 0, count: 1 << byteCountLog2)
    blocks.append(Block(address: address, byteCountLog2: byteCountLog2, name: name))
    return address
  }

  /// Stores a word of a structure; little-endian words are converted by the caller.
  func store<Word: FixedWidthInteger>(_ word: Word, at address: UInt64) {
    tableMemory.memory.pointer(to: address, byteCount: UInt64(MemoryLayout<Word>.size))?
      .storeBytes(of: word, as: Word.self)
  }

  /// Gives every block back.
  mutating func free() {
    for block in blocks { tableMemory.freeTable(at: block.address, byteCountLog2: block.byteCountLog2) }
    blocks = []
  }
}

extension TableMemory {
  /// A block that lies in memory, at an address that `addressBits` hold.
  func block(
    byteCountLog2: Int, alignmentLog2: Int, addressBits: Int
  ) throws(PageTableError) -> (address: UInt64, bytes: UnsafeMutableRawPointer) {
    guard let address = allocateTable(byteCountLog2: byteCountLog2, alignmentLog2: alignmentLog2) else {
      throw .outOfTableMemory(byteCount: 1 << UInt64(byteCountLog2))
    }
    guard let bytes = memory.pointer(to: address, byteCount: 1 << UInt64(byteCountLog2)) else {
      freeTable(at: address, byteCountLog2: byteCountLog2)
      throw .outOfTableMemory(byteCount: 1 << UInt64(byteCountLog2))
    }
    let last = address &+ (1 << UInt64(byteCountLog2)) &- 1
    guard addressBits >= 64 || last >> UInt64(addressBits) == 0 else {
      freeTable(at: address, byteCountLog2: byteCountLog2)
      throw .tableOutOfReach(physicalAddress: address, bits: addressBits)
    }
    return (address, bytes)
  }
}
