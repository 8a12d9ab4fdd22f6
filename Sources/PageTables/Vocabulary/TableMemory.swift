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

  /// Takes back a block that `allocateTable` gave, with the size asked for then.
  func freeTable(at physicalAddress: UInt64, byteCountLog2: Int)
}
