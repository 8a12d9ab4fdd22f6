import PageTables
import PhysicalMemory
import TestSupport
import Testing

@testable import VCM

/// The engine and its twin, driven by the same random calls.
@Suite("Random operations")
struct RandomOperationTests {
  @Test("the engine gives the state and the errnos of its twin", arguments: 0..<6)
  func twin(run: Int) throws {
    let seed = UInt64(run) + 900
    var driver = try Driver(seed: seed)
    for step in 0..<500 {
      let before = driver.summary
      let (call, found, expected) = driver.step()
      let comment: Comment = "seed \(seed) step \(step): \(call)"
      // Memory for buffers or tables may run out, which the twin does not know.
      if found == 12, expected == 0 {
        #expect(driver.summary == before, comment)
        driver.twin = driver.twinBefore
      } else {
        #expect(found == expected, comment)
      }
      #expect(driver.summary == driver.twinSummary, comment)
      #expect(driver.engine.checkInvariants() == [], comment)
      if found != expected, found != 12 { return }
    }
  }

  struct Driver {
    let engine: Engine
    var twin: EngineTwin
    var twinBefore: EngineTwin
    var random: SeededRandom

    init(seed: UInt64) throws {
      engine = try Engine(platform: .small)
      var formats: [String: String] = [:]
      for name in ["video", "display", "server"] { formats[name] = engine.device(named: name)?.formatName }
      twin = EngineTwin(devices: formats)
      twinBefore = twin
      random = SeededRandom(seed: seed)
    }

    /// The state in a form that can be compared.
    var summary: [String] {
      var lines: [String] = []
      var region = engine.firstRegion(after: nil)
      while let found = region {
        let devices = found.associations.map { "\($0.device.name)\($0.isActive)" }
        lines.append("\(found.name) \(found.start) \(found.length) \(devices)")
        var address = found.start
        while let reservation = found.firstReservation(from: address) {
          lines.append(
            "\(reservation.name) \(reservation.address) \(reservation.length) "
              + "\(reservation.attributes.rawValue) \(reservation.backing?.name ?? "-")")
          address = reservation.last + 1
        }
        region = engine.firstRegion(after: found.id)
      }
      return lines
    }

    var twinSummary: [String] {
      twin.regions.flatMap { region in
        [
          "\(region.name) \(region.start) \(region.length) \(region.devices.map { "\($0.name)\($0.isActive)" })"
        ]
          + region.reservations.map {
            "\($0.name) \($0.first) \($0.length) \($0.attributes) \($0.backing ?? "-")"
          }
      }
    }

    private mutating func pick(_ names: [String]) -> String { names.randomElement(using: &random) ?? "" }

    /// One random call: what it was, the engine's errno, the twin's.
    mutating func step() -> (String, Int32, Int32) {
      twinBefore = twin
      let region = pick(["a", "b", "c"])
      let device = pick(["video", "display", "server"])
      let reservation = pick((engine.region(named: region).map(names) ?? []) + ["none"])
      let buffer = pick(twin.buffers.keys.sorted() + ["none"])
      switch Int.random(in: 0..<20, using: &random) {
      case 0: return createRegion(region)
      case 1:
        let error = on(region) { region throws(VCMError) in try engine.freeRegion(region) }
        return ("free region \(region)", error, twin.freeRegion(region))
      case 2..<7: return reserve(region)
      case 7..<9:
        let error = on(region, reservation) { found throws(VCMError) in try engine.unreserve(found) }
        return ("unreserve \(region) \(reservation)", error, twin.unreserve(region, reservation))
      case 9..<11: return allocate()
      case 11:
        let error = errno { () throws(VCMError) in try engine.free(try self.buffer(buffer)) }
        return ("free \(buffer)", error, twin.freeBuffer(buffer))
      case 12..<15:
        let error = on(region, reservation) { found throws(VCMError) in
          try engine.back(found, with: try self.buffer(buffer))
        }
        return ("back \(region) \(reservation) \(buffer)", error, twin.back(region, reservation, buffer))
      case 15:
        let error = on(region, reservation) { found throws(VCMError) in try engine.unback(found) }
        return ("unback \(region) \(reservation)", error, twin.unback(region, reservation))
      case 16: return setAttributes(region, reservation)
      case 17: return edge(region, device)
      default: return activation(region, device)
      }
    }

    private func names(_ region: Region) -> [String] {
      var names: [String] = []
      var address = region.start
      while let reservation = region.firstReservation(from: address) {
        names.append(reservation.name)
        address = reservation.last + 1
      }
      return names
    }

    private mutating func createRegion(_ name: String) -> (String, Int32, Int32) {
      let start = UInt64.random(in: 0..<9, using: &random) * 0x800
      let length = [0x20000, 0x100000, 0x1234, 0x1_0000_0000].randomElement(using: &random) ?? 0x20000
      let error = errno { () throws(VCMError) in
        try engine.createRegion(named: name, start: start, length: UInt64(length))
      }
      return (
        "create \(name) \(start) \(length)", error,
        twin.createRegion(name, start: start, length: UInt64(length))
      )
    }

    private mutating func reserve(_ region: String) -> (String, Int32, Int32) {
      var request = ReservationRequest(length: UInt64.random(in: 0..<24, using: &random) * 0x1000)
      if Int.random(in: 0..<12, using: &random) == 0 { request.length += 0x123 }
      if Bool.random(using: &random) { request.alignment = 0x800 << UInt64.random(in: 0..<7, using: &random) }
      if Int.random(in: 0..<3, using: &random) == 0 {
        request.address = UInt64.random(in: 0..<64, using: &random) * 0x1000
      }
      if Int.random(in: 0..<4, using: &random) == 0 { request.name = pick(["r0", "r2", "r5", "x", "y"]) }
      if Int.random(in: 0..<6, using: &random) == 0 {
        request.attributes = ReservationAttributes(access: [.read])
      }
      let error = on(region) { region throws(VCMError) in try engine.reserve(request, in: region) }
      return ("reserve \(region) \(request)", error, twin.reserve(region, request))
    }

    private mutating func allocate() -> (String, Int32, Int32) {
      let length = UInt64.random(in: 1..<40, using: &random) * 0x1000
      let before = Set(twin.buffers.keys)
      let error = errno { () throws(VCMError) in
        try engine.allocate(PhysicalRequest(length: length))
      }
      var allocation = engine.firstAllocation(after: nil)
      while let found = allocation {
        if !before.contains(found.name) { twin.buffers[found.name] = length }
        allocation = engine.firstAllocation(after: found.id)
      }
      twinBefore = twin
      return ("allocate \(length)", error, 0)
    }

    private mutating func setAttributes(_ region: String, _ reservation: String) -> (String, Int32, Int32) {
      let attributes = ReservationAttributes(
        access: Bool.random(using: &random) ? [.read, .write] : [.read],
        cache: Bool.random(using: &random) ? .notCached : .writeBackWriteAllocate)
      let error = on(region, reservation) { found throws(VCMError) in
        try engine.setAttributes(attributes, of: found)
      }
      return (
        "attributes \(region) \(reservation) \(attributes.rawValue)", error,
        twin.setAttributes(region, reservation, attributes)
      )
    }

    private mutating func edge(_ region: String, _ device: String) -> (String, Int32, Int32) {
      if Int.random(in: 0..<3, using: &random) > 0 {
        let error = on(region) { found throws(VCMError) in
          try engine.associate(found, with: try self.device(device))
        }
        return ("associate \(region) \(device)", error, twin.associate(region, device))
      }
      let error = onEdge(region, device) { edge throws(VCMError) in try engine.dissociate(edge) }
      return ("dissociate \(region) \(device)", error, twin.dissociate(region, device))
    }

    private mutating func activation(_ region: String, _ device: String) -> (String, Int32, Int32) {
      let isActive = Int.random(in: 0..<3, using: &random) > 0
      let error = onEdge(region, device) { edge throws(VCMError) in
        if isActive { try engine.activate(edge) } else { try engine.deactivate(edge) }
      }
      return ("active \(region) \(device) \(isActive)", error, twin.setActive(region, device, isActive))
    }

    private func errno(_ body: () throws(VCMError) -> Void) -> Int32 { failure(body)?.errno ?? 0 }

    private func on(_ region: String, _ body: (Region) throws(VCMError) -> Void) -> Int32 {
      guard let region = engine.region(named: region) else { return 2 }
      return errno { () throws(VCMError) in try body(region) }
    }

    private func on(
      _ region: String, _ reservation: String, _ body: (Reservation) throws(VCMError) -> Void
    ) -> Int32 {
      guard let found = engine.region(named: region)?.reservation(named: reservation) else { return 2 }
      return errno { () throws(VCMError) in try body(found) }
    }

    private func onEdge(
      _ region: String, _ device: String, _ body: (Association) throws(VCMError) -> Void
    ) -> Int32 {
      guard let device = engine.device(named: device),
        let edge = engine.region(named: region)?.association(with: device)
      else { return 2 }
      return errno { () throws(VCMError) in try body(edge) }
    }

    private func buffer(_ name: String) throws(VCMError) -> PhysicalAllocation {
      guard let buffer = engine.allocation(named: name) else { throw VCMError(.noSuchObject, name) }
      return buffer
    }

    private func device(_ name: String) throws(VCMError) -> Device {
      guard let device = engine.device(named: name) else { throw VCMError(.noSuchObject, name) }
      return device
    }
  }
}
