import PageTables
import Testing

@testable import VCM

@Suite("Backing")
struct BackingTests {
  @Test("the running example: one buffer, two formats, the processor")
  func runningExample() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region(devices: ["video_dec", "display"])
    let small = try engine.allocate(PhysicalRequest(length: 2 << 16, blockSizes: [1 << 16]))
    let frames = try engine.allocate(PhysicalRequest(length: 16 << 20))
    #expect(small.chunkCount == 2 && frames.chunkCount == 16)
    let first = try engine.reserve(ReservationRequest(length: 8 << 16, alignment: 1 << 16), in: region)
    let second = try engine.reserve(ReservationRequest(length: 16 << 20, alignment: 16 << 20), in: region)
    try engine.back(first, with: small)
    try engine.back(second, with: frames)
    #expect(first.backedLength == 2 << 16)
    #expect(region.tables.count == 2)
    let kernel = try engine.createRegion(named: "kernel", kind: .kernel)
    let seen = try engine.reserve(ReservationRequest(length: 16 << 20), in: kernel)
    try engine.back(seen, with: frames)
    #expect(frames.userCount == 2)
    for (name, address) in [
      ("video_dec", second.address), ("display", second.address), ("cpu0", seen.address),
    ] {
      #expect(
        try engine.physicalAddress(of: address + 0x123456, seenBy: bench.device(name))
          == frames.physicalAddress(ofOffset: 0x123456))
    }
    // Shorter than the reservation: the rest is not mapped.
    let device = try bench.device("video_dec")
    expectFailure(.fault, 14, naming: "video_dec") { () throws(VCMError) in
      _ = try engine.physicalAddress(of: first.address + (2 << 16), seenBy: device)
    }
    bench.expectSound()
  }

  @Test("vcm_back: a buffer longer than the reservation is EINVAL")
  func tooLong() throws {
    let bench = try Bench()
    let region = try bench.region()
    let reservation = try bench.engine.reserve(ReservationRequest(length: 4096), in: region)
    let buffer = try bench.engine.allocate(PhysicalRequest(length: 8192))
    expectFailure(.tooLongForReservation, 22, naming: "8192", "4096") { () throws(VCMError) in
      try bench.engine.back(reservation, with: buffer)
    }
    #expect(!reservation.isBacked && buffer.userCount == 0)
  }

  @Test("vcm_back: EAGAIN if any association is inactive; a region without one may be backed")
  func inactive() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region(devices: ["video_dec", "display"], active: false)
    let reservation = try engine.reserve(ReservationRequest(length: 8192), in: region)
    let buffer = try engine.allocate(PhysicalRequest(length: 8192))
    expectFailure(.inactiveAssociation, 11, naming: "video_dec") { () throws(VCMError) in
      try engine.back(reservation, with: buffer)
    }
    try engine.activate(region.associations[0])
    expectFailure(.inactiveAssociation, 11, naming: "display") { () throws(VCMError) in
      try engine.back(reservation, with: buffer)
    }
    try engine.activate(region.associations[1])
    try engine.back(reservation, with: buffer)
    let lonely = try bench.region("lonely")
    _ = try bench.backed(in: lonely)
    bench.expectSound()
  }

  @Test("back again: EALREADY for the same buffer, EADDRINUSE for another")
  func again() throws {
    let bench = try Bench()
    let region = try bench.region()
    let (reservation, buffer) = try bench.backed(in: region)
    let other = try bench.engine.allocate(PhysicalRequest(length: 4096))
    expectFailure(.alreadyBacked, 114, naming: buffer.name) { () throws(VCMError) in
      try bench.engine.back(reservation, with: buffer)
    }
    expectFailure(.backedByAnother, 98, naming: buffer.name) { () throws(VCMError) in
      try bench.engine.back(reservation, with: other)
    }
  }

  @Test("vcm_unback: EINVAL if unbacked; works while associations are inactive")
  func unback() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region(devices: ["video_dec"])
    let (reservation, buffer) = try bench.backed(in: region)
    try engine.setActive(false, of: region)
    #expect(reservation.isBacked && engine.tableMemory.usedBytes == 0)
    try engine.unback(reservation)
    #expect(buffer.userCount == 0)
    expectFailure(.notBacked, 22, naming: "r0") { () throws(VCMError) in try engine.unback(reservation) }
    expectFailure(.notBacked, 22) { () throws(VCMError) in _ = try engine.backing(of: reservation) }
    bench.expectSound()
  }

  @Test("deactivate while backed: the mappings come back with the next activation")
  func deactivateWhileBacked() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try bench.region(devices: ["video_dec", "display"])
    let (reservation, buffer) = try bench.backed(3 << 12, in: region)
    try engine.setActive(false, of: region)
    #expect(region.tables.isEmpty)
    try engine.setActive(true, of: region)
    #expect(
      try engine.physicalAddress(of: reservation.address, seenBy: bench.device("display"))
        == buffer.chunk(at: 0)?.address)
    bench.expectSound()
  }

  @Test("associate after back: the new device's table is complete at activation")
  func associateAfterBack() throws {
    let bench = try Bench()
    let region = try bench.region()
    let (reservation, buffer) = try bench.backed(in: region)
    let association = try bench.engine.associate(region, with: bench.device("display"))
    #expect(association.table == nil)
    try bench.engine.activate(association)
    #expect(
      try bench.engine.physicalAddress(of: reservation.address, seenBy: association.device)
        == buffer.chunk(at: 0)?.address)
    bench.expectSound()
  }

  @Test("a one-to-one device needs one contiguous chunk at the reservation's own address")
  func oneToOneDevice() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try engine.createRegion(named: "io", start: 0x8000_0000, length: 64 << 20)
    let dma = try bench.device("dma")
    let association = try engine.associate(region, with: dma)
    try engine.activate(association)
    #expect(association.table == nil)
    let buffer = try engine.allocate(PhysicalRequest(length: 2 << 20))
    let address = try #require(buffer.chunk(at: 0)?.address)
    let wrong = try engine.reserve(ReservationRequest(length: 2 << 20, at: address + (4 << 20)), in: region)
    expectFailure(.notContiguous, 22, naming: "dma") { () throws(VCMError) in
      try engine.back(wrong, with: buffer)
    }
    let right = try engine.reserve(ReservationRequest(length: 2 << 20, at: address), in: region)
    try engine.back(right, with: buffer)
    #expect(try engine.physicalAddress(of: right.address + 7, seenBy: dma) == address + 7)
    bench.expectSound()
  }

  @Test("a one-to-one device cannot be associated with what it would see elsewhere")
  func oneToOneAfterBack() throws {
    let bench = try Bench()
    let region = try bench.region()
    _ = try bench.backed(in: region)
    let dma = try bench.device("dma")
    expectFailure(.notContiguous, 22, naming: "dma") { () throws(VCMError) in
      try bench.engine.associate(region, with: dma)
    }
  }

  @Test("table memory that runs out at any allocation leaves nothing behind", arguments: 0..<8)
  func tableMemoryExhausted(allocations: Int) throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try engine.createRegion(named: "out", start: 0, length: 1 << 31)
    for name in ["video_dec", "display"] { try engine.associate(region, with: bench.device(name)) }
    try engine.setActive(true, of: region)
    _ = try bench.backed(4096, in: region)
    let before = (engine.tableMemory.usedBytes, region.associations.map { $0.table?.validEntryCount })
    let reservation = try engine.reserve(
      ReservationRequest(length: 5 << 20, at: (1 << 30) + 0x1000), in: region)
    // Pages of 4 KiB at an odd place: several second-level tables in each format.
    let buffer = try engine.allocate(PhysicalRequest(length: 5 << 20, blockSizes: [4096]))
    engine.tableMemory.allocationsLeft = allocations
    let error = failure { () throws(VCMError) in try engine.back(reservation, with: buffer) }
    engine.tableMemory.allocationsLeft = nil
    if let error {
      #expect(error.code == .outOfTableMemory && error.errno == 12)
      #expect(!reservation.isBacked && buffer.userCount == 0)
      #expect(engine.tableMemory.usedBytes == before.0)
      #expect(region.associations.map { $0.table?.validEntryCount } == before.1)
      bench.expectSound()
      try engine.back(reservation, with: buffer)
    }
    bench.expectSound()
    try engine.unback(reservation)
    #expect(engine.tableMemory.usedBytes == before.0)
  }

  @Test("a device that fails to map leaves no table mapped")
  func hardwareFailure() throws {
    let model = FailingModel()
    var made = 0
    let memory = try Engine(platform: .small).memory
    let engine = try Engine(platform: .small, memory: memory) { kind in
      made += 1
      return made == 2 ? model : kind.makeModel()
    }
    let region = try engine.createRegion(named: "out")
    for name in ["video", "display"] {
      let device = try #require(engine.device(named: name))
      try engine.associate(region, with: device)
    }
    model.failsToActivate = true
    expectFailure(.hardwareFailure, 5) { () throws(VCMError) in try engine.setActive(true, of: region) }
    #expect(region.associations.allSatisfy { !$0.isActive } && engine.tableMemory.usedBytes == 0)
    model.failsToActivate = false
    try engine.setActive(true, of: region)
    let reservation = try engine.reserve(ReservationRequest(length: 4096), in: region)
    let buffer = try engine.allocate(PhysicalRequest(length: 4096))
    model.failsToMap = true
    expectFailure(.hardwareFailure, 5) { () throws(VCMError) in try engine.back(reservation, with: buffer) }
    #expect(region.associations.allSatisfy { ($0.table?.leafCounts.isEmpty) ?? false })
    model.failsToMap = false
    try engine.back(reservation, with: buffer)
    #expect(model.mapped == [reservation.address])
    #expect(engine.checkInvariants() == [])
  }
}
