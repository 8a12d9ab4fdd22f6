public import PhysicalMemory

/// Where the tables of a page table get their memory from.
///
/// The engine gives an allocator over its pool for tables. A table asks for naturally sized blocks and gives back exactly
/// what it was given; it fills new tables itself, so blocks need not be zero.
public protocol TableMemory: AnyObject {
  /// The memory in which the blocks lie.
  var memory: PhysicalMemory { get }

  /// A block of `2^byteCountLog2` bytes whose physical address is a multiple of `2^alignmentLog2`.
  ///
  /// - Returns: the physical address; `nil` if there is no such block left.
  func allocateTable(byteCountLog2: Int, alignmentLog2: Int) -> UInt64?

  /// Up to `limit` blocks as ``allocateTable(byteCountLog2:alignmentLog2:)`` gives them, each right behind the one before it, so
  /// that many tables cost little more than one.
  ///
  /// They are given back one by one. Whoever cannot do so in one step gives one block, as happens by default.
  ///
  /// - Returns: the physical address of the first, and how many there are; `nil` if there is no such block left.
  func allocateTables(
    byteCountLog2: Int, alignmentLog2: Int, limit: Int
  ) -> (physicalAddress: UInt64, count: Int)?

  /// Takes back a block that was given, with the size asked for then.
  func freeTable(at physicalAddress: UInt64, byteCountLog2: Int)
}

extension TableMemory {
  /// One block: what is done where nothing better is known.
  public func allocateTables(
    byteCountLog2: Int, alignmentLog2: Int, limit: Int
  ) -> (physicalAddress: UInt64, count: Int)? {
    allocateTable(byteCountLog2: byteCountLog2, alignmentLog2: alignmentLog2).map { ($0, 1) }
  }
}
