extension Engine {
  /// Makes a region that is not in use a copy of another one: `vcm_clone`.
  ///
  /// Start, length, bounds and reservations, with names, addresses and attributes, are copied; what is backed
  /// is backed by the same memory. Later changes are private to each. Associations are not copied: nobody
  /// sees a new space.
  ///
  /// - Throws: `inUse` (EBUSY) if the target is in use; `invalidArgument` (EINVAL) for a region as its own
  ///   copy; the errors of ``setStart(_:of:)`` for a target whose kind does not allow the range;
  ///   `outOfTableMemory` (ENOMEM); `notExpressible` (EINVAL) if the target's processor lacks an attribute.
  /// - Complexity: O(n log n).
  public func clone(_ source: Region, into target: Region) throws(VCMError) {
    try requireLive(source.isLive, "region", source.name)
    guard source !== target else {
      throw VCMError(.invalidArgument, "region '\(source.name)' cannot be a copy of itself")
    }
    let before = (start: target.start, length: target.length, number: target.nextReservationNumber)
    try setRange(of: target, start: source.start, length: source.length)
    do {
      for bound in source.bounds { try cloneBound(bound, into: target) }
      try forEachReservation(of: source) { reservation throws(VCMError) in
        try cloneReservation(reservation, into: target)
      }
      target.nextReservationNumber = source.nextReservationNumber
    } catch {
      empty(target)
      target.nextReservationNumber = before.number
      try setRange(of: target, start: before.start, length: before.length)
      throw error
    }
  }

  private func cloneBound(_ bound: Bound, into target: Region) throws(VCMError) {
    let copy = try createBound(named: bound.name, in: target)
    guard let start = bound.start else { return }
    _ = target.space.claim(first: start, length: bound.length, occupant: Occupant.word(copy))
    (copy.start, copy.length) = (start, bound.length)
    copy.space = AddressSpace(first: start, length: bound.length, workspace: workspace)
  }

  private func cloneReservation(_ reservation: Reservation, into target: Region) throws(VCMError) {
    let copy = try reserve(
      ReservationRequest(
        length: reservation.length, alignment: reservation.alignment, at: reservation.address,
        bound: reservation.bound?.name, name: reservation.name, attributes: reservation.attributes),
      in: target)
    if let allocation = reservation.backing { try back(copy, with: allocation) }
  }

  /// Calls `body` with all reservations of a region, by address.
  func forEachReservation(
    of region: Region, _ body: (Reservation) throws(VCMError) -> Void
  ) throws(VCMError) {
    var address: UInt64? = region.start
    while let from = address, let reservation = region.firstReservation(from: from) {
      try body(reservation)
      address = reservation.last == .max ? nil : reservation.last + 1
    }
  }

  /// Removes all reservations and bounds of a region.
  private func empty(_ region: Region) {
    while let reservation = region.firstReservation(from: region.start) {
      if reservation.isBacked { try? unback(reservation) }
      guard (try? unreserve(reservation)) != nil else { break }
    }
    while let bound = region.bounds.last, (try? freeBound(bound)) != nil {}
  }
}
