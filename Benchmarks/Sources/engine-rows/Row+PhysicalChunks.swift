import Measuring
import PhysicalMemory
import VCM

extension Row {
  /// Chunks of 4 KiB to 1 GiB out of a fragmented pool of a terabyte.
  static var physicalChunks: [Row] {
    [
      Row(name: "alloc and free a block, 1 TiB pool", baseline: nil) { scale in
        guard let buddy = BuddyAllocator(base: 1 << 40, size: 1 << 40, smallestOrder: 12) else {
          throw Failure("no allocator over a terabyte")
        }
        var random = SeededRandom(seed: 3)
        let orders = [12, 12, 12, 12, 12, 12, 16, 16, 16, 20, 21, 30]
        var live: [(address: UInt64, order: Int)] = []
        for _ in 0..<200_000 / scale {
          let order = orders[Int(random.next() % UInt64(orders.count - 1))]
          if let address = buddy.allocate(order: order) { live.append((address, order)) }
        }
        return Contest(
          operations: 20_000,
          ours: Contest.Side {
            for _ in 0..<10_000 {
              let index = Int(random.next() % UInt64(live.count))
              buddy.free(live[index].address, order: live[index].order)
              let order = orders[Int(random.next() % UInt64(orders.count))]
              guard let address = buddy.allocate(order: order) else {
                live.swapAt(index, live.count - 1)
                live.removeLast()
                continue
              }
              live[index] = (address, order)
            }
          })
      },
      Row(name: "allocate and free a buffer, a chunk, 1 TiB pool", baseline: nil) { scale in
        let under = try EngineUnderTest(scale: scale)
        var random = SeededRandom(seed: 4)
        var live: [PhysicalAllocation] = []
        let request = {
          // 1 to 64 chunks of one size.
          let size = EngineUnderTest.chunkSizes[Int(1 + random.next() % 4)]
          return PhysicalRequest(length: size * (1 + random.next() % 64), blockSizes: [size])
        }
        for _ in 0..<20_000 / scale { live.append(try under.engine.allocate(request())) }
        // Every other one goes: the pool is fragmented.
        for index in stride(from: live.count - 1, through: 0, by: -2) {
          try under.engine.free(live.remove(at: index))
        }
        var chunks: UInt64 = 0
        for allocation in live { chunks += allocation.chunkCount }
        return Contest(
          operations: Int(500 * 2 * (chunks / UInt64(live.count))),
          ours: Contest.Side {
            for _ in 0..<500 {
              let index = Int(random.next() % UInt64(live.count))
              try under.engine.free(live[index])
              live[index] = try under.engine.allocate(request())
            }
          })
      },
    ]
  }
}
