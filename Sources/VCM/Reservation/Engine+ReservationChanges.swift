extension Engine {
  /// Gives a reservation another name.
  ///
  /// - Throws: the errors of a name; `nameTaken` (EEXIST); `noSuchObject` (ENOENT).
  public func rename(_ reservation: Reservation, to name: String) throws(VCMError) {
    try requireLive(reservation.isLive, "reservation", reservation.name)
    try ObjectName.check(name)
    let region = reservation.region
    if let holder = region.reservationNames.find(name) {
      if holder === reservation { return }
      throw .taken(name, "reservation")
    }
    let old = observer == nil ? "" : reservation.name
    region.reservationNames.remove(reservation)
    reservation.storedName = StoredName(name, prefix: Reservation.namePrefix)
    region.reservationNames.insert(reservation)
    report(Change(.renamed, reservation.id, parent: region.id, name: old))
  }

  /// Changes the attributes of a reservation, backed or not: `vcm_set_res_attr`.
  ///
  /// The entries of all tables are rewritten in place: no page is unmapped at any moment, or more permitted
  /// than by the old or by the new attributes.
  ///
  /// - Throws: `notExpressible` (EINVAL) naming the format that lacks an attribute; `hardwareFailure` (EIO);
  ///   `noSuchObject` (ENOENT).
  /// - Complexity: O(log n + entries).
  public func setAttributes(
    _ attributes: ReservationAttributes, of reservation: Reservation
  ) throws(VCMError) {
    try requireLive(reservation.isLive, "reservation", reservation.name)
    let old = reservation.attributes
    if old == attributes { return }
    let region = reservation.region
    try checkAttributes(attributes, in: region)
    if reservation.isBacked { try rewrite(reservation, from: old, to: attributes) }
    region.attributeCensus.remove(old)
    region.attributeCensus.insert(attributes)
    reservation.attributes = attributes
    report(Change(.attributes, reservation.id, parent: region.id))
    if reservation.isBacked { reportTables(of: region) }
  }

  /// Changes the alignment that a reservation is known to have.
  ///
  /// - Throws: `misaligned` (EINVAL) if it is no power of two from 4096 on, or the address is not a multiple
  ///   of it; `noSuchObject` (ENOENT).
  public func setAlignment(_ alignment: UInt64?, of reservation: Reservation) throws(VCMError) {
    try requireLive(reservation.isLive, "reservation", reservation.name)
    if let alignment {
      try checkAlignment(alignment)
      guard reservation.address % alignment == 0 else {
        throw VCMError(
          .misaligned,
          "reservation '\(reservation.name)' lies at \(hex(reservation.address)), which is not a multiple of "
            + "\(alignment)")
      }
    }
    reservation.alignmentOrder = alignment.map { UInt8($0.trailingZeroBitCount) } ?? 0
    report(Change(.attributes, reservation.id, parent: reservation.region.id))
  }

  /// Rewrites the entries of a reservation in every table of its region; all of them or none.
  private func rewrite(
    _ reservation: Reservation, from old: ReservationAttributes, to new: ReservationAttributes
  ) throws(VCMError) {
    let region = reservation.region
    let undo = { (tables: ArraySlice<RegionTable>) in
      for table in tables { try? table.changeAttributes(of: reservation, to: old) }
    }
    for (index, table) in region.tables.enumerated() {
      do {
        try table.changeAttributes(of: reservation, to: new)
      } catch {
        undo(region.tables[..<index])
        throw error
      }
    }
    let mapping = reservation.mapping(attributes: new)
    let active = region.associations.filter(\.isActive)
    for (index, association) in active.enumerated() {
      do {
        try association.device.model.changeAttributes(mapping, in: association)
      } catch {
        undo(region.tables[...])
        let before = reservation.mapping(attributes: old)
        for earlier in active[..<index] {
          try? earlier.device.model.changeAttributes(before, in: earlier)
        }
        throw error
      }
    }
  }
}
