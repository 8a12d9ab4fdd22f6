internal import PageTables
internal import VCM

private typealias Node = Declare<AddressNode>

/// The declarations of addresses that are looked up by path, in the order of ``Place/regionAddress`` and its kin.
enum AddressNodes {
  static let declarations = [
    Node.volatile(
      "translate/<address>",
      help: "the physical address, the reservation, and the byte's address in other regions"
    ) { node, state in
      guard case .region(let region) = node.place else { return "" }
      return Self.translation(of: node.address, in: region, state)
    },
    Node.volatile("translate/<address>", help: "the walk, one line a level, and where it ends") {
      node, state in
      guard case .device(let device) = node.place else { return "" }
      return Self.walk(of: node.address, by: device, state)
    },
    Node.volatile("at/<address>", help: "the buffers and reservations over that physical address") {
      node, state in
      Self.places(at: node.address, state)
    },
  ]

  /// `phys`, `reservation` and, for each other region that shows the byte, `vcm` lines.
  private static func translation(of address: UInt64, in region: Region, _ state: TreeState) -> String {
    guard let reservation = region.reservation(containing: address) else { return "" }
    let offset = address - reservation.address
    let physical = reservation.backing.flatMap { $0.physicalAddress(ofOffset: offset) }
      .flatMap { offset < reservation.backedLength ? $0 : nil }
    var lines = [
      "phys \(physical.map(Print.address) ?? "none")",
      "reservation vcms/\(region.name)/reservations/\(reservation.name) \(Print.address(offset))",
    ]
    if let physical {
      state.engine.forEachReservation(at: physical) { other, address in
        if other !== reservation, address - other.address < other.backedLength {
          lines.append("vcm vcms/\(other.region.name)/reservations/\(other.name) \(Print.address(address))")
        }
        return true
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// A line for each level: its name, the slot, the slot's address, the raw entry and what it is; then the result.
  private static func walk(of address: UInt64, by device: Device, _ state: TreeState) -> String {
    if device.kind == .oneToOne { return "phys \(Print.address(address))\n" }
    guard let walk = state.engine.walk(address, of: device) else { return "fault no active association\n" }
    var lines = walk.steps.map { step in
      "\(step.levelName) \(Print.address(step.index)) \(Print.address(step.entryAddress)) "
        + "\(Print.address(step.entry, digits: step.entryByteCount * 2)) \(Self.word(step.kind))"
    }
    switch walk.result {
    case .mapped(let mapping):
      lines.append("phys \(Print.address(mapping.outputAddress)) \(mapping.leafSize) \(mapping.words)")
    case .fault(_, let levelName, let reason): lines.append("fault \(levelName) \(reason.words)")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The word for what an entry is.
  static func word(_ kind: EntryKind) -> String {
    switch kind {
    case .empty: "empty"
    case .table: "table"
    case .leaf: "leaf"
    case .reserved: "reserved"
    }
  }

  /// A line for each buffer, with the byte's offset, and for each reservation, with the byte's device address.
  private static func places(at address: UInt64, _ state: TreeState) -> String {
    var lines = state.engine.places(at: address).map { place in
      "buffer phys/\(place.allocation.name) \(Print.address(place.offset))"
    }
    state.engine.forEachReservation(at: address) { reservation, deviceAddress in
      if deviceAddress - reservation.address < reservation.backedLength {
        lines.append(
          "reservation vcms/\(reservation.region.name)/reservations/\(reservation.name) "
            + Print.address(deviceAddress))
      }
      return true
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
