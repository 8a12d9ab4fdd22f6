import PageTables

@testable import VCM

/// An engine that anybody can see is right: names, plain lists, and the contract of each call written down in
/// order.
///
/// It gives the errno of a call, or 0 and has done it. It knows no tables, and takes addresses of buffers
/// from the real engine: their rules have twins of their own.
struct EngineTwin {
  struct Reservation: Equatable {
    var name: String
    var first: UInt64
    var length: UInt64
    var attributes: UInt32
    var backing: String?
  }

  struct Region {
    var name: String
    var start: UInt64
    var length: UInt64
    var reservations: [Reservation] = []
    /// The devices and whether they are active, oldest first.
    var devices: [(name: String, isActive: Bool)] = []
    var nextNumber = 0
  }

  var regions: [Region] = []
  /// Buffers and their lengths.
  var buffers: [String: UInt64] = [:]
  /// The devices, and the name of their format.
  let devices: [String: String]

  func index(_ region: String) -> Int? { regions.firstIndex { $0.name == region } }

  mutating func createRegion(_ name: String, start: UInt64, length: UInt64) -> Int32 {
    if index(name) != nil { return 17 }
    if start % 4096 != 0 || length < 4096 || length % 4096 != 0 { return 22 }
    regions.append(Region(name: name, start: start, length: length))
    return 0
  }

  mutating func freeRegion(_ name: String) -> Int32 {
    guard let index = index(name) else { return 2 }
    if !regions[index].reservations.isEmpty || !regions[index].devices.isEmpty { return 16 }
    regions.remove(at: index)
    return 0
  }

  mutating func reserve(_ region: String, _ request: ReservationRequest) -> Int32 {
    guard let index = index(region) else { return 2 }
    let space = regions[index]
    if request.length == 0 || request.length > space.length || request.length % 4096 != 0 { return 22 }
    if let alignment = request.alignment, alignment < 4096 || alignment & (alignment - 1) != 0 { return 22 }
    if isForbidden(request.attributes, in: space) { return 22 }
    if let name = request.name, space.reservations.contains(where: { $0.name == name }) { return 17 }
    let alignment = max(request.alignment ?? 4096, 4096)
    var twin = AddressSpaceTwin(first: space.start, last: space.start + (space.length - 1))
    for other in space.reservations {
      _ = twin.claim(first: other.first, length: other.length, occupant: 2)
    }
    let first: UInt64
    if let wanted = request.address {
      if wanted % alignment != 0 { return 22 }
      let (last, overflow) = wanted.addingReportingOverflow(request.length - 1)
      if overflow || wanted < twin.first || last > twin.last { return 22 }
      if !twin.claim(first: wanted, length: request.length, occupant: 2) { return 98 }
      first = wanted
    } else {
      let order = alignment.trailingZeroBitCount
      guard let found = twin.reserve(length: request.length, alignmentOrder: order, occupant: 2) else {
        return 12
      }
      first = found
    }
    let name = request.name ?? nextName(&regions[index])
    regions[index].reservations.append(
      Reservation(
        name: name, first: first, length: request.length, attributes: request.attributes.rawValue,
        backing: nil))
    regions[index].reservations.sort { $0.first < $1.first }
    return 0
  }

  private func nextName(_ region: inout Region) -> String {
    while true {
      let name = "r\(region.nextNumber)"
      region.nextNumber += 1
      if !region.reservations.contains(where: { $0.name == name }) { return name }
    }
  }

  /// Of the formats here only omap-iommu has no permissions.
  private func isForbidden(_ attributes: ReservationAttributes, in region: Region) -> Bool {
    region.devices.contains { devices[$0.name] == "omap-iommu" }
      && !attributes.access.contains([.read, .write])
  }

  mutating func change(
    _ region: String, _ reservation: String, _ body: (inout Reservation, Region) -> Int32
  ) -> Int32 {
    guard let index = index(region),
      let place = regions[index].reservations.firstIndex(where: { $0.name == reservation })
    else { return 2 }
    return body(&regions[index].reservations[place], regions[index])
  }

  mutating func unreserve(_ region: String, _ reservation: String) -> Int32 {
    guard let index = index(region),
      let place = regions[index].reservations.firstIndex(where: { $0.name == reservation })
    else { return 2 }
    if regions[index].reservations[place].backing != nil { return 16 }
    regions[index].reservations.remove(at: place)
    return 0
  }

  mutating func setAttributes(_ region: String, _ reservation: String, _ new: ReservationAttributes) -> Int32
  {
    guard let index = index(region) else { return 2 }
    let isForbidden = isForbidden(new, in: regions[index])
    return change(region, reservation) { reservation, _ in
      if reservation.attributes == new.rawValue { return 0 }
      if isForbidden { return 22 }
      reservation.attributes = new.rawValue
      return 0
    }
  }

  mutating func back(_ region: String, _ reservation: String, _ buffer: String) -> Int32 {
    guard let length = buffers[buffer] else { return 2 }
    return change(region, reservation) { reservation, region in
      if let backing = reservation.backing { return backing == buffer ? 114 : 98 }
      if length > reservation.length { return 22 }
      if region.devices.contains(where: { !$0.isActive }) { return 11 }
      reservation.backing = buffer
      return 0
    }
  }

  mutating func unback(_ region: String, _ reservation: String) -> Int32 {
    change(region, reservation) { reservation, _ in
      if reservation.backing == nil { return 22 }
      reservation.backing = nil
      return 0
    }
  }

  mutating func freeBuffer(_ buffer: String) -> Int32 {
    if buffers[buffer] == nil { return 2 }
    if regions.contains(where: { $0.reservations.contains { $0.backing == buffer } }) { return 16 }
    buffers[buffer] = nil
    return 0
  }

  mutating func associate(_ region: String, _ device: String) -> Int32 {
    guard let index = index(region) else { return 2 }
    let space = regions[index]
    if space.devices.contains(where: { $0.name == device }) { return 17 }
    if devices[device] != "intel-vtd", (space.start + (space.length - 1)) >> 32 != 0 { return 34 }
    if devices[device] == "omap-iommu",
      space.reservations.contains(where: { $0.attributes >> 8 & 3 != 3 })
    {
      return 22
    }
    regions[index].devices.append((device, false))
    return 0
  }

  mutating func dissociate(_ region: String, _ device: String) -> Int32 {
    guard let index = index(region),
      let place = regions[index].devices.firstIndex(where: { $0.name == device })
    else { return 2 }
    if regions[index].devices[place].isActive { return 16 }
    regions[index].devices.remove(at: place)
    return 0
  }

  mutating func setActive(_ region: String, _ device: String, _ isActive: Bool) -> Int32 {
    guard let index = index(region),
      let place = regions[index].devices.firstIndex(where: { $0.name == device })
    else { return 2 }
    if !isActive {
      if !regions[index].devices[place].isActive { return 2 }
    } else if regions.contains(where: { $0.devices.contains { $0.name == device && $0.isActive } }) {
      return 16
    }
    regions[index].devices[place].isActive = isActive
    return 0
  }
}
