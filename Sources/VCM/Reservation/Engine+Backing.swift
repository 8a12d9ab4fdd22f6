internal import PageTables

extension Engine {
  /// Puts physical memory behind a reservation: `vcm_back`.
  ///
  /// The allocation's bytes appear at the reservation's device addresses, in the tables of all active
  /// associations at once. A shorter allocation backs the first bytes.
  ///
  /// - Throws: `alreadyBacked` (EALREADY) by the same allocation; `backedByAnother` (EADDRINUSE);
  ///   `tooLongForReservation` (EINVAL); `inactiveAssociation` (EAGAIN) if an association of the region is
  ///   inactive; `notContiguous` (EINVAL) if a one-to-one region or device would see it elsewhere;
  ///   `misaligned` (EINVAL) for chunks below a format's smallest page; `addressTooWide` (ERANGE) for
  ///   physical addresses that a format cannot hold; `outOfTableMemory` (ENOMEM); `hardwareFailure` (EIO);
  ///   `noSuchObject` (ENOENT).
  /// - Complexity: O(log n + chunk runs + entries), for each table.
  public func back(_ reservation: Reservation, with allocation: PhysicalAllocation) throws(VCMError) {
    try checkBacking(reservation, with: allocation)
    let region = reservation.region
    if !region.associations.isEmpty || region.kind == .oneToOne {
      let mapping = DeviceMapping(
        deviceAddress: reservation.address, runs: allocation.outputRuns(limit: reservation.length),
        attributes: reservation.attributes.mapping)
      try requireVisible(mapping, in: region)
      try mapEverywhere(mapping, in: region)
    }
    link(reservation, allocation)
    report(Change(.backed, reservation.id, parent: region.id, other: allocation.id))
    report(Change(.users, allocation.id, other: reservation.id, number: reservation.userNumber))
    if region.isActive { reportTables(of: region) }
  }

  /// Takes the physical memory away from a reservation: `vcm_unback`.
  ///
  /// Needs no activation.
  ///
  /// - Throws: `notBacked` (EINVAL); `hardwareFailure` (EIO) if a table was damaged; `noSuchObject` (ENOENT).
  /// - Complexity: O(log n + entries), for each table.
  public func unback(_ reservation: Reservation) throws(VCMError) {
    try requireLive(reservation.isLive, "reservation", reservation.name)
    guard let allocation = reservation.backing else {
      throw VCMError(.notBacked, "reservation '\(reservation.name)' is not backed")
    }
    let region = reservation.region
    if region.associations.contains(where: \.isActive) {
      let mapping = reservation.mapping(attributes: reservation.attributes)
      try unmapTables(mapping, of: region)
      for association in region.associations where association.isActive {
        association.device.model.unmap(mapping, in: association)
      }
    }
    let number = reservation.userNumber
    unlink(reservation, allocation)
    report(Change(.unbacked, reservation.id, parent: region.id, other: allocation.id))
    report(Change(.users, allocation.id, other: reservation.id, number: number))
    if !region.tables.isEmpty { reportTables(of: region) }
  }

  private func checkBacking(
    _ reservation: Reservation, with allocation: PhysicalAllocation
  ) throws(VCMError) {
    try requireLive(reservation.isLive, "reservation", reservation.name)
    try requireLive(allocation.isLive, "buffer", allocation.name)
    if let backing = reservation.backing {
      if backing === allocation {
        throw VCMError(
          .alreadyBacked, "reservation '\(reservation.name)' is backed by '\(allocation.name)' already")
      }
      throw VCMError(
        .backedByAnother,
        "reservation '\(reservation.name)' is backed by '\(backing.name)'; remove that first")
    }
    guard allocation.length <= reservation.length else {
      throw VCMError(
        .tooLongForReservation,
        "buffer '\(allocation.name)' has \(allocation.length) bytes, more than the \(reservation.length) of "
          + "reservation '\(reservation.name)'")
    }
    if let inactive = reservation.region.associations.first(where: { !$0.isActive }) {
      throw VCMError(
        .inactiveAssociation,
        "\(inactive.title) is inactive; activate it first")
    }
  }

  /// Refuses a mapping that has to lie at its own physical address and does not.
  func requireVisible(_ mapping: DeviceMapping, in region: Region) throws(VCMError) {
    if region.kind == .oneToOne {
      try mapping.requireIdentity(because: "region '\(region.name)' is one-to-one")
    }
    for association in region.associations where association.device.model.seesPhysicalAddresses {
      try mapping.requireIdentity(because: "device '\(association.device.name)' is one-to-one")
    }
  }

  /// Maps in all tables of a region and tells all its devices; all of them or none.
  private func mapEverywhere(_ mapping: DeviceMapping, in region: Region) throws(VCMError) {
    for (index, table) in region.tables.enumerated() {
      do {
        try table.map(mapping)
      } catch {
        for earlier in region.tables[..<index] { try? earlier.unmap(mapping) }
        throw error
      }
    }
    do {
      try requireMemory()
    } catch {
      for table in region.tables { try? table.unmap(mapping) }
      throw error
    }
    for (index, association) in region.associations.enumerated() {
      do {
        try association.device.model.map(mapping, in: association)
      } catch {
        for earlier in region.associations[..<index] { earlier.device.model.unmap(mapping, in: earlier) }
        for table in region.tables { try? table.unmap(mapping) }
        throw error
      }
    }
  }

  private func unmapTables(_ mapping: DeviceMapping, of region: Region) throws(VCMError) {
    for (index, table) in region.tables.enumerated() {
      do {
        try table.unmap(mapping)
      } catch {
        for earlier in region.tables[..<index] { try? earlier.map(mapping) }
        throw error
      }
    }
  }

  private func link(_ reservation: Reservation, _ allocation: PhysicalAllocation) {
    reservation.backing = allocation
    allocation.users.insert(reservation)
    reservation.region.backedCount += 1
  }

  private func unlink(_ reservation: Reservation, _ allocation: PhysicalAllocation) {
    allocation.users.remove(reservation)
    reservation.backing = nil
    reservation.region.backedCount -= 1
  }
}
