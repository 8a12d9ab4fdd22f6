import PageTables
import PhysicalMemory

/// Table memory that counts what is out, reuses what comes back, and can be told to run out.
final class TestTableMemory: TableMemory {
  let memory: PhysicalMemory
  private let base: UInt64
  private let end: UInt64
  private var next: UInt64
  private var free: [Int: [UInt64]] = [:]
  /// The blocks given out and not yet taken back: address to log2 of size.
  private(set) var outstanding: [UInt64: Int] = [:]
  /// How many more blocks are given out; `nil` = no limit.
  var remaining: Int?
  /// Blocks taken back that were never given out, or with another size.
  ///
  /// Stays 0.
  private(set) var wrongFrees = 0

  /// Memory of `size` bytes at `base`.
  init(base: UInt64 = 0x8000_0000, size: UInt64 = 1 << 26) throws {
    memory = try PhysicalMemory(memfdWith: [MemoryWindow(base: base, size: size, fileOffset: 0)])
    self.base = base
    next = base
    end = base + size
  }

  var outstandingBytes: UInt64 { outstanding.values.reduce(0) { $0 + 1 << UInt64($1) } }

  func allocateTable(byteCountLog2: Int, alignmentLog2: Int) -> UInt64? {
    if let left = remaining {
      guard left > 0 else { return nil }
      remaining = left - 1
    }
    if let index = free[byteCountLog2]?.lastIndex(where: { $0 & (1 << UInt64(alignmentLog2) - 1) == 0 }),
      let address = free[byteCountLog2]?.remove(at: index)
    {
      outstanding[address] = byteCountLog2
      return address
    }
    let mask: UInt64 = 1 << UInt64(max(byteCountLog2, alignmentLog2)) - 1
    let address = (next + mask) & ~mask
    guard address + 1 << UInt64(byteCountLog2) <= end else { return nil }
    next = address + 1 << UInt64(byteCountLog2)
    outstanding[address] = byteCountLog2
    // A table must not rely on zeroed memory.
    memory.pointer(to: address, byteCount: 1 << UInt64(byteCountLog2))?
      .initializeMemory(as: UInt8.self, repeating: 0xA5, count: 1 << byteCountLog2)
    return address
  }

  /// Now one block that came back, now up to three new ones.
  func allocateTables(
    byteCountLog2: Int, alignmentLog2: Int, limit: Int
  ) -> (physicalAddress: UInt64, count: Int)? {
    guard let first = allocateTable(byteCountLog2: byteCountLog2, alignmentLog2: alignmentLog2) else {
      return nil
    }
    var count = 1
    while count < min(limit, 3), alignmentLog2 <= byteCountLog2,
      first + UInt64(count) << UInt64(byteCountLog2) == next, free[byteCountLog2, default: []].isEmpty,
      allocateTable(byteCountLog2: byteCountLog2, alignmentLog2: alignmentLog2) != nil
    {
      count += 1
    }
    return (first, count)
  }

  func freeTable(at physicalAddress: UInt64, byteCountLog2: Int) {
    guard outstanding[physicalAddress] == byteCountLog2 else {
      wrongFrees += 1
      return
    }
    outstanding[physicalAddress] = nil
    free[byteCountLog2, default: []].append(physicalAddress)
  }
}
