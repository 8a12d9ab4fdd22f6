import PageTables
import Testing

@testable import VCM

@Suite("Changes")
struct ChangeTests {
  @Test("every operation tells what it changed, a failed one nothing")
  func reports() throws {
    let bench = try Bench()
    let engine = bench.engine
    let recorder = Recorder()
    engine.observer = recorder
    let region = try engine.createRegion(named: "out")
    #expect(recorder.take() == ["created region"])
    let association = try engine.associate(region, with: bench.device("video_dec"))
    #expect(recorder.take() == ["created association"])
    try engine.activate(association)
    #expect(recorder.take() == ["activated association", "tables association"])
    let reservation = try engine.reserve(ReservationRequest(length: 8192), in: region)
    #expect(recorder.changes[0] == Change(.created, reservation.id, parent: region.id, name: "r0"))
    #expect(recorder.take() == ["created reservation", "space region"])
    let buffer = try engine.allocate(PhysicalRequest(length: 4096))
    #expect(recorder.take() == ["created allocation", "space memoryType"])
    try engine.back(reservation, with: buffer)
    #expect(recorder.take() == ["backed reservation", "users allocation", "tables association"])
    _ = failure { () throws(VCMError) in try engine.back(reservation, with: buffer) }
    _ = failure { () throws(VCMError) in try engine.freeRegion(region) }
    _ = failure { () throws(VCMError) in
      try engine.reserve([ReservationRequest(length: 4096), ReservationRequest(length: 1)], in: region)
    }
    #expect(recorder.take() == [])
    try engine.rename(reservation, to: "mine")
    #expect(recorder.changes == [Change(.renamed, reservation.id, parent: region.id, name: "r0")])
    _ = recorder.take()
    try engine.setAttributes(ReservationAttributes(cache: .writeThrough), of: reservation)
    #expect(recorder.take() == ["attributes reservation", "tables association"])
    try engine.unback(reservation)
    #expect(recorder.take() == ["unbacked reservation", "users allocation", "tables association"])
    try engine.unreserve(reservation)
    #expect(recorder.take() == ["removed reservation", "space region"])
    try engine.free(buffer)
    #expect(recorder.take() == ["removed allocation", "space memoryType"])
    try engine.reset(bench.device("video_dec"))
    #expect(recorder.take() == ["deactivated association", "tables association", "reset device"])
    try engine.dissociate(association)
    #expect(recorder.take() == ["removed association"])
    try engine.setKind(.kernel, of: region)
    #expect(recorder.take() == ["created association", "attributes region"])
    try engine.freeRegion(region)
    #expect(recorder.take() == ["removed association", "removed region"])
  }

  @Test("an engine that goes leaves no object behind")
  func teardown() throws {
    weak var region: Region?
    weak var reservation: Reservation?
    weak var buffer: PhysicalAllocation?
    weak var memory: AnyObject?
    do {
      let bench = try Bench()
      let made = try bench.region(devices: ["video_dec"])
      try bench.engine.setLength(4096, of: bench.engine.createBound(named: "b", in: made))
      let pair = try bench.backed(in: made)
      (region, reservation, buffer, memory) = (made, pair.0, pair.1, bench.engine.memory)
    }
    #expect(region == nil && reservation == nil && buffer == nil && memory == nil)
  }
}
