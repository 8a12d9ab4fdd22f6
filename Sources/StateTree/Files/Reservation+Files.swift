internal import VCM

private typealias Node = Declare<Reservation>

extension Reservation {
  /// `vcms/<vcm>/reservations/<res>`, and the link to it from the buffer behind it.
  ///
  /// `backing` comes first, because `rm -r` goes in this order.
  static let declarations = [
    Node.directory(
      "<res>", shows: [.values, .backing], help: "a reservation: rmdir is vcm_unreserve",
      example: "rmdir vcms/out/reservations/r0",
      [backingLink] + valueFiles + [dataFile, Node.lastError]),
    userLink,
    addressLink,
  ]

  private static let valueFiles = [
    Node.line("addr", shows: .values, help: "the device address: vcm_get_dev_addr", isConstant: true) {
      reservation, _ in
      Print.address(reservation.address)
    },
    Node.line("len", shows: .values, help: "the length in bytes: vcm_get_res_len", isConstant: true) {
      reservation, _ in
      Print.length(reservation.length)
    },
    Node.value(
      "attr", shows: .values, help: "the attributes, also of a backed reservation: vcm_set_res_attr",
      example: "echo 'prot=r cache=wb-wa user' > attr"
    ) { reservation, _ in
      AttributeWords.text(reservation.attributes)
    } take: { reservation, text, state throws(VCMError) in
      try state.engine.setAttributes(AttributeWords.parse(text), of: reservation)
    },
    Node.line("align", shows: .values, help: "what the address is a multiple of, in bytes") {
      reservation, _ in
      Print.length(reservation.alignment ?? Region.smallestPage)
    },
    Node.volatile(
      "reach",
      help:
        "a line a format of its devices: the TLB entries that it needs, all and by page size; empty while unbacked"
    ) { reservation, _ in
      Print.reaches(reservation.translationReaches)
    },
  ]

  private static let backingLink = Node.link(
    "backing", shows: .backing, help: "the buffer behind it: ln -s is vcm_back, rm is vcm_unback",
    example: "ln -s phys/buf_64k vcms/out/reservations/r0/backing"
  ) { reservation, _ in
    reservation.backing.map { LinkTarget(in: "../../../../phys/", $0.name, named: $0.id) }
  } make: { reservation, target, state throws(VCMError) in
    try state.engine.back(reservation, with: buffer(target, state))
  } refuse: { reservation, name, target, state throws(VCMError) in
    guard (try? LinkPath.name(in: "phys", of: target)) != nil else { return }
    let allocation = try buffer(target, state)
    // Where something is behind the reservation, that is what is wrong: `ln -sf` comes this way.
    if reservation.isBacked { try state.engine.back(reservation, with: allocation) }
    throw .invalid("the link to a buffer must be named 'backing', not \(Number.quoted(name))")
  } remove: { reservation, state throws(VCMError) in
    try state.engine.unback(reservation)
  }

  /// The buffer that the target of a link names.
  private static func buffer(
    _ target: String, _ state: TreeState
  ) throws(VCMError) -> PhysicalAllocation {
    let name = try LinkPath.name(in: "phys", of: target)
    guard let allocation = state.engine.allocation(named: name) else {
      throw .missing("there is no buffer \(Number.quoted(name)) in phys")
    }
    return allocation
  }

  private static let dataFile = Node.memory(
    "data", permissions: 0o644, shows: [.backing, .bytes],
    help: "the bytes behind the reservation, in the order of its addresses; empty while it is not backed",
    example: "dd if=picture.raw of=data conv=notrunc",
    length: { reservation, state in
      reservation.backing.map { min(BufferFile.length($0, state), reservation.length) } ?? 0
    },
    allocated: { reservation, state in
      reservation.backing.map { min(BufferFile.length($0, state), reservation.length) } ?? 0
    },
    forEachPiece: { reservation, state, range, body in
      if let allocation = reservation.backing {
        BufferFile.forEachPiece(of: range, in: allocation, state, body)
      }
    },
    wasWritten: { reservation, state in
      if let allocation = reservation.backing { state.touch(.allocation(allocation), .bytes) }
      state.touch(.reservation(reservation), .bytes)
    })

  private static let addressLink = Node.link(
    "at/<address>", shows: .values, help: "the reservation at that device address", mayBeCached: false
  ) { reservation, _ in
    LinkTarget(in: "../reservations/", reservation.name)
  } remove: { reservation, _ throws(VCMError) in
    throw .forbidden("an address goes with its reservation: rmdir reservations/\(reservation.name)")
  }

  private static let userLink = Node.link(
    "users/<n>", shows: [.values, .backing], help: "a reservation that the buffer is behind"
  ) { reservation, _ in
    guard reservation.isBacked else { return nil }
    let region = reservation.region
    return LinkTarget(
      in: "../../../vcms/", "\(region.name)/reservations/\(reservation.name)", named: region.id)
  } remove: { reservation, _ throws(VCMError) in
    throw VCMError(
      .inUse,
      "reservation \(Number.quoted(reservation.name)) of region \(Number.quoted(reservation.region.name)) uses the "
        + "buffer: remove its backing")
  }
}
