import PhysicalMemory
import TestSupport
import Testing

@Suite("Block pool")
struct BlockPoolTests {
  @Test("blocks that are out never overlap, and keep what was written", arguments: [16, 24, 216, 4096])
  func blocks(byteCount: Int) {
    let pool = BlockPool(byteCount: byteCount)
    var random = SeededRandom(seed: 5)
    var out: [UnsafeMutableRawPointer: Int] = [:]
    for step in 0..<20_000 {
      // Up and down again, so that at times the last block comes back.
      let isGrowing = step / 4000 % 2 == 0
      if out.isEmpty || (isGrowing ? Int.random(in: 0..<4, using: &random) > 0 : step % 4 == 0) {
        let block = pool.allocate()
        #expect(UInt(bitPattern: block) % 16 == 0)
        #expect(out[block] == nil)
        block.storeBytes(of: step, as: Int.self)
        block.storeBytes(of: step, toByteOffset: byteCount - 8, as: Int.self)
        out[block] = step
      } else if let (block, number) = out.first {
        #expect(block.load(as: Int.self) == number)
        #expect(block.load(fromByteOffset: byteCount - 8, as: Int.self) == number)
        pool.deallocate(block)
        out[block] = nil
      }
    }
    for (block, number) in out {
      #expect(block.load(as: Int.self) == number)
      pool.deallocate(block)
    }
    // After the last one is back, the pool begins anew.
    let block = pool.allocate()
    block.storeBytes(of: 1, toByteOffset: byteCount - 8, as: Int.self)
    pool.deallocate(block)
  }
}
