import Measuring
import PageTables
import PhysicalMemory

/// A pool for tables as the product has it, without what gives memory back to the system.
final class PoolTableMemory: TableMemory {
  let memory: PhysicalMemory
  private let buddy: BuddyAllocator

  /// A pool of `size` bytes at `base`, all of it touched, so that no page fault is measured.
  init(base: UInt64 = 0x8000_0000, size: UInt64) throws {
    memory = try PhysicalMemory(memfdWith: [MemoryWindow(base: base, size: size, fileOffset: 0)])
    guard let buddy = BuddyAllocator(base: base, size: size, smallestOrder: 8) else {
      throw Failure("no pool of \(size) bytes")
    }
    self.buddy = buddy
    memory.pointer(to: base, byteCount: size)?.initializeMemory(
      as: UInt8.self, repeating: 1, count: Int(size))
  }

  func allocateTable(byteCountLog2: Int, alignmentLog2: Int) -> UInt64? {
    alignmentLog2 <= max(byteCountLog2, 8)
      ? buddy.allocate(order: byteCountLog2)
      : buddy.allocateContiguous(
        length: 1 << UInt64(max(byteCountLog2, 8)), alignment: 1 << UInt64(alignmentLog2))
  }

  func allocateTables(
    byteCountLog2: Int, alignmentLog2: Int, limit: Int
  ) -> (physicalAddress: UInt64, count: Int)? {
    guard alignmentLog2 <= byteCountLog2, byteCountLog2 >= 8 else {
      return allocateTable(byteCountLog2: byteCountLog2, alignmentLog2: alignmentLog2).map { ($0, 1) }
    }
    return buddy.allocate(order: byteCountLog2, limit: UInt64(limit)).map { ($0.address, Int($0.count)) }
  }

  func freeTable(at physicalAddress: UInt64, byteCountLog2: Int) {
    buddy.free(physicalAddress, order: byteCountLog2)
  }
}
