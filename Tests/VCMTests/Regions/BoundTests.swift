import Testing

@testable import VCM

@Suite("Bounds and clones")
struct BoundTests {
  @Test("vcm_create_bound, _reserve_from_bound, _get_bound_start_addr, _get_bound_len")
  func create() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region()
    let bound = try engine.createBound(named: "video", in: region)
    #expect(bound.start == nil && bound.length == 0 && region.isInUse)
    expectFailure(.invalidArgument, 22, naming: "video") { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 4096, bound: "video"), in: region)
    }
    try engine.setLength(32 << 20, of: bound)
    #expect(bound.start == 0x1000 && bound.length == 32 << 20)
    #expect(region.freeBytes == 96 << 20)
    let outside = try engine.reserve(ReservationRequest(length: 4096), in: region)
    #expect(outside.address == 0x1000 + (32 << 20))
    let inside = try engine.reserve(ReservationRequest(length: 4096, bound: "video"), in: region)
    #expect(inside.address == 0x1000 && inside.bound === bound)
    #expect(region.reservation(containing: 0x1fff) === inside)
    #expect(region.firstReservation(from: 0) === inside && region.firstReservation(from: 0x2000) === outside)
    for (start, expected) in [(0, [inside, outside]), (0x1001, [outside]), (.max, [])]
      as [(UInt64, [Reservation])]
    {
      var walked: [Reservation] = []
      region.forEachReservation(from: start) { reservation, _ in
        walked.append(reservation)
        return true
      }
      #expect(walked.map(\.id) == expected.map(\.id))
    }
    var count = 0
    region.forEachReservation(from: 0) { _, _ in
      count += 1
      return false
    }
    #expect(count == 1)
    #expect(bound.freeBytes == (32 << 20) - 4096)
    expectFailure(.noSuchObject, 2, naming: "audio") { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 4096, bound: "audio"), in: region)
    }
    expectFailure(.addressTaken, 98, naming: "video") { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 4096, at: 0x100000), in: region)
    }
    expectFailure(.outsideRegion, 22, naming: "video") { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 4096, at: 0x400_0000, bound: "video"), in: region)
    }
    bench.expectSound()
  }

  @Test("vcm_free_bound: EBUSY with reservations inside")
  func free() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region()
    let bound = try engine.createBound(named: "video", in: region)
    try engine.setLength(1 << 20, of: bound)
    let inside = try engine.reserve(ReservationRequest(length: 4096, bound: "video"), in: region)
    expectFailure(.inUse, 16, naming: "r0") { () throws(VCMError) in try engine.freeBound(bound) }
    expectFailure(.inUse, 16) { () throws(VCMError) in try engine.setLength(2 << 20, of: bound) }
    expectFailure(.inUse, 16) { () throws(VCMError) in try engine.freeRegion(region) }
    try engine.unreserve(inside)
    expectFailure(.outOfAddressSpace, 12) { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 4096), in: region)
      try engine.setLength(128 << 20, of: bound)
    }
    #expect(bound.start == 0x1000 && bound.length == 1 << 20)
    try engine.rename(bound, to: "audio")
    expectFailure(.nameTaken, 17) { () throws(VCMError) in try engine.createBound(named: "audio", in: region)
    }
    try engine.setLength(0, of: bound)
    try engine.freeBound(bound)
    expectFailure(.noSuchObject, 2) { () throws(VCMError) in try engine.freeBound(bound) }
    bench.expectSound()
  }

  @Test("vcm_clone: a deep copy; later changes are private to each")
  func clone() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region(devices: ["video_dec"])
    let bound = try engine.createBound(named: "video", in: region)
    try engine.setLength(1 << 20, of: bound)
    let inside = try engine.reserve(ReservationRequest(length: 4096, bound: "video", name: "in"), in: region)
    let (reservation, buffer) = try bench.backed(in: region)
    let copy = try engine.createRegion(named: "copy")
    try engine.clone(region, into: copy)
    #expect(copy.start == region.start && copy.length == region.length && copy.reservationCount == 2)
    let twin = try #require(copy.reservation(named: reservation.name))
    #expect(twin.address == reservation.address && twin.backing === buffer && buffer.userCount == 2)
    #expect(copy.reservation(named: "in")?.address == inside.address && copy.associations.isEmpty)
    try engine.unback(twin)
    #expect(reservation.isBacked)
    expectFailure(.inUse, 16) { () throws(VCMError) in try engine.clone(region, into: copy) }
    expectFailure(.invalidArgument, 22) { () throws(VCMError) in try engine.clone(region, into: region) }
    bench.expectSound()
  }
}
