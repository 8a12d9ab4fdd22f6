import TestSupport
import Testing

@testable import VCM

@Suite("Bytes behind buffers and reservations")
struct BytesTests {
  @Test("random reads and writes of scattered buffers give what an array gives")
  func twin() throws {
    let bench = try Bench(.small)
    let engine = bench.engine
    var random = SeededRandom(seed: 11)
    // Every other page is taken, so that the buffer is scattered.
    let pages = try engine.allocate((0..<64).map { _ in PhysicalRequest(length: 4096, blockSizes: [4096]) })
    for page in pages.enumerated().filter({ $0.offset % 2 == 0 }) { try engine.free(page.element) }
    let buffer = try engine.allocate(PhysicalRequest(length: 40 << 12, blockSizes: [4096]))
    #expect(buffer.runs.runCount > 20)
    let region = try bench.region()
    let reservation = try engine.reserve(ReservationRequest(length: 1 << 20), in: region)
    try engine.back(reservation, with: buffer)
    var twin = [UInt8](repeating: 0, count: Int(buffer.length))
    for _ in 0..<300 {
      let offset = Int.random(in: 0..<twin.count, using: &random)
      let count = Int.random(in: 0..<20_000, using: &random)
      let expected = min(count, twin.count - offset)
      if Bool.random(using: &random) {
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        let done = try bytes.withUnsafeBytes { bytes in
          try engine.write(bytes, to: reservation, offset: UInt64(offset))
        }
        #expect(done == expected)
        twin.replaceSubrange(offset..<offset + expected, with: bytes[..<expected])
      } else {
        let found = try withBytes(count) { bytes throws(VCMError) in
          let done = try engine.read(buffer, offset: UInt64(offset), into: bytes)
          return Array(bytes[..<done])
        }
        #expect(found == Array(twin[offset..<offset + expected]))
      }
    }
  }

  @Test("reading at the end gives nothing, writing there is EFBIG, unbacked is EINVAL")
  func ends() throws {
    let bench = try Bench()
    let region = try bench.region()
    let (reservation, buffer) = try bench.backed(4096, in: region)
    let engine = bench.engine
    #expect(
      try withBytes(8) { bytes throws(VCMError) in try engine.read(buffer, offset: 4096, into: bytes) } == 0)
    #expect(
      try withBytes(8) { bytes throws(VCMError) in try engine.read(buffer, offset: 4092, into: bytes) } == 4)
    #expect(
      try withBytes(8) { bytes throws(VCMError) in try engine.read(buffer, offset: .max, into: bytes) } == 0)
    expectFailure(.fileTooLarge, 27, naming: "4096") { () throws(VCMError) in
      _ = try withBytes(8) { bytes throws(VCMError) in
        try engine.write(UnsafeRawBufferPointer(bytes), to: buffer, offset: 4096)
      }
    }
    try engine.unback(reservation)
    expectFailure(.notBacked, 22) { () throws(VCMError) in
      _ = try withBytes(8) { bytes throws(VCMError) in try engine.read(reservation, offset: 0, into: bytes) }
    }
  }

  @Test("vcm_res_copy: bytes copied, overlaps included")
  func copy() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region()
    let (first, buffer) = try bench.backed(256 << 12, in: region)
    let (second, _) = try bench.backed(4 << 12, in: region)
    let pattern = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 + $0 >> 8) }
    _ = try pattern.withUnsafeBytes { try engine.write($0, to: first, offset: 0) }
    #expect(try engine.copy(to: second, offset: 4, from: first, offset: 10, length: .max) == (4 << 12) - 4)
    let copied = try withBytes(16) { bytes throws(VCMError) in
      _ = try engine.read(second, offset: 4, into: bytes)
      return Array(bytes)
    }
    #expect(copied == Array(pattern[10..<26]))
    #expect(try engine.copy(to: first, offset: 1000, from: first, offset: 0, length: 300_000) == 300_000)
    let moved = try withBytes(300_000) { bytes throws(VCMError) in
      _ = try engine.read(buffer, offset: 1000, into: bytes)
      return Array(bytes)
    }
    #expect(moved == pattern)
    #expect(try engine.copy(to: second, offset: 4 << 12, from: first, offset: 0, length: 1) == 0)
  }
}
