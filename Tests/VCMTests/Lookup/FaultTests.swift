import PageTables
import Testing

@testable import VCM

@Suite("Faults")
struct FaultTests {
  @Test("an access goes through the encoded table, with its permissions")
  func access() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region(devices: ["video_dec"])
    let (reservation, buffer) = try bench.backed(
      4096, in: region, attributes: ReservationAttributes(access: [.read]))
    let device = try bench.device("video_dec")
    #expect(
      try engine.access(reservation.address + 9, .read, by: device) == buffer.physicalAddress(ofOffset: 9))
    expectFailure(.fault, 14, naming: "video_dec", "not permitted") { () throws(VCMError) in
      _ = try engine.access(reservation.address, .write, by: device)
    }
    expectFailure(.fault, 14, naming: "0x7000000") { () throws(VCMError) in
      _ = try engine.access(0x700_0000, .read, by: device)
    }
    try engine.setActive(false, of: region)
    expectFailure(.fault, 14, naming: "no active") { () throws(VCMError) in
      _ = try engine.access(reservation.address, .read, by: device)
    }
    #expect(engine.faultCount == 3)
  }

  @Test("vcm_hook: a handler that backs the address lets the access go on")
  func retry() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region(devices: ["video_dec"])
    let device = try bench.device("video_dec")
    let reservation = try engine.reserve(ReservationRequest(length: 4096), in: region)
    let buffer = try engine.allocate(PhysicalRequest(length: 4096))
    var faults: [DeviceFault] = []
    try engine.hook(device) { fault in
      faults.append(fault)
      return (try? engine.back(reservation, with: buffer)) == nil ? .terminate : .retry
    }
    #expect(try engine.access(reservation.address, .write, by: device) == buffer.physicalAddress(ofOffset: 0))
    #expect(
      faults.map(\.address) == [reservation.address] && faults[0].walk != nil && faults[0].sequence == 1)
    try engine.unback(reservation)
    try engine.hook(device) { _ in .retry }
    expectFailure(.fault, 14) { () throws(VCMError) in
      _ = try engine.access(reservation.address, .write, by: device)
    }
    #expect(engine.faultCount == 17)
  }

  @Test("a one-to-one device sees physical addresses")
  func oneToOne() throws {
    let bench = try Bench()
    #expect(try bench.engine.access(0x8000_0010, [.read, .write], by: bench.device("dma")) == 0x8000_0010)
  }
}
