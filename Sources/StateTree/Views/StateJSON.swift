internal import VCM

/// The content of `state.json`: everything that a person has set up, in a stable order, an object a line.
///
/// Addresses and lengths are strings, because JSON's numbers do not hold 64 bits. What follows from the rest, as tables
/// and free space do, is not in it, so that two of these can be compared and one be played back.
struct StateJSON: ViewCapture {
  /// The schema's version: rises when a member goes or changes its meaning.
  static let schema = 1

  struct DeviceRow {
    let name: String
    let kind: DeviceKind
    /// As the device's file `format` reads, with the choices of its tables; nil for none.
    let format: String?
  }

  struct BufferRow {
    let name: String
    let length: UInt64
    let memoryTypes: [String]
    let attributes: String
    let runs: [ChunkRun]
  }

  struct AssociationRow {
    let device: String
    let attributes: AssociationAttributes
    let isActive: Bool
  }

  struct BoundRow {
    let name: String
    let start: UInt64?
    let length: UInt64
  }

  struct ReservationRow {
    let name: String
    let address: UInt64
    let length: UInt64
    let attributes: ReservationAttributes
    let alignment: UInt64
    let bound: String?
    let backing: String?
  }

  struct RegionRow {
    let name: String
    let start: UInt64
    let length: UInt64
    let kind: RegionKind
    let associations: [AssociationRow]
    let bounds: [BoundRow]
    let reservations: [ReservationRow]
  }

  let platform: String
  let memoryTypes: [MemoryTypeDescription]
  let devices: [DeviceRow]
  let buffers: [BufferRow]
  let regions: [RegionRow]

  /// Takes everything down.
  ///
  /// O(objects).
  init(_ state: TreeState) {
    platform = state.engine.platform.name
    memoryTypes = state.engine.memoryTypes.map(\.description)
    devices = Self.devices(state)
    buffers = Self.buffers(state)
    var regions: [RegionRow] = []
    regions.reserveCapacity(state.engine.regionCount)
    var last: ObjectID?
    while let region = state.engine.firstRegion(after: last) {
      regions.append(Self.row(of: region))
      last = region.id
    }
    self.regions = regions
  }

  private static func devices(_ state: TreeState) -> [DeviceRow] {
    var result: [DeviceRow] = []
    var last: ObjectID?
    while let device = state.engine.firstDevice(after: last) {
      result.append(
        DeviceRow(
          name: device.name, kind: device.kind,
          format: device.formatName == nil ? nil : FormatWords.text(of: device)))
      last = device.id
    }
    return result
  }

  private static func buffers(_ state: TreeState) -> [BufferRow] {
    var result: [BufferRow] = []
    result.reserveCapacity(state.engine.allocationCount)
    var last: ObjectID?
    while let allocation = state.engine.firstAllocation(after: last) {
      var runs: [ChunkRun] = []
      allocation.forEachRun { runs.append($0) }
      result.append(
        BufferRow(
          name: allocation.name, length: allocation.length, memoryTypes: allocation.memoryTypes.map(\.name),
          attributes: Words.text(of: allocation), runs: runs))
      last = allocation.id
    }
    return result
  }

  private static func row(of region: Region) -> RegionRow {
    var reservations: [ReservationRow] = []
    reservations.reserveCapacity(region.reservationCount)
    var next: UInt64? = region.start
    while let from = next, let reservation = region.firstReservation(from: from) {
      reservations.append(
        ReservationRow(
          name: reservation.name, address: reservation.address, length: reservation.length,
          attributes: reservation.attributes, alignment: reservation.alignment ?? Region.smallestPage,
          bound: reservation.bound?.name,
          backing: reservation.backing?.name))
      next = reservation.last == .max ? nil : reservation.last + 1
    }
    return RegionRow(
      name: region.name, start: region.start, length: region.length, kind: region.kind,
      associations: region.associations.map {
        AssociationRow(device: $0.device.name, attributes: $0.attributes, isActive: $0.isActive)
      },
      bounds: region.allBounds.map { BoundRow(name: $0.name, start: $0.start, length: $0.length) },
      reservations: reservations)
  }
}
