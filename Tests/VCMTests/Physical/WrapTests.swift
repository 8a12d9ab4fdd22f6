import Testing

@testable import VCM

@Suite("Existing ranges")
struct WrapTests {
  @Test("vcm_map_phys_addr: free pool memory in the range becomes the buffer's own")
  func carveOut() throws {
    let bench = try Bench()
    let engine = bench.engine
    let type = try #require(engine.memoryType(named: "mt1"))
    let buffer = try engine.allocate(PhysicalRequest(length: 1 << 20, at: 0x9010_0000, name: "fb"))
    #expect(buffer.isWrapped && buffer.chunk(at: 0) == MemoryChunk(address: 0x9010_0000, length: 1 << 20))
    #expect(buffer.memoryTypes.map(\.name) == ["mt1"])
    #expect(type.freeBytes == type.size - (1 << 20))
    bench.expectSound()
    try engine.free(buffer)
    #expect(type.freeBytes == type.size)
    bench.expectSound()
  }

  @Test("a wrapped buffer is pinned: it cannot be freed, and the wrapper is named")
  func pinned() throws {
    let bench = try Bench()
    let engine = bench.engine
    let buffer = try engine.allocate(PhysicalRequest(length: 1 << 20))
    let address = try #require(buffer.chunk(at: 0)?.address)
    let wrapper = try engine.allocate(PhysicalRequest(length: 2 << 20, at: address, name: "fb"))
    #expect(buffer.wrappedBy.map(\.name) == ["fb"])
    expectFailure(.inUse, 16, naming: "fb") { () throws(VCMError) in try engine.free(buffer) }
    let again = try engine.allocate(PhysicalRequest(length: 4096, at: address + (1 << 20)))
    expectFailure(.inUse, 16, naming: again.name) { () throws(VCMError) in try engine.free(wrapper) }
    try engine.free(again)
    try engine.free(wrapper)
    try engine.free(buffer)
    #expect(engine.memoryTypes[0].freeBytes == engine.memoryTypes[0].size)
    bench.expectSound()
  }

  @Test("registers outside of all memory can be mapped, but have no bytes: ENXIO")
  func registers() throws {
    let bench = try Bench()
    let engine = bench.engine
    let buffer = try engine.allocate(PhysicalRequest(length: 8192, at: 0x1000_0000))
    #expect(buffer.memoryTypes.isEmpty)
    let region = try bench.region(devices: ["video_dec"])
    let reservation = try engine.reserve(ReservationRequest(length: 8192), in: region)
    try engine.back(reservation, with: buffer)
    #expect(
      try engine.physicalAddress(of: reservation.address, seenBy: bench.device("video_dec")) == 0x1000_0000)
    expectFailure(.noMemoryBehind, 6, naming: "0x10000000") { () throws(VCMError) in
      _ = try withBytes(16) { bytes throws(VCMError) in try engine.read(buffer, offset: 0, into: bytes) }
    }
    bench.expectSound()
  }

  @Test("page tables in use are not to be wrapped: EBUSY")
  func tables() throws {
    let bench = try Bench()
    _ = try bench.region(devices: ["video_dec"])
    let pool = try #require(bench.engine.memoryType(named: "tables"))
    expectFailure(.inUse, 16, naming: "tables") { () throws(VCMError) in
      try bench.engine.allocate(PhysicalRequest(length: 1 << 20, at: pool.base))
    }
    bench.expectSound()
  }

  @Test("wrong ranges are EINVAL")
  func invalid() throws {
    let engine = try Engine()
    expectFailure(.misaligned, 22, naming: "0x1001") { () throws(VCMError) in
      try engine.allocate(PhysicalRequest(length: 4096, at: 0x1001))
    }
    expectFailure(.misaligned, 22, naming: "0x81000") { () throws(VCMError) in
      try engine.allocate(PhysicalRequest(length: 4096, alignment: 1 << 16, at: 0x81000))
    }
    expectFailure(.invalidAddress, 22) { () throws(VCMError) in
      try engine.allocate(PhysicalRequest(length: 8192, at: .max - 0xfff))
    }
    expectFailure(.invalidLength, 22) { () throws(VCMError) in
      try engine.allocate(PhysicalRequest(length: 100, at: 0x1000))
    }
  }
}

/// Calls `body` with some bytes of memory.
func withBytes<Result>(
  _ count: Int, _ body: (UnsafeMutableRawBufferPointer) throws(VCMError) -> Result
) throws(VCMError) -> Result {
  let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 8)
  defer { bytes.deallocate() }
  return try body(bytes)
}
