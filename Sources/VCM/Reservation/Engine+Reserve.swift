extension Engine {
  /// Makes one reservation: `vcm_reserve`, `vcm_reserve_at`, `vcm_reserve_from_bound`.
  ///
  /// - Throws: as ``reserve(_:in:)-([ReservationRequest],Region)``.
  /// - Complexity: O(log n).
  @discardableResult
  public func reserve(_ request: ReservationRequest, in region: Region) throws(VCMError) -> Reservation {
    try requireLive(region.isLive, "region", region.name)
    let reservation = try makeReservation(request, in: region)
    reportReservation(reservation)
    return reservation
  }

  /// Makes several reservations, all of them or none.
  ///
  /// Each takes the lowest address that fits, or the one it asks for.
  ///
  /// - Throws: the error of the first request that cannot be met: `invalidLength` (EINVAL) for a length that
  ///   is zero, not a multiple of the smallest page, or above the region's; `misaligned`, `outsideRegion`
  ///   (EINVAL); `addressTaken` (EADDRINUSE); `outOfAddressSpace` (ENOMEM); `notExpressible` (EINVAL) for
  ///   attributes that an associated format lacks; `nameTaken` (EEXIST) and the errors of a name;
  ///   `noSuchObject` (ENOENT) for a bound that does not exist.
  /// - Parameters:
  ///   - requests: what to make.
  ///   - region: where.
  ///   - failure: why a request behind these is wrong already: it is thrown if all of these could be made, so that of a
  ///     list the first bad request decides.
  /// - Complexity: O(m log n) for m requests.
  @discardableResult
  public func reserve(
    _ requests: [ReservationRequest], in region: Region, before failure: VCMError? = nil
  ) throws(VCMError) -> [Reservation] {
    try requireLive(region.isLive, "region", region.name)
    var made: [Reservation] = []
    made.reserveCapacity(requests.count)
    let number = region.nextReservationNumber
    do throws(VCMError) {
      for request in requests { made.append(try makeReservation(request, in: region)) }
      if let failure { throw failure }
    } catch {
      for reservation in made.reversed() { dismantle(reservation) }
      region.nextReservationNumber = number
      throw error
    }
    for reservation in made { reportReservation(reservation) }
    return made
  }

  /// Gives a reservation back: `vcm_unreserve`.
  ///
  /// - Throws: `inUse` (EBUSY) while it is backed; `noSuchObject` (ENOENT) if it was given back before.
  /// - Complexity: O(log n).
  public func unreserve(_ reservation: Reservation) throws(VCMError) {
    try requireLive(reservation.isLive, "reservation", reservation.name)
    if let allocation = reservation.backing {
      throw VCMError(
        .inUse,
        "reservation '\(reservation.name)' is backed by '\(allocation.name)'; remove its backing first")
    }
    dismantle(reservation)
    report(
      Change(.removed, reservation.id, parent: reservation.region.id, name: reservation.name))
    report(Change(.space, (reservation.bound?.id ?? reservation.region.id)))
  }

  private func makeReservation(
    _ request: ReservationRequest, in region: Region
  ) throws(VCMError) -> Reservation {
    if request.name == nil {
      region.reservationNames.prefetch(StoredName(number: region.nextReservationNumber, prefix: "r"))
    }
    let bound = try findBound(request.bound, in: region)
    try check(request, in: region)
    let given = try request.name.map { name throws(VCMError) in try check(name, in: region) }
    let alignment = request.alignment ?? 0
    let reservation = Reservation(
      id: makeID(.reservation), region: region, bound: bound, address: 0, length: request.length,
      attributes: request.attributes,
      alignmentOrder: alignment == 0 ? 0 : UInt8(alignment.trailingZeroBitCount), name: given ?? .numbered(0))
    try place(reservation, at: request.address)
    if given == nil { reservation.storedName = nextName(in: region) }
    reservations.insert(reservation, at: reservation.id.serial)
    region.reservationNames.insert(reservation)
    region.attributeCensus.insert(request.attributes)
    region.reservationCount += 1
    bound?.reservationCount += 1
    return reservation
  }

  /// Takes everything back that ``makeReservation(_:in:)`` did.
  private func dismantle(_ reservation: Reservation) {
    let region = reservation.region
    // Among a million, all of this lies outside of the caches: it is fetched while the address space is searched.
    region.reservationNames.prefetch(reservation.storedName)
    reservations.prefetch(reservation.id.serial)
    (reservation.bound?.space ?? region.space).release(first: reservation.address)
    region.reservationNames.remove(reservation)
    region.attributeCensus.remove(reservation.attributes)
    region.reservationCount -= 1
    reservation.bound?.reservationCount -= 1
    reservation.isLive = false
    reservations.remove(reservation.id.serial)
  }

  private func findBound(_ name: String?, in region: Region) throws(VCMError) -> Bound? {
    guard let name else { return nil }
    guard let bound = region.bound(named: name) else {
      throw VCMError(
        .noSuchObject, "region '\(region.name)' has no bound '\(ObjectName.printable(name))'")
    }
    guard bound.space != nil else {
      throw VCMError(.invalidArgument, "the bound '\(bound.name)' has no range yet; give it a length first")
    }
    return bound
  }

  private func check(_ request: ReservationRequest, in region: Region) throws(VCMError) {
    let page = region.minimumPageSize
    guard request.length > 0 else {
      throw VCMError(.invalidLength, "the length is 0; the smallest that would be right is \(page)")
    }
    guard request.length <= region.length else {
      throw VCMError(
        .invalidLength,
        "the length \(request.length) is above that of region '\(region.name)', \(region.length)")
    }
    try request.length.requireMultiple(of: page, "length")
    if let alignment = request.alignment { try checkAlignment(alignment) }
    if !region.attributeCensus.contains(request.attributes) {
      try checkAttributes(request.attributes, in: region)
    }
  }

  /// Refuses an alignment that no reservation can have.
  func checkAlignment(_ alignment: UInt64) throws(VCMError) {
    guard alignment.nonzeroBitCount == 1, alignment >= Region.smallestPage else {
      throw VCMError(.misaligned, "the alignment \(alignment) is not a power of two of at least 4096")
    }
  }

  /// Takes the range of a reservation.
  private func place(_ reservation: Reservation, at address: UInt64?) throws(VCMError) {
    let region = reservation.region
    let space = reservation.bound?.space ?? region.space
    let order = max(region.minimumPageSize.trailingZeroBitCount, Int(reservation.alignmentOrder))
    if let address {
      try claim(address, for: reservation, in: space, alignment: 1 << UInt64(order))
      reservation.address = address
      return
    }
    let word = Occupant.word(reservation)
    guard let found = space.reserve(length: reservation.length, alignmentOrder: order, occupant: word) else {
      throw VCMError(
        .outOfAddressSpace,
        "no free range of \(reservation.length) bytes aligned to \(1 << UInt64(order)) in "
          + "\(reservation.container); the largest free range has \(space.largestFree) bytes")
    }
    reservation.address = found
  }

  private func claim(
    _ address: UInt64, for reservation: Reservation, in space: AddressSpace, alignment: UInt64
  ) throws(VCMError) {
    guard address % alignment == 0 else {
      throw VCMError(.misaligned, "the address \(hex(address)) is not a multiple of \(alignment)")
    }
    let whole = reservation.bound?.range ?? reservation.region.range
    guard let range = AddressRange(first: address, length: reservation.length), whole.contains(range) else {
      throw VCMError(
        .outsideRegion,
        "\(reservation.length) bytes at \(hex(address)) are not inside \(reservation.container), "
          + "\(hex(whole.first)) to \(hex(whole.last))")
    }
    if space.claim(first: address, length: reservation.length, occupant: Occupant.word(reservation)) {
      return
    }
    let holder = space.entry(containing: address) ?? space.firstEntry(from: address)
    let title = holder.map { Occupant($0.occupant).title + " at \(hex($0.first))" } ?? "something"
    throw VCMError(.addressTaken, "\(reservation.length) bytes at \(hex(address)) overlap \(title)")
  }

  /// A name that was asked for, if it is right and free.
  private func check(_ name: String, in region: Region) throws(VCMError) -> StoredName {
    try ObjectName.check(name)
    guard region.reservationNames.find(name) == nil else { throw .taken(name, "reservation") }
    return StoredName(name, prefix: Reservation.namePrefix)
  }

  /// The name of the next number that is free.
  private func nextName(in region: Region) -> StoredName {
    while true {
      let candidate = StoredName(number: region.nextReservationNumber, prefix: "r")
      region.nextReservationNumber += 1
      if candidate.withKey({ region.reservationNames.find($0) }) == nil { return candidate }
    }
  }

  private func reportReservation(_ reservation: Reservation) {
    report(
      Change(.created, reservation.id, parent: reservation.region.id, name: reservation.name))
    report(Change(.space, (reservation.bound?.id ?? reservation.region.id)))
  }
}

extension Reservation {
  /// What the range was taken from, for a sentence.
  var container: String {
    if let bound { "bound '\(bound.name)'" } else { "region '\(region.name)'" }
  }
}
