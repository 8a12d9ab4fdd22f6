import Testing

@testable import VCM

@Suite("Regions")
struct RegionTests {
  @Test("a new region is [0, 4G) and free")
  func defaults() throws {
    let engine = try Engine()
    let region = try engine.createRegion(named: "out")
    #expect(region.start == 0 && region.length == 4 << 30 && region.last == 0xffff_ffff)
    #expect(region.kind == .device && !region.isInUse && !region.isActive)
    #expect(region.freeBytes == 4 << 30 && region.largestFree == 4 << 30)
    #expect(engine.region(named: "out") === region)
  }

  @Test("vcm_create: a length below the smallest page is EINVAL")
  func createTooShort() throws {
    let engine = try Engine()
    for length: UInt64 in [0, 1, 4095] {
      expectFailure(.invalidLength, 22, naming: "\(length)") { () throws(VCMError) in
        try engine.createRegion(named: "out", start: 0, length: length)
      }
    }
    expectFailure(.invalidLength, 22, naming: "4097", "4096 or 8192") { () throws(VCMError) in
      try engine.createRegion(named: "out", start: 0, length: 4097)
    }
    expectFailure(.misaligned, 22, naming: "0x1001") { () throws(VCMError) in
      try engine.createRegion(named: "out", start: 0x1001, length: 4096)
    }
    #expect(engine.regionCount == 0)
  }

  @Test("a region may end at 2^64, not beyond")
  func endOfAddressSpace() throws {
    let engine = try Engine()
    let region = try engine.createRegion(named: "top", start: 0xffff_ffff_0000_0000, length: 1 << 32)
    #expect(region.last == .max)
    expectFailure(.invalidLength, 22) { () throws(VCMError) in
      try engine.setLength((1 << 32) + 4096, of: region)
    }
    let reservation = try engine.reserve(
      ReservationRequest(length: 4096, at: 0xffff_ffff_ffff_f000), in: region)
    #expect(reservation.last == .max)
    #expect(region.reservation(containing: .max) === reservation)
    #expect(region.firstReservation(from: .max) == nil)
    try engine.unreserve(reservation)
  }

  @Test("a name that is taken is EEXIST")
  func nameTaken() throws {
    let engine = try Engine()
    try engine.createRegion(named: "out")
    expectFailure(.nameTaken, 17, naming: "out") { () throws(VCMError) in
      try engine.createRegion(named: "out")
    }
  }

  @Test("vcm_free: EBUSY with reservations or associations, active or not; then ENOENT")
  func free() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region(devices: ["video_dec"], active: false)
    let association = try #require(region.associations.first)
    expectFailure(.inUse, 16, naming: "video_dec") { () throws(VCMError) in try engine.freeRegion(region) }
    try engine.activate(association)
    expectFailure(.inUse, 16) { () throws(VCMError) in try engine.freeRegion(region) }
    try engine.deactivate(association)
    try engine.dissociate(association)
    let reservation = try engine.reserve(ReservationRequest(length: 4096), in: region)
    expectFailure(.inUse, 16, naming: "r0") { () throws(VCMError) in try engine.freeRegion(region) }
    try engine.unreserve(reservation)
    try engine.freeRegion(region)
    #expect(engine.region(named: "out") == nil && engine.object(with: region.id) == nil)
    expectFailure(.noSuchObject, 2) { () throws(VCMError) in try engine.freeRegion(region) }
    bench.expectSound()
  }

  @Test("start, length and type are EBUSY once the region is in use")
  func inUse() throws {
    let bench = try Bench()
    let region = try bench.region()
    let engine = bench.engine
    try engine.setStart(0x10000, of: region)
    try engine.setLength(1 << 20, of: region)
    #expect(region.start == 0x10000 && region.freeBytes == 1 << 20)
    let reservation = try engine.reserve(ReservationRequest(length: 4096), in: region)
    #expect(reservation.address == 0x10000)
    expectFailure(.inUse, 16) { () throws(VCMError) in try engine.setStart(0, of: region) }
    expectFailure(.inUse, 16) { () throws(VCMError) in try engine.setLength(4096, of: region) }
    expectFailure(.inUse, 16) { () throws(VCMError) in try engine.setKind(.kernel, of: region) }
    bench.expectSound()
  }

  @Test("rename keeps the identity")
  func rename() throws {
    let engine = try Engine()
    let region = try engine.createRegion(named: "out")
    let other = try engine.createRegion(named: "other")
    try engine.rename(region, to: "in")
    #expect(engine.region(named: "in") === region && engine.region(named: "out") == nil)
    try engine.rename(region, to: "in")
    expectFailure(.nameTaken, 17) { () throws(VCMError) in try engine.rename(region, to: "other") }
    expectFailure(.invalidName, 22) { () throws(VCMError) in try engine.rename(other, to: "a/b") }
    #expect(region.name == "in" && other.name == "other")
  }

  @Test("regions are walked in order, from any id, even one that is gone")
  func walk() throws {
    let engine = try Engine()
    let regions = try (0..<100).map { try engine.createRegion(named: "v\($0)") }
    var names: [String] = []
    var last: ObjectID?
    while let region = engine.firstRegion(after: last) {
      names.append(region.name)
      last = region.id
      if names.count % 3 == 0 { try engine.freeRegion(region) }
    }
    #expect(names == regions.map(\.name))
    #expect(engine.regionCount == 67)
  }

  @Test("one-to-one: the region must lie inside physical memory")
  func oneToOne() throws {
    let bench = try Bench()
    let engine = bench.engine
    expectFailure(.outsideRegion, 22, naming: "0x0") { () throws(VCMError) in
      try engine.createRegion(named: "direct", kind: .oneToOne)
    }
    let region = try engine.createRegion(
      named: "direct", start: 0x8000_0000, length: 256 << 20, kind: .oneToOne)
    expectFailure(.outsideRegion, 22) { () throws(VCMError) in try engine.setLength(1 << 30, of: region) }
    let buffer = try engine.allocate(PhysicalRequest(length: 1 << 20))
    let elsewhere = try engine.reserve(ReservationRequest(length: 1 << 20, at: 0x8100_0000), in: region)
    expectFailure(.notContiguous, 22, naming: "0x81000000") { () throws(VCMError) in
      try engine.back(elsewhere, with: buffer)
    }
    let address = try #require(buffer.chunk(at: 0)?.address)
    let right = try engine.reserve(ReservationRequest(length: 1 << 20, at: address), in: region)
    try engine.back(right, with: buffer)
    bench.expectSound()
  }

  @Test("ten thousand regions work")
  func manyRegions() throws {
    let engine = try Engine()
    for number in 0..<10_000 { try engine.createRegion(named: "v\(number)") }
    for number in stride(from: 0, to: 10_000, by: 999) {
      #expect(engine.region(named: "v\(number)") != nil)
    }
  }
}
