import Testing

@testable import VCM

@Suite("Reservations")
struct ReserveTests {
  @Test("vcm_reserve: lowest address first, aligned, named r0, r1, ...")
  func firstFit() throws {
    let bench = try Bench()
    let region = try bench.region()
    let made = try bench.engine.reserve(
      [
        ReservationRequest(length: 8 << 16, alignment: 1 << 16),
        ReservationRequest(length: 16 << 20, alignment: 16 << 20),
        ReservationRequest(length: 4096, name: "mine"),
      ], in: region)
    #expect(made.map(\.address) == [0x10000, 0x100_0000, 0x1000])
    #expect(made.map(\.name) == ["r0", "r1", "mine"])
    #expect(region.reservation(named: "r1") === made[1])
    #expect(made[1].alignment == 16 << 20 && made[2].alignment == nil)
    #expect(made[0].region === region && made[0].length == 8 << 16)
    #expect(region.reservationCount == 3)
    bench.expectSound()
  }

  @Test("a region can be filled to its last byte")
  func fill() throws {
    let engine = try Engine()
    let region = try engine.createRegion(named: "out", start: 0x1000, length: 0x4000)
    try engine.reserve(ReservationRequest(length: 0x4000), in: region)
    #expect(region.freeBytes == 0 && region.largestFree == 0)
    expectFailure(.outOfAddressSpace, 12, naming: "4096") { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 4096), in: region)
    }
  }

  @Test("vcm_reserve: wrong lengths are EINVAL, nothing is rounded up")
  func lengths() throws {
    let bench = try Bench()
    let region = try bench.region()
    for (length, word) in [
      (0, "4096"), (1, "4096"), (5000, "4096 or 8192"), ((128 << 20) + 4096, "134217728"),
    ] {
      expectFailure(.invalidLength, 22, naming: word, "\(length)") { () throws(VCMError) in
        try bench.engine.reserve(ReservationRequest(length: UInt64(length)), in: region)
      }
    }
    #expect(region.freeBytes == 128 << 20)
  }

  @Test("no room is ENOMEM and names the largest free range")
  func noRoom() throws {
    let engine = try Engine()
    let region = try engine.createRegion(named: "out", start: 0, length: 0x8000)
    try engine.reserve(ReservationRequest(length: 0x1000, at: 0x3000), in: region)
    expectFailure(.outOfAddressSpace, 12, naming: "16384") { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 0x5000), in: region)
    }
    // There is room, but none of it aligned.
    expectFailure(.outOfAddressSpace, 12) { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 0x4000, alignment: 0x8000), in: region)
    }
  }

  @Test("vcm_reserve_at: the chosen place, or the reason why not")
  func at() throws {
    let bench = try Bench()
    let region = try bench.region()
    let engine = bench.engine
    let made = try engine.reserve(ReservationRequest(length: 0x3000, at: 0x100000), in: region)
    #expect(made.address == 0x100000)
    expectFailure(.addressTaken, 98, naming: "r0", "0x100000") { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 0x2000, at: 0xff000), in: region)
    }
    expectFailure(.outsideRegion, 22, naming: "0x0") { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 0x1000, at: 0), in: region)
    }
    expectFailure(.outsideRegion, 22) { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 0x2000, at: region.last & ~0xfff), in: region)
    }
    expectFailure(.outsideRegion, 22) { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 0x2000, at: .max - 0xfff), in: region)
    }
    expectFailure(.misaligned, 22, naming: "0x200800") { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 0x1000, at: 0x200800), in: region)
    }
    expectFailure(.misaligned, 22) { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 0x1000, alignment: 0x10000, at: 0x201000), in: region)
    }
    expectFailure(.misaligned, 22, naming: "12288") { () throws(VCMError) in
      try engine.reserve(ReservationRequest(length: 0x1000, alignment: 0x3000), in: region)
    }
    #expect(region.reservationCount == 1)
  }

  @Test("a transaction is all or nothing, names included")
  func transaction() throws {
    let bench = try Bench()
    let region = try bench.region()
    let requests = [
      ReservationRequest(length: 4096), ReservationRequest(length: 4096, name: "a"),
      ReservationRequest(length: 4096, name: "a"),
    ]
    expectFailure(.nameTaken, 17, naming: "'a'") { () throws(VCMError) in
      try bench.engine.reserve(requests, in: region)
    }
    #expect(region.reservationCount == 0 && region.freeBytes == 128 << 20)
    #expect(try bench.engine.reserve(ReservationRequest(length: 4096), in: region).name == "r0")
    bench.expectSound()
  }

  @Test("a name that is taken is skipped by automatic names")
  func automaticNames() throws {
    let bench = try Bench()
    let region = try bench.region()
    let engine = bench.engine
    try engine.reserve(ReservationRequest(length: 4096, name: "r1"), in: region)
    #expect(try engine.reserve(ReservationRequest(length: 4096), in: region).name == "r0")
    let next = try engine.reserve(ReservationRequest(length: 4096), in: region)
    #expect(next.name == "r2")
    try engine.rename(next, to: "r3")
    #expect(region.reservation(named: "r2") == nil && region.reservation(named: "r3") === next)
    #expect(try engine.reserve(ReservationRequest(length: 4096), in: region).name == "r4")
    expectFailure(.nameTaken, 17) { () throws(VCMError) in try engine.rename(next, to: "r0") }
    expectFailure(.nameTooLong, 36) { () throws(VCMError) in
      try engine.rename(next, to: String(repeating: "n", count: 300))
    }
    bench.expectSound()
  }

  @Test("vcm_unreserve: EBUSY while backed, ENOENT the second time")
  func unreserve() throws {
    let bench = try Bench()
    let region = try bench.region()
    let (reservation, buffer) = try bench.backed(in: region)
    expectFailure(.inUse, 16, naming: buffer.name) { () throws(VCMError) in
      try bench.engine.unreserve(reservation)
    }
    try bench.engine.unback(reservation)
    try bench.engine.unreserve(reservation)
    expectFailure(.noSuchObject, 2) { () throws(VCMError) in try bench.engine.unreserve(reservation) }
    expectFailure(.noSuchObject, 2) { () throws(VCMError) in
      try bench.engine.back(reservation, with: buffer)
    }
    #expect(region.freeBytes == 128 << 20)
    bench.expectSound()
  }

  @Test("vcm_get_num_res, vcm_get_next_res: by address, from any address")
  func walk() throws {
    let bench = try Bench()
    let region = try bench.region()
    for address in [0x9000, 0x3000, 0x6000] as [UInt64] {
      try bench.engine.reserve(ReservationRequest(length: 0x2000, at: address), in: region)
    }
    var found: [UInt64] = []
    var next = region.start
    while let reservation = region.firstReservation(from: next) {
      found.append(reservation.address)
      next = reservation.last + 1
    }
    #expect(found == [0x3000, 0x6000, 0x9000])
    #expect(region.firstReservation(from: 0x3001)?.address == 0x6000)
    var walked: [String] = []
    region.forEachReservation(from: 0x3001) { reservation, name in
      walked.append("\(String(decoding: name, as: UTF8.self)) \(reservation.address)")
      return true
    }
    #expect(walked == ["r2 24576", "r0 36864"])
    #expect(region.reservation(containing: 0x7fff)?.address == 0x6000)
    #expect(region.reservation(containing: 0x8000) == nil)
    #expect(region.reservation(containing: 0) == nil)
  }

  @Test("vcm_get_min_page_size: the largest smallest page, and reservations keep to it")
  func minimumPage() throws {
    let bench = try Bench()
    #expect(try bench.region(devices: ["video_dec", "display"]).minimumPageSize == 4096)
  }

  @Test("a hundred thousand reservations stay sound")
  func many() throws {
    let engine = try Engine()
    let region = try engine.createRegion(named: "out", start: 0, length: 1 << 40)
    for _ in 0..<100_000 { try engine.reserve(ReservationRequest(length: 8192), in: region) }
    #expect(region.reservation(named: "r99999")?.address == 99_999 * 8192)
    #expect(region.space.checkInvariants() == [])
  }
}
