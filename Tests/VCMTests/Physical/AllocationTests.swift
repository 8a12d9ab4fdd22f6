import PhysicalMemory
import Testing

@testable import VCM

@Suite("Physical allocations")
struct AllocationTests {
  private func chunks(_ buffer: PhysicalAllocation) -> [MemoryChunk] {
    var found: [MemoryChunk] = []
    buffer.forEachChunk { _, chunk in
      found.append(chunk)
      return true
    }
    return found
  }

  @Test("vcm_phys_alloc: chunk sizes as asked for, the largest first")
  func blocks() throws {
    let engine = try Engine()
    let small = try engine.allocate(PhysicalRequest(length: 2 << 16, blockSizes: [1 << 16], name: "buf_64k"))
    #expect(chunks(small).map(\.length) == [1 << 16, 1 << 16])
    #expect(chunks(small)[0].address == 0x8000_0000)
    let mixed = try engine.allocate(PhysicalRequest(length: (1 << 20) + (1 << 16) + (2 << 12)))
    #expect(chunks(mixed).map(\.length) == [1 << 20, 1 << 16, 1 << 12, 1 << 12])
    #expect(mixed.name == "b0" && engine.allocation(named: "buf_64k") === small)
    #expect(small.attributes.rawValue == 1 << 4 && mixed.attributes.rawValue == 0b111100)
    #expect(mixed.memoryTypes.map(\.name) == ["mt0"])
    #expect(mixed.chunk(at: 2)?.length == 4096 && mixed.chunk(at: 4) == nil)
  }

  @Test("vcm_phys_alloc: wrong lengths, blocks, types and alignments are EINVAL")
  func invalid() throws {
    let engine = try Engine()
    func expect(_ code: VCMError.Code, _ word: String, _ request: PhysicalRequest) {
      expectFailure(code, 22, naming: word) { () throws(VCMError) in try engine.allocate(request) }
    }
    expect(.invalidLength, "0", PhysicalRequest(length: 0))
    expect(.invalidLength, "4096 or 8192", PhysicalRequest(length: 5000))
    expect(.invalidLength, "65536", PhysicalRequest(length: 4096, blockSizes: [1 << 16]))
    expect(.invalidArgument, "8192", PhysicalRequest(length: 8192, blockSizes: [8192]))
    expect(.invalidArgument, "mt9", PhysicalRequest(length: 4096, memoryTypes: ["mt9"]))
    expect(.misaligned, "5", PhysicalRequest(length: 4096, alignment: 5))
    expect(.misaligned, "2199023255552", PhysicalRequest(length: 4096, alignment: 1 << 41))
    #expect(engine.allocationCount == 0)
  }

  @Test("chunks by their addresses: just these, if they are free, and none of them else")
  func givenChunks() throws {
    let bench = try Bench(.small)
    let engine = bench.engine
    let type = try #require(engine.memoryType(named: "mt0"))
    func request(_ length: UInt64, _ chunks: [ChunkRun], contiguous: Bool = false) -> PhysicalRequest {
      PhysicalRequest(length: length, isContiguous: contiguous, chunks: chunks)
    }
    let high = ChunkRun(address: 0x8008_0000, chunkLength: 1 << 16, count: 2)
    let low = ChunkRun(address: 0x8000_3000, chunkLength: 4096, count: 1)
    let buffer = try engine.allocate(request((2 << 16) + 4096, [high, low]))
    #expect(chunks(buffer).map(\.address) == [0x8008_0000, 0x8009_0000, 0x8000_3000])
    #expect(type.freeBytes == (1 << 20) - (2 << 16) - 4096)
    #expect(engine.checkInvariants().isEmpty)
    let free = type.freeBytes
    for (code, errno, bad) in [
      (.inUse, 16, request(1 << 16, [high])),
      (.inUse, 16, request(1 << 16, [ChunkRun(address: 0x8000_0000, chunkLength: 1 << 16, count: 1)])),
      (.inUse, 16, request(8192, [ChunkRun(address: 0x8000_4000, chunkLength: 4096, count: 1), low])),
      (.invalidLength, 22, request(8192, [ChunkRun(address: 0x8000_4000, chunkLength: 4096, count: 1)])),
      (.misaligned, 22, request(4096, [ChunkRun(address: 0x8000_4001, chunkLength: 4096, count: 1)])),
      (.invalidLength, 22, request(4096, [ChunkRun(address: 0x8000_4000, chunkLength: 100, count: 1)])),
      (.invalidAddress, 22, request(4096, [ChunkRun(address: 0x8010_0000, chunkLength: 4096, count: 1)])),
      (.invalidAddress, 22, request(4096, [ChunkRun(address: 0x800f_f000, chunkLength: 8192, count: 1)])),
      (
        .invalidAddress, 22,
        request(4096, [ChunkRun(address: 0x8000_4000, chunkLength: 1 << 63, count: 2)])
      ),
      (
        .notContiguous, 22,
        request(
          8192,
          [
            ChunkRun(address: 0x8000_4000, chunkLength: 4096, count: 1),
            ChunkRun(address: 0x8000_6000, chunkLength: 4096, count: 1),
          ], contiguous: true)
      ),
    ] as [(VCMError.Code, Int32, PhysicalRequest)] {
      expectFailure(code, errno) { () throws(VCMError) in try engine.allocate(bad) }
      #expect(type.freeBytes == free && engine.allocationCount == 1)
    }
    try engine.free(buffer)
    #expect(type.freeBytes == 1 << 20 && engine.checkInvariants().isEmpty)
  }

  @Test("too much is ENOMEM, names what is free, and takes nothing")
  func outOfMemory() throws {
    let bench = try Bench(.small)
    let engine = bench.engine
    let type = try #require(engine.memoryType(named: "mt0"))
    expectFailure(.outOfMemory, 12, naming: "1048576", "mt0") { () throws(VCMError) in
      try engine.allocate(PhysicalRequest(length: 2 << 20))
    }
    try engine.allocate(PhysicalRequest(length: 4096))
    // 15 blocks of 64 KiB are left.
    expectFailure(.outOfMemory, 12) { () throws(VCMError) in
      try engine.allocate(PhysicalRequest(length: 1 << 20, blockSizes: [1 << 16]))
    }
    #expect(type.freeBytes == (1 << 20) - 4096)
    #expect(type.freeBlockCount(order: 12) == 1 && type.largestFreeBlock == 1 << 19)
    bench.expectSound()
  }

  @Test("memory types are tried in their order, a contiguous one as a whole")
  func priorities() throws {
    let bench = try Bench(.small)
    let engine = bench.engine
    try engine.allocate(PhysicalRequest(length: (1 << 20) - (1 << 16)))
    let both = try engine.allocate(PhysicalRequest(length: 1 << 17, memoryTypes: ["mt0", "mt1"]))
    #expect(chunks(both) == [MemoryChunk(address: 0x8010_0000, length: 1 << 17)])
    let first = try engine.allocate(PhysicalRequest(length: 3 << 12, memoryTypes: ["mt0", "mt1"]))
    #expect(chunks(first)[0].address == 0x800f_0000)
    let odd = try engine.allocate(PhysicalRequest(length: 5 << 12, memoryTypes: ["mt1"]))
    #expect(odd.isContiguous && odd.chunkCount == 1)
    bench.expectSound()
  }

  @Test("contiguous and aligned buffers")
  func contiguous() throws {
    let engine = try Engine()
    try engine.allocate(PhysicalRequest(length: 4096))
    let buffer = try engine.allocate(PhysicalRequest(length: 3 << 20, isContiguous: true, alignment: 2 << 20))
    #expect(chunks(buffer) == [MemoryChunk(address: 0x8040_0000, length: 3 << 20)])
    #expect(buffer.attributes.rawValue & 2 == 2 && buffer.attributes.alignment == 2 << 20)
    let aligned = try engine.allocate(
      PhysicalRequest(length: 2 << 12, blockSizes: [4096], alignment: 1 << 20))
    #expect(try #require(aligned.chunk(at: 0)).address % (1 << 20) == 0)
    #expect(aligned.chunkCount == 2)
  }

  @Test("a transaction is all or nothing")
  func transaction() throws {
    let bench = try Bench(.small)
    let engine = bench.engine
    expectFailure(.outOfMemory, 12) { () throws(VCMError) in
      try engine.allocate([PhysicalRequest(length: 1 << 19), PhysicalRequest(length: 1 << 20)])
    }
    #expect(engine.allocationCount == 0 && engine.memoryType(named: "mt0")?.freeBytes == 1 << 20)
    #expect(try engine.allocate(PhysicalRequest(length: 4096)).name == "b0")
    bench.expectSound()
  }

  @Test("vcm_phys_free: EBUSY while a reservation maps it; then the memory reads as zero")
  func free() throws {
    let bench = try Bench(.small)
    let engine = bench.engine
    let region = try bench.region()
    let (reservation, buffer) = try bench.backed(in: region)
    expectFailure(.inUse, 16, naming: "r0", "out") { () throws(VCMError) in try engine.free(buffer) }
    try engine.unback(reservation)
    let address = try #require(buffer.chunk(at: 0)?.address)
    let word = try #require(engine.memory.pointer(to: address, byteCount: 8))
    word.storeBytes(of: 42, as: UInt64.self)
    try engine.free(buffer)
    #expect(word.load(as: UInt64.self) == 0)
    #expect(engine.memoryType(named: "mt0")?.freeBytes == 1 << 20)
    expectFailure(.noSuchObject, 2) { () throws(VCMError) in try engine.free(buffer) }
    expectFailure(.noSuchObject, 2) { () throws(VCMError) in try engine.back(reservation, with: buffer) }
    bench.expectSound()
  }

  @Test("names: automatic, given, changed")
  func names() throws {
    let engine = try Engine()
    try engine.allocate(PhysicalRequest(length: 4096, name: "b0"))
    let buffer = try engine.allocate(PhysicalRequest(length: 4096))
    #expect(buffer.name == "b1")
    expectFailure(.nameTaken, 17) { () throws(VCMError) in try engine.rename(buffer, to: "b0") }
    expectFailure(.nameTaken, 17) { () throws(VCMError) in
      try engine.allocate(PhysicalRequest(length: 4096, name: "b1"))
    }
    try engine.rename(buffer, to: "frames")
    #expect(engine.allocation(named: "frames") === buffer && engine.allocation(named: "b1") == nil)
    #expect(engine.firstAllocation(after: nil)?.name == "b0")
  }

  @Test("64 GiB in a sparse platform are one run, whatever the chunk")
  func sparse() throws {
    let platform = Platform(
      name: "server",
      memoryTypes: [
        MemoryTypeDescription(name: "ram", base: 0, size: 1 << 40, chunkSizes: [1 << 30, 1 << 21, 1 << 12]),
        MemoryTypeDescription(name: "tables", base: 1 << 40, size: 1 << 30, holdsTables: true),
      ], devices: [DeviceDescription(name: "pci", kind: .iommu, format: "intel-vtd")])
    let bench = try Bench(platform)
    let region = try bench.engine.createRegion(named: "big", start: 0, length: 1 << 40)
    try bench.engine.associate(region, with: bench.device("pci"))
    try bench.engine.setActive(true, of: region)
    let buffer = try bench.engine.allocate(PhysicalRequest(length: 64 << 30))
    #expect(buffer.chunkCount == 64 && buffer.runs.runCount == 1)
    let reservation = try bench.engine.reserve(
      ReservationRequest(length: 64 << 30, alignment: 1 << 30), in: region)
    try bench.engine.back(reservation, with: buffer)
    #expect(bench.engine.tableMemory.usedBytes < 1 << 20)
    bench.expectSound()
  }

  @Test("vcm_get_cont_memtype_pa, _len of every memory type")
  func memoryTypes() throws {
    let engine = try Engine()
    #expect(engine.memoryTypes.map(\.name) == ["mt0", "mt1", "tables"])
    for type in engine.memoryTypes {
      #expect(type.firstContiguousRange == MemoryChunk(address: type.base, length: type.size))
      #expect(
        engine.object(with: type.id).map {
          if case .memoryType(let found) = $0 { found === type } else { false }
        } == true)
    }
  }
}
