import Testing

@testable import VCM

@Suite("Look-ups")
struct LookupTests {
  @Test("vcm_get_res, vcm_translate, vcm_get_next_phys_res")
  func reverse() throws {
    let bench = try Bench()
    let engine = bench.engine
    let first = try bench.region("first", devices: ["video_dec"])
    let second = try bench.region("second")
    let (reservation, buffer) = try bench.backed(1 << 16, in: first)
    let other = try engine.reserve(ReservationRequest(length: 1 << 20, at: 0x500_0000), in: second)
    try engine.back(other, with: buffer)
    #expect(first.reservation(containing: reservation.address + 77) === reservation)
    #expect(try engine.translate(reservation.address + 77, from: first, to: second) == 0x500_004d)
    let physical = try engine.physicalAddress(of: reservation.address + 77, in: first).address
    var found: [(String, UInt64)] = []
    engine.forEachReservation(at: physical) { reservation, address in
      found.append((reservation.region.name, address))
      return true
    }
    #expect(
      found.map(\.0) == ["first", "second"] && found.map(\.1) == [reservation.address + 77, 0x500_004d])
    expectFailure(.fault, 14, naming: "not reserved") { () throws(VCMError) in
      _ = try engine.translate(0x700_0000, from: first, to: second)
    }
    expectFailure(.fault, 14) { () throws(VCMError) in
      _ = try engine.translate(other.address + (1 << 16), from: second, to: first)
    }
    let third = try bench.region("third")
    expectFailure(.fault, 14, naming: "third") { () throws(VCMError) in
      _ = try engine.translate(other.address, from: second, to: third)
    }
  }

  @Test("wrapped memory is found through its owner and its wrapper")
  func places() throws {
    let bench = try Bench()
    let engine = bench.engine
    let buffer = try engine.allocate(PhysicalRequest(length: 1 << 20))
    let address = try #require(buffer.chunk(at: 0)?.address)
    let wrapper = try engine.allocate(PhysicalRequest(length: 8192, at: address + 4096))
    #expect(engine.places(at: address + 5000).map(\.offset) == [5000, 904])
    #expect(engine.places(at: address + 5000).map(\.allocation.name) == [buffer.name, wrapper.name])
    #expect(engine.places(at: 0x1234).isEmpty)
  }

  @Test("vcm_dev_addr_to_phys_addr: a device without an active association is ENOENT")
  func inactiveDevice() throws {
    let bench = try Bench()
    let device = try bench.device("video_dec")
    expectFailure(.notActive, 2, naming: "video_dec") { () throws(VCMError) in
      _ = try bench.engine.physicalAddress(of: 0x1000, seenBy: device)
    }
  }

  @Test("every object is found by its id until it is gone")
  func ids() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region(devices: ["video_dec"])
    let (reservation, buffer) = try bench.backed(in: region)
    let ids = [region.id, reservation.id, buffer.id, region.associations[0].id, engine.memoryTypes[0].id]
    #expect(Set(ids).count == ids.count)
    for id in ids {
      #expect(engine.object(with: id) != nil && ObjectID(rawValue: id.rawValue) == id)
    }
    try engine.unback(reservation)
    try engine.unreserve(reservation)
    #expect(engine.object(with: reservation.id) == nil)
    let next = try engine.reserve(ReservationRequest(length: 4096), in: region)
    #expect(next.id > reservation.id)
    #expect(
      ObjectID(rawValue: 0) == nil && ObjectID(rawValue: 7) == nil && ObjectID(rawValue: 1 << 48) == nil)
  }
}
