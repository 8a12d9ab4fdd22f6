internal import PageTables

extension Engine {
  /// Programs a device with the table of a region, which is complete at that moment: `vcm_activate`.
  ///
  /// - Throws: `alreadyActive` (EBUSY); `deviceTaken` (EBUSY) if the device walks another table, naming its
  ///   region; `noDevice` (ENODEV) if the device has no format; `outOfTableMemory` (ENOMEM);
  ///   `hardwareFailure` (EIO); `misaligned`, `notContiguous` (EINVAL) or `addressTooWide` (ERANGE) if
  ///   something backed cannot be mapped in the format; `noSuchObject` (ENOENT).
  /// - Complexity: O(entries) for the first association that needs a table, else O(1).
  public func activate(_ association: Association) throws(VCMError) {
    try requireLive(association.isLive, "association", association.device.name)
    try switchOn(association)
    reportActivation(of: association)
  }

  /// Takes the table away from a device: `vcm_deactivate`.
  ///
  /// What is backed stays so, and is mapped again at the next activation.
  ///
  /// - Throws: `notActive` (ENOENT); `activeAssociation` (EBUSY) for the processor of a prebuilt region;
  ///   `noSuchObject` (ENOENT).
  /// - Complexity: O(tables) for the last association that uses the table, else O(1).
  public func deactivate(_ association: Association) throws(VCMError) {
    try requireLive(association.isLive, "association", association.device.name)
    guard association.isActive else {
      throw VCMError(.notActive, "\(association.title) is not active")
    }
    guard !association.isImplied else {
      throw VCMError(
        .activeAssociation,
        "\(association.title) cannot be deactivated: a processor always sees its prebuilt regions")
    }
    switchOff(association)
    reportActivation(of: association)
  }

  /// Activates or deactivates all associations of a region, all of them or none.
  ///
  /// Those that are so already stay; so does the one of a prebuilt region with the processor.
  ///
  /// - Throws: the errors of ``activate(_:)``; `notActive` (ENOENT) if there is no association to activate.
  public func setActive(_ isActive: Bool, of region: Region) throws(VCMError) {
    try requireLive(region.isLive, "region", region.name)
    if isActive, region.associations.isEmpty {
      throw VCMError(.notActive, "region '\(region.name)' has no association to activate")
    }
    let changed = region.associations.filter { $0.isActive != isActive && !$0.isImplied }
    for (index, association) in changed.enumerated() {
      guard isActive else {
        switchOff(association)
        continue
      }
      do {
        try switchOn(association)
      } catch {
        for earlier in changed[..<index].reversed() { switchOff(earlier) }
        throw error
      }
    }
    for association in changed { reportActivation(of: association) }
    if !changed.isEmpty { report(Change(.attributes, region.id)) }
  }

  /// Activates without telling the observer.
  func switchOn(_ association: Association) throws(VCMError) {
    let device = association.device
    guard !association.isActive else {
      throw VCMError(
        .alreadyActive,
        "\(association.title) is active already"
      )
    }
    try device.model.check(association, beside: device.activeAssociations)
    if device.model.seesPhysicalAddresses {
      try checkVisibility(of: association.region, to: device, association.attributes)
    }
    if device.model.walksTables { association.regionTable = try acquireTable(for: association) }
    do {
      try requireMemory()
      try device.model.activate(association, root: association.regionTable?.table.root)
    } catch {
      releaseTable(of: association)
      throw error
    }
    association.isActive = true
    device.activeAssociations.insertByAge(association)
  }

  /// Deactivates without telling the observer.
  func switchOff(_ association: Association) {
    association.device.model.deactivate(association)
    association.isActive = false
    association.device.activeAssociations.removeByAge(association)
    releaseTable(of: association)
  }

  /// The table for an association: the one that another association has, or a new one with all that is
  /// backed.
  private func acquireTable(for association: Association) throws(VCMError) -> RegionTable {
    let device = association.device
    guard let format = device.tableFormat, let name = device.formatName else {
      throw VCMError(.noDevice, "device '\(device.name)' has no page-table format; set its format first")
    }
    let region = association.region
    let key = RegionTable.Key(
      format: name, configuration: device.tableConfiguration(association.attributes, reaching: region.last))
    if let shared = region.tables.first(where: { $0.key == key }) {
      shared.userCount += 1
      return shared
    }
    let table = try makeTable(format, key)
    do {
      try fill(table, from: region)
    } catch {
      table.table.destroy()
      throw error
    }
    table.userCount = 1
    region.tables.append(table)
    return table
  }

  private func makeTable(
    _ format: any FormatEntry, _ key: RegionTable.Key
  ) throws(VCMError) -> RegionTable {
    do {
      let table = try format.makeTable(configuration: key.configuration, tableMemory: tableMemory)
      return RegionTable(key: key, table: table)
    } catch {
      throw VCMError(error).attempting("making a table of format \(key.format)")
    }
  }

  /// Maps everything that is backed.
  private func fill(_ table: RegionTable, from region: Region) throws(VCMError) {
    guard region.backedCount > 0 else { return }
    var address: UInt64? = region.start
    while let from = address, let reservation = region.firstReservation(from: from) {
      if reservation.isBacked {
        do {
          try table.map(reservation.mapping(attributes: reservation.attributes))
        } catch {
          throw error.attempting("reservation '\(reservation.name)'")
        }
      }
      address = reservation.last == .max ? nil : reservation.last + 1
    }
  }

  /// Lets go of an association's table, which goes with its last user.
  private func releaseTable(of association: Association) {
    guard let table = association.regionTable else { return }
    association.regionTable = nil
    table.userCount -= 1
    if table.userCount == 0 {
      association.region.tables.removeAll { $0 === table }
      table.table.destroy()
    }
  }

  func reportActivation(of association: Association) {
    report(
      Change(
        association.isActive ? .activated : .deactivated, association.id, parent: association.region.id,
        other: association.device.id, name: association.device.name))
    report(
      Change(.tables, association.id, parent: association.region.id, other: association.device.id))
  }

  /// Tells the observer that the tables of all active associations of a region changed.
  func reportTables(of region: Region) {
    guard observer != nil else { return }
    for association in region.associations where association.regionTable != nil {
      report(
        Change(.tables, association.id, parent: region.id, other: association.device.id))
    }
  }
}

extension Engine {
  /// Lets the platform's first processor see a prebuilt region from now on.
  func addImpliedAssociation(to region: Region) throws(VCMError) {
    guard let processor = firstProcessor else {
      throw VCMError(.noDevice, "a prebuilt region needs a device of type cpu, and there is none")
    }
    let visibility = try checkVisibility(of: region, to: processor, nil)
    let association = Association(
      id: makeID(.association), region: region, device: processor, visibility, isImplied: true)
    try switchOn(association)
    attach(association)
  }

  /// Takes the association away that a prebuilt region has by itself.
  func removeImplied(_ association: Association) {
    switchOff(association)
    detach(association)
    report(
      Change(
        .removed, association.id, parent: association.region.id, other: association.device.id,
        name: association.device.name))
  }

  /// The oldest device that is a processor.
  private var firstProcessor: Device? {
    var device = firstDevice(after: nil)
    while let found = device {
      if found.kind == .cpu { return found }
      device = firstDevice(after: found.id)
    }
    return nil
  }
}
