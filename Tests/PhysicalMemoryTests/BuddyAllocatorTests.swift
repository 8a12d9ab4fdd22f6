import PhysicalMemory
import TestSupport
import Testing

@Suite("Buddy allocator")
struct BuddyAllocatorTests {
  private func make(_ base: UInt64 = 0x8000_0000, _ size: UInt64 = 1 << 20) throws -> BuddyAllocator {
    try #require(BuddyAllocator(base: base, size: size, smallestOrder: 12))
  }

  @Test("a new allocator is all free")
  func newIsFree() throws {
    let buddy = try make()
    #expect(buddy.freeBytes == 1 << 20)
    #expect(buddy.largestFreeBlock == 1 << 20)
    #expect(buddy.freeBlockCount(order: 20) == 1)
    #expect(buddy.largestFreeRun() == (0x8000_0000, 1 << 20))
  }

  @Test("the lowest of the smallest blocks is taken")
  func lowestFirst() throws {
    let buddy = try make()
    #expect(buddy.allocate(order: 16) == 0x8000_0000)
    #expect(buddy.allocate(order: 12) == 0x8001_0000)
    #expect(buddy.allocate(order: 12) == 0x8001_1000)
    #expect(buddy.allocate(order: 17) == 0x8002_0000)
    buddy.free(0x8001_0000, order: 12)
    #expect(buddy.allocate(order: 5) == 0x8001_0000)
  }

  @Test("freeing everything joins all blocks again")
  func joins() throws {
    let buddy = try make()
    var taken: [UInt64] = []
    while let address = buddy.allocate(order: 12) { taken.append(address) }
    #expect(taken.count == 256)
    #expect(buddy.freeBytes == 0)
    #expect(buddy.largestFreeBlock == 0)
    #expect(buddy.largestFreeRun().length == 0)
    for address in taken.reversed() { buddy.free(address, order: 12) }
    #expect(buddy.freeBlockCount(order: 20) == 1)
    #expect(buddy.freeBlockCount(order: 12) == 0)
  }

  @Test("many blocks at once are those of single calls")
  func bulk() throws {
    let buddy = try make()
    let block = try #require(buddy.allocate(order: 12, limit: 7))
    #expect(block == (0x8000_0000, 7))
    #expect(buddy.allocate(order: 12) == 0x8000_7000)
    #expect(buddy.allocate(order: 12, limit: 1000)?.count == 8)
    #expect(buddy.allocate(order: 12, limit: 0) == nil)
  }

  @Test("a pool that begins and ends anywhere keeps blocks aligned absolutely")
  func unalignedPool() throws {
    let buddy = try make(0x9400_3000, 0x5000)
    #expect(buddy.freeBlockCount(order: 12) == 1)
    #expect(buddy.freeBlockCount(order: 14) == 1)
    #expect(buddy.allocate(order: 14) == 0x9400_4000)
    #expect(buddy.allocate(order: 13) == nil)
    #expect(buddy.allocate(order: 12) == 0x9400_3000)
  }

  @Test("exact ranges are taken only if all of them is free")
  func ranges() throws {
    let buddy = try make()
    #expect(buddy.allocate(at: 0x8000_3000, length: 0x6000))
    #expect(!buddy.allocate(at: 0x8000_8000, length: 0x2000))
    #expect(!buddy.allocate(at: 0x7fff_f000, length: 0x2000))
    #expect(!buddy.allocate(at: 0x8000_0800, length: 0x1000))
    #expect(!buddy.allocate(at: 0x800f_f000, length: 0x2000))
    #expect(!buddy.allocate(at: 0x8000_0000, length: 0))
    #expect(buddy.freeBytes == (1 << 20) - 0x6000)
    let free = buddy.freeRanges(at: 0x8000_0000, length: 0xa000)
    #expect(free.map(\.address) == [0x8000_0000, 0x8000_9000])
    #expect(free.map(\.length) == [0x3000, 0x1000])
    buddy.free(at: 0x8000_3000, length: 0x6000)
    #expect(buddy.freeBlockCount(order: 20) == 1)
  }

  @Test("a contiguous range may be longer than the largest block")
  func contiguousBeyondLargestBlock() throws {
    let buddy = try #require(BuddyAllocator(base: 1 << 30, size: 5 << 30, smallestOrder: 12))
    #expect(buddy.allocateContiguous(length: 3 << 30, alignment: 2 << 30) == 2 << 30)
    #expect(buddy.freeBytes == 2 << 30)
    #expect(buddy.allocateContiguous(length: 2 << 30, alignment: 4096) == nil)
    #expect(buddy.allocateContiguous(length: (1 << 30) - 4096, alignment: 4096) == 1 << 30)
    #expect(buddy.allocateContiguous(length: 4097, alignment: 4096) == nil)
    #expect(buddy.allocateContiguous(length: 4096, alignment: 3) == nil)
  }

  @Test("a pool at the end of the address space works")
  func endOfAddressSpace() throws {
    let buddy = try make(UInt64.max - 0xffff, 0x10000)
    #expect(buddy.isFree(at: UInt64.max - 0xffff, length: 0x10000))
    #expect(buddy.allocate(at: UInt64.max - 0xfff, length: 0x1000))
    #expect(buddy.freeRanges(at: 0x1000, length: .max).map(\.length) == [0xf000])
    #expect(buddy.largestFreeRun().length == 0xf000)
    #expect(buddy.allocateContiguous(length: 0xf000, alignment: 4096) == UInt64.max - 0xffff)
    buddy.free(at: UInt64.max - 0xffff, length: 0x10000)
    #expect(buddy.freeBlockCount(order: 16) == 1)
  }

  @Test(
    "what cannot be a pool is refused",
    arguments: [
      (0x800, 0x1000, 12), (0x1000, 0x800, 12), (0x1000, 0, 12), (0x1000, 0x1000, 31), (0x1000, 0x1000, 2),
    ] as [(UInt64, UInt64, Int)])
  func refused(base: UInt64, size: UInt64, order: Int) {
    #expect(BuddyAllocator(base: base, size: size, smallestOrder: order) == nil)
    #expect(BuddyAllocator(base: .max - 0xfff, size: 0x2000, smallestOrder: 12) == nil)
  }

  @Test("a terabyte in 4K blocks costs memory only where it is used")
  func sparse() throws {
    let buddy = try #require(BuddyAllocator(base: 0, size: 1 << 40, smallestOrder: 12))
    #expect(buddy.freeBlockCount(order: 30) == 1024)
    for number in 0..<1000 { #expect(buddy.allocate(order: 12) == UInt64(number) << 12) }
    #expect(buddy.allocate(at: (1 << 40) - 4096, length: 4096))
    #expect(buddy.freeBytes == (1 << 40) - 1001 << 12)
  }

  @Test("random calls give what a list of flags gives", arguments: 0..<6)
  func twin(run: Int) throws {
    let seed = UInt64(run) + 100
    var random = SeededRandom(seed: seed)
    let smallest = run % 2 == 0 ? 12 : 8
    let unit: UInt64 = 1 << UInt64(smallest)
    let base = 0x4000_0000 + UInt64.random(in: 0..<64, using: &random) * unit
    let size = UInt64.random(in: 20..<200, using: &random) * unit
    let buddy = try #require(BuddyAllocator(base: base, size: size, smallestOrder: smallest))
    var twin = BuddyTwin(base: base, size: size, smallestOrder: smallest)
    var taken: [(UInt64, UInt64)] = []
    for step in 0..<600 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<3:
        let order = smallest + Int.random(in: 0..<5, using: &random)
        let address = buddy.allocate(order: order)
        #expect(address == twin.allocate(order: order), "seed \(seed) step \(step)")
        if let address { taken.append((address, 1 << UInt64(order))) }
      case 3:
        let length = UInt64.random(in: 1..<40, using: &random) * unit
        let alignment = unit << UInt64.random(in: 0..<4, using: &random)
        let address = buddy.allocateContiguous(length: length, alignment: alignment)
        #expect(
          address == twin.allocateContiguous(length: length, alignment: alignment),
          "seed \(seed) step \(step)")
        if let address { taken.append((address, length)) }
      case 4:
        let address = base + UInt64.random(in: 0..<(size / unit), using: &random) * unit
        let length = UInt64.random(in: 1..<9, using: &random) * unit
        let isFree = twin.isFree(address, length)
        #expect(buddy.allocate(at: address, length: length) == isFree, "seed \(seed) step \(step)")
        if isFree {
          twin.set(address, length, free: false)
          taken.append((address, length))
        }
      default:
        guard let index = taken.indices.randomElement(using: &random) else { continue }
        let (address, length) = taken.remove(at: index)
        buddy.free(at: address, length: length)
        twin.set(address, length, free: true)
      }
      let blocks = twin.blocks
      for order in buddy.orders {
        #expect(
          buddy.freeBlockCount(order: order) == UInt64(blocks.count { $0.order == order }),
          "seed \(seed) step \(step)")
      }
      #expect(buddy.freeBytes == UInt64(twin.isFree.count { $0 }) * unit, "seed \(seed) step \(step)")
      #expect(buddy.largestFreeBlock == blocks.map { UInt64(1) << UInt64($0.order) }.max() ?? 0)
      let longest = twin.runs.map(\.length).max() ?? 0
      #expect(buddy.largestFreeRun().length == longest, "seed \(seed) step \(step)")
      #expect(
        buddy.largestFreeRun().address == twin.runs.first { $0.length == longest }?.address ?? base,
        "seed \(seed) step \(step)")
    }
  }
}
