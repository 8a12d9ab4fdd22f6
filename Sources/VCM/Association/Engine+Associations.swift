internal import PageTables

extension Engine {
  /// Lets a device see a region, once the association is activated: `vcm_assoc`.
  ///
  /// Without `attributes` the association is that of the low base, or of the high base where only that holds the region.
  ///
  /// - Throws: `alreadyAssociated` (EEXIST) for the same device twice; `addressTooWide` (ERANGE) for a region
  ///   that the format cannot translate; `notExpressible` (EINVAL) for a reservation whose attributes the
  ///   format lacks; `misaligned` (EINVAL) for a reservation that does not fit the format's smallest page;
  ///   `notContiguous` (EINVAL) for a backed reservation that a one-to-one device would see elsewhere;
  ///   `invalidAttribute` (EINVAL) for a split that the format does not have; `noSuchObject` (ENOENT).
  /// - Complexity: O(associations of the region), and O(reservations) for a one-to-one device or a larger
  ///   page.
  @discardableResult
  public func associate(
    _ region: Region, with device: Device, attributes: AssociationAttributes? = nil
  ) throws(VCMError) -> Association {
    try requireLive(region.isLive, "region", region.name)
    try requireLive(device.isLive, "device", device.name)
    guard region.association(with: device) == nil else {
      throw VCMError(
        .alreadyAssociated, "region '\(region.name)' is associated with device '\(device.name)' already")
    }
    let visibility = try checkVisibility(of: region, to: device, attributes)
    let association = Association(
      id: makeID(.association), region: region, device: device, visibility, isImplied: false)
    attach(association)
    reportCreation(of: association)
    return association
  }

  /// Takes an association away: `vcm_deassoc`.
  ///
  /// - Throws: `activeAssociation` (EBUSY) while it is active; `noSuchObject` (ENOENT).
  public func dissociate(_ association: Association) throws(VCMError) {
    try requireLive(association.isLive, "association", association.device.name)
    try requireInactive(association, to: "removed")
    detach(association)
    report(
      Change(
        .removed, association.id, parent: association.region.id, other: association.device.id,
        name: association.device.name))
  }

  /// Changes the attributes of an inactive association: `vcm_set_assoc_attr`.
  ///
  /// - Throws: `activeAssociation` (EBUSY) while it is active; the errors of
  ///   ``associate(_:with:attributes:)`` for attributes that the format does not have.
  public func setAttributes(
    _ attributes: AssociationAttributes, of association: Association
  ) throws(VCMError) {
    try requireLive(association.isLive, "association", association.device.name)
    try requireInactive(association, to: "given other attributes")
    if association.attributes == attributes { return }
    association.see(by: try checkVisibility(of: association.region, to: association.device, attributes))
    association.region.updateMinimumPageSize()
    report(Change(.attributes, association.id, parent: association.region.id))
  }

  private func requireInactive(_ association: Association, to purpose: String) throws(VCMError) {
    if association.isImplied {
      throw VCMError(
        .activeAssociation,
        "the association of \(association.region.kind.rawValue) region '\(association.region.name)' with the "
          + "processor '\(association.device.name)' is always active, so that it cannot be \(purpose)")
    }
    guard association.isActive else { return }
    throw VCMError(
      .activeAssociation,
      "\(association.title) is active; deactivate it before it is \(purpose)")
  }

  /// Refuses an association whose device could not see all of the region as it is, with these attributes or, of nil, with those
  /// that suit the region (``translation(of:by:_:)``).
  @discardableResult
  func checkVisibility(
    of region: Region, to device: Device, _ attributes: AssociationAttributes?
  ) throws(VCMError) -> Visibility {
    if device.model.seesPhysicalAddresses { try requireIdentities(in: region, for: device) }
    let (attributes, configuration) = try translation(of: region, by: device, attributes)
    guard let format = device.tableFormat, let configuration else {
      return Visibility(attributes: attributes, smallestPage: 0)
    }
    do {
      for combination in region.attributeCensus.combinations {
        try format.check(combination.mapping, configuration: configuration)
      }
      let page = try format.smallestPageSize(for: configuration)
      try requireAlignment(of: region, to: page, for: device)
      return Visibility(attributes: attributes, smallestPage: page)
    } catch let error as PageTableError {
      throw VCMError(error)
    } catch let error as VCMError {
      throw error
    } catch {
      throw VCMError(.invalidArgument, "\(error)")
    }
  }

  /// Refuses a range that a device's format cannot translate.
  ///
  /// - Returns: the configuration that translates it; nil of a device that walks no tables.
  @discardableResult
  func checkTranslation(
    of device: Device, _ attributes: AssociationAttributes, start: UInt64, length: UInt64
  ) throws(VCMError) -> TableConfiguration? {
    guard let format = device.tableFormat else { return nil }
    let configuration = device.tableConfiguration(attributes, reaching: start &+ (length &- 1))
    do {
      try format.checkRange(start: start, length: length, configuration: configuration)
      return configuration
    } catch {
      throw VCMError(error).attempting("format \(device.formatName ?? "") of device '\(device.name)'")
    }
  }

  /// Refuses attributes that the format of an associated device lacks.
  func checkAttributes(_ attributes: ReservationAttributes, in region: Region) throws(VCMError) {
    for association in region.associations {
      guard let format = association.device.tableFormat else { continue }
      do {
        try format.check(
          attributes.mapping, configuration: association.device.tableConfiguration(association.attributes))
      } catch {
        throw VCMError(error)
      }
    }
  }

  private func requireAlignment(
    of region: Region, to page: UInt64, for device: Device
  ) throws(VCMError) {
    guard page > region.minimumPageSize else { return }
    let attempt = "the smallest page of device '\(device.name)' is \(page)"
    guard region.start % page == 0, region.length % page == 0 else {
      throw VCMError(
        .misaligned, "\(attempt), of which the region's start and length are not multiples")
    }
    var address: UInt64? = region.start
    while let from = address, let reservation = region.firstReservation(from: from) {
      guard reservation.address % page == 0, reservation.length % page == 0 else {
        throw VCMError(
          .misaligned,
          "\(attempt), of which address and length of reservation '\(reservation.name)' are not multiples")
      }
      address = reservation.last == .max ? nil : reservation.last + 1
    }
  }

  private func requireIdentities(in region: Region, for device: Device) throws(VCMError) {
    guard region.backedCount > 0 else { return }
    var address: UInt64? = region.start
    while let from = address, let reservation = region.firstReservation(from: from) {
      if reservation.isBacked {
        try reservation.mapping(attributes: reservation.attributes)
          .requireIdentity(because: "device '\(device.name)' is one-to-one")
      }
      address = reservation.last == .max ? nil : reservation.last + 1
    }
  }

  /// Makes an association part of its region and device.
  func attach(_ association: Association) {
    associations.insert(association, at: association.id.serial)
    association.region.associations.insertByAge(association)
    association.device.associations.insertByAge(association)
    association.region.updateMinimumPageSize()
  }

  /// Takes an association out of its region and device.
  func detach(_ association: Association) {
    association.isLive = false
    association.region.associations.removeByAge(association)
    association.device.associations.removeByAge(association)
    association.region.updateMinimumPageSize()
    associations.remove(association.id.serial)
  }

  func reportCreation(of association: Association) {
    report(
      Change(
        .created, association.id, parent: association.region.id, other: association.device.id,
        name: association.device.name))
  }
}

extension Region {
  /// The association with a device, if there is one.
  ///
  /// O(associations).
  public func association(with device: Device) -> Association? {
    associations.first { $0.device === device }
  }

  /// Finds the smallest page anew.
  func updateMinimumPageSize() {
    var largest = Region.smallestPage
    for association in associations { largest = max(largest, association.smallestPage) }
    minimumPageSize = largest
  }
}

extension Device {
  /// The format of the tables that the engine builds for the device; nil if it builds none.
  var tableFormat: (any FormatEntry)? {
    model.walksTables ? namedFormat : nil
  }

  /// How a table for an association is made.
  func tableConfiguration(_ attributes: AssociationAttributes) -> TableConfiguration {
    var configuration = configuration
    configuration.base = attributes.base == .high ? .high : .low
    configuration.split = Int(attributes.split)
    return configuration
  }

  /// How a table for an association is made whose region ends with a device address.
  func tableConfiguration(
    _ attributes: AssociationAttributes, reaching lastDeviceAddress: UInt64
  ) -> TableConfiguration {
    let configuration = tableConfiguration(attributes)
    return tableFormat?.configuration(configuration, reaching: lastDeviceAddress) ?? configuration
  }
}
