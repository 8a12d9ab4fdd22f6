import PageTables
import TestSupport

@testable import VCM

/// One call of the RFC, with objects by their names, so that it can be made on anything that has names.
enum RandomCall {
  case createRegion(String, start: UInt64, length: UInt64)
  case freeRegion(String)
  case reserve(String, ReservationRequest)
  case unreserve(String, String)
  case allocate(UInt64)
  case free(String)
  case back(String, String, buffer: String)
  case unback(String, String)
  case setAttributes(String, String, ReservationAttributes)
  case associate(String, String)
  case dissociate(String, String)
  case setActive(String, String, Bool)
}

extension RandomCall {
  /// The next call, about what there is and now and then about what there is not.
  static func next(_ twin: EngineTwin, using random: inout SeededRandom) -> RandomCall {
    let region = ["a", "b", "c"].randomElement(using: &random) ?? "a"
    if twin.regions.count < 2, Bool.random(using: &random) { return makeRegion(region, using: &random) }
    let device = ["video", "display", "server"].randomElement(using: &random) ?? "video"
    let known = twin.regions.first { $0.name == region }?.reservations.map(\.name) ?? []
    let reservation = (known + ["none"]).randomElement(using: &random) ?? "none"
    let buffer = (twin.buffers.keys.sorted() + ["none"]).randomElement(using: &random) ?? "none"
    switch Int.random(in: 0..<20, using: &random) {
    case 0: return makeRegion(region, using: &random)
    case 1: return .freeRegion(region)
    case 2..<7: return .reserve(region, request(using: &random))
    case 7..<9: return .unreserve(region, reservation)
    case 9..<11: return .allocate(UInt64.random(in: 1..<40, using: &random) * 0x1000)
    case 11: return .free(buffer)
    case 12..<15: return .back(region, reservation, buffer: buffer)
    case 15: return .unback(region, reservation)
    case 16: return .setAttributes(region, reservation, attributes(using: &random))
    case 17:
      return Int.random(in: 0..<3, using: &random) > 0
        ? .associate(region, device) : .dissociate(region, device)
    default: return .setActive(region, device, Int.random(in: 0..<3, using: &random) > 0)
    }
  }

  private static func makeRegion(_ name: String, using random: inout SeededRandom) -> RandomCall {
    let start = UInt64.random(in: 0..<9, using: &random) * 0x800
    let length = [0x20000, 0x100000, 0x1234, 0x1_0000_0000].randomElement(using: &random) ?? 0x20000
    return .createRegion(name, start: start, length: UInt64(length))
  }

  private static func request(using random: inout SeededRandom) -> ReservationRequest {
    var request = ReservationRequest(length: UInt64.random(in: 0..<24, using: &random) * 0x1000)
    if Int.random(in: 0..<12, using: &random) == 0 { request.length += 0x123 }
    if Bool.random(using: &random) { request.alignment = 0x800 << UInt64.random(in: 0..<7, using: &random) }
    if Int.random(in: 0..<3, using: &random) == 0 {
      request.address = UInt64.random(in: 0..<64, using: &random) * 0x1000
    }
    if Int.random(in: 0..<4, using: &random) == 0 {
      request.name = ["r0", "r2", "r5", "x", "y"].randomElement(using: &random)
    }
    if Int.random(in: 0..<6, using: &random) == 0 {
      request.attributes = ReservationAttributes(access: [.read])
    }
    return request
  }

  private static func attributes(using random: inout SeededRandom) -> ReservationAttributes {
    ReservationAttributes(
      access: Bool.random(using: &random) ? [.read, .write] : [.read],
      cache: Bool.random(using: &random) ? .notCached : .writeBackWriteAllocate)
  }
}

extension RandomCall {
  /// Makes the call on the twin; 0 or the errno.
  ///
  /// What is allocated the twin learns from the engine.
  func make(on twin: inout EngineTwin) -> Int32 {
    switch self {
    case .createRegion(let name, let start, let length): twin.createRegion(name, start: start, length: length)
    case .freeRegion(let name): twin.freeRegion(name)
    case .reserve(let region, let request): twin.reserve(region, request)
    case .unreserve(let region, let reservation): twin.unreserve(region, reservation)
    case .allocate: 0
    case .free(let buffer): twin.freeBuffer(buffer)
    case .back(let region, let reservation, let buffer): twin.back(region, reservation, buffer)
    case .unback(let region, let reservation): twin.unback(region, reservation)
    case .setAttributes(let region, let reservation, let new): twin.setAttributes(region, reservation, new)
    case .associate(let region, let device): twin.associate(region, device)
    case .dissociate(let region, let device): twin.dissociate(region, device)
    case .setActive(let region, let device, let isActive): twin.setActive(region, device, isActive)
    }
  }

  /// Makes the call on an engine; 0 or the errno.
  func make(on engine: Engine) -> Int32 {
    let outcome = failure { () throws(VCMError) in try attempt(on: engine) }
    return outcome?.errno ?? 0
  }

  private func attempt(on engine: Engine) throws(VCMError) {
    switch self {
    case .createRegion(let name, let start, let length):
      try engine.createRegion(named: name, start: start, length: length)
    case .freeRegion(let name): try engine.freeRegion(engine.have(region: name))
    case .reserve(let region, let request): try engine.reserve(request, in: engine.have(region: region))
    case .unreserve(let region, let name): try engine.unreserve(engine.have(region, name))
    case .allocate(let length): try engine.allocate(PhysicalRequest(length: length))
    case .free(let buffer): try engine.free(engine.have(buffer: buffer))
    case .back(let region, let name, let buffer):
      try engine.back(engine.have(region, name), with: engine.have(buffer: buffer))
    case .unback(let region, let name): try engine.unback(engine.have(region, name))
    case .setAttributes(let region, let name, let new):
      try engine.setAttributes(new, of: engine.have(region, name))
    case .associate(let region, let device):
      try engine.associate(engine.have(region: region), with: engine.have(device: device))
    case .dissociate(let region, let device): try engine.dissociate(engine.have(region, edge: device))
    case .setActive(let region, let device, let isActive):
      let edge = try engine.have(region, edge: device)
      if isActive { try engine.activate(edge) } else { try engine.deactivate(edge) }
    }
  }
}

extension Engine {
  fileprivate func have(region name: String) throws(VCMError) -> Region {
    guard let found = region(named: name) else { throw VCMError(.noSuchObject, name) }
    return found
  }

  fileprivate func have(_ region: String, _ name: String) throws(VCMError) -> Reservation {
    guard let found = try have(region: region).reservation(named: name) else {
      throw VCMError(.noSuchObject, name)
    }
    return found
  }

  fileprivate func have(buffer name: String) throws(VCMError) -> PhysicalAllocation {
    guard let found = allocation(named: name) else { throw VCMError(.noSuchObject, name) }
    return found
  }

  fileprivate func have(device name: String) throws(VCMError) -> Device {
    guard let found = device(named: name) else { throw VCMError(.noSuchObject, name) }
    return found
  }

  fileprivate func have(_ region: String, edge device: String) throws(VCMError) -> Association {
    guard let found = try have(region: region).association(with: have(device: device)) else {
      throw VCMError(.noSuchObject, device)
    }
    return found
  }

  /// The state in a form that can be compared: a line a region, a reservation and a buffer.
  var summary: [String] {
    var lines: [String] = []
    var region = firstRegion(after: nil)
    while let found = region {
      let devices = found.associations.map { "\($0.device.name)\($0.isActive ? 1 : 0)" }
      lines.append("\(found.name) \(found.start) \(found.length) \(devices)")
      var next = found.firstReservation(from: found.start)
      while let reservation = next {
        lines.append(
          "\(reservation.name) \(reservation.address) \(reservation.length) \(reservation.attributes.rawValue) "
            + "\(reservation.backing?.name ?? "-")")
        next = found.firstReservation(from: reservation.last + 1)
      }
      region = firstRegion(after: found.id)
    }
    return lines + bufferLengths.map { "\($0.key) \($0.value)" }.sorted()
  }

  /// The buffers and their lengths.
  var bufferLengths: [String: UInt64] {
    var lengths: [String: UInt64] = [:]
    var buffer = firstAllocation(after: nil)
    while let found = buffer {
      lengths[found.name] = found.length
      buffer = firstAllocation(after: found.id)
    }
    return lengths
  }
}

extension EngineTwin {
  /// The same lines.
  var summary: [String] {
    regions.flatMap { region in
      [
        "\(region.name) \(region.start) \(region.length) \(region.devices.map { "\($0.name)\($0.isActive ? 1 : 0)" })"
      ]
        + region.reservations.map {
          "\($0.name) \($0.first) \($0.length) \($0.attributes) \($0.backing ?? "-")"
        }
    } + buffers.map { "\($0.key) \($0.value)" }.sorted()
  }
}
