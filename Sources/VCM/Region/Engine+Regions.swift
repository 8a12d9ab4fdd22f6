internal import PhysicalMemory

extension Engine {
  /// Makes a region: `vcm_create`, and for a prebuilt kind `vcm_create_from_prebuilt`.
  ///
  /// - Parameters:
  ///   - name: unique among regions; see ``ObjectName``.
  ///   - start: the first device address, a multiple of 4096.
  ///   - length: bytes, a multiple of 4096, at least 4096.
  ///   - kind: a kernel or user region is at once seen by the platform's first processor.
  /// - Throws: the errors of a name; `nameTaken` (EEXIST); `misaligned`, `invalidLength` (EINVAL);
  ///   `outsideRegion` (EINVAL) for a one-to-one region that is not inside physical memory; `noDevice`
  ///   (ENODEV) for a prebuilt region without a processor; `outOfTableMemory` (ENOMEM).
  /// - Complexity: O(log n).
  @discardableResult
  public func createRegion(
    named name: String, start: UInt64 = 0, length: UInt64 = 4 << 30, kind: RegionKind = .device
  ) throws(VCMError) -> Region {
    try ObjectName.check(name)
    guard regionNames.find(name) == nil else { throw .taken(name, "region") }
    try checkRange(start: start, length: length, kind: kind, pageSize: Region.smallestPage)
    let region = Region(
      id: makeID(.region), name: name, start: start, length: length, kind: kind, workspace: workspace)
    if kind.isPrebuilt { try addImpliedAssociation(to: region) }
    regions.insert(region, at: region.id.serial)
    regionNames.insert(region)
    report(Change(.created, region.id, name: name))
    for association in region.associations { reportCreation(of: association) }
    return region
  }

  /// Frees a region: `vcm_free`.
  ///
  /// - Throws: `inUse` (EBUSY) while it has reservations, bounds, or associations, active or not, other than
  ///   the one that a prebuilt region has by itself; `noSuchObject` (ENOENT) if it was freed before.
  public func freeRegion(_ region: Region) throws(VCMError) {
    try requireLive(region.isLive, "region", region.name)
    try requireUnused(region, to: "freed")
    for association in region.associations { removeImplied(association) }
    region.isLive = false
    regionNames.remove(region)
    regions.remove(region.id.serial)
    report(Change(.removed, region.id, name: region.name))
  }

  /// Gives a region another name.
  ///
  /// - Throws: the errors of a name; `nameTaken` (EEXIST); `noSuchObject` (ENOENT).
  public func rename(_ region: Region, to name: String) throws(VCMError) {
    try requireLive(region.isLive, "region", region.name)
    try ObjectName.check(name)
    if let holder = regionNames.find(name) {
      if holder === region { return }
      throw .taken(name, "region")
    }
    let old = region.name
    regionNames.remove(region)
    region.name = name
    regionNames.insert(region)
    report(Change(.renamed, region.id, name: old))
  }

  /// Moves the first address of a region that is not in use.
  ///
  /// Its length stays.
  ///
  /// - Throws: `inUse` (EBUSY); `misaligned`, `invalidLength`, `outsideRegion` (EINVAL); `addressTooWide`
  ///   (ERANGE) if the processor of a prebuilt region cannot see the range.
  public func setStart(_ start: UInt64, of region: Region) throws(VCMError) {
    try setRange(of: region, start: start, length: region.length)
  }

  /// Changes the length of a region that is not in use.
  ///
  /// - Throws: as ``setStart(_:of:)``.
  public func setLength(_ length: UInt64, of region: Region) throws(VCMError) {
    try setRange(of: region, start: region.start, length: length)
  }

  /// Changes the kind of a region that is not in use.
  ///
  /// - Throws: `inUse` (EBUSY); `outsideRegion` (EINVAL) for a one-to-one region that is not inside physical
  ///   memory; `noDevice` (ENODEV) for a prebuilt region without a processor; `outOfTableMemory` (ENOMEM).
  public func setKind(_ kind: RegionKind, of region: Region) throws(VCMError) {
    try requireLive(region.isLive, "region", region.name)
    if region.kind == kind { return }
    try requireUnused(region, to: "given another type")
    try checkRange(start: region.start, length: region.length, kind: kind, pageSize: Region.smallestPage)
    if kind.isPrebuilt, !region.kind.isPrebuilt { try addImpliedAssociation(to: region) }
    if !kind.isPrebuilt {
      for association in region.associations { removeImplied(association) }
    } else if !region.kind.isPrebuilt {
      for association in region.associations { reportCreation(of: association) }
    }
    region.kind = kind
    report(Change(.attributes, region.id))
  }

  /// Moves and resizes a region that is not in use.
  func setRange(of region: Region, start: UInt64, length: UInt64) throws(VCMError) {
    try requireLive(region.isLive, "region", region.name)
    try requireUnused(region, to: "moved or resized")
    if region.start == start, region.length == length { return }
    try checkRange(start: start, length: length, kind: region.kind, pageSize: region.minimumPageSize)
    for association in region.associations {
      try checkTranslation(of: association.device, association.attributes, start: start, length: length)
    }
    region.start = start
    region.length = length
    region.space = AddressSpace(first: start, length: length, workspace: workspace)
    report(Change(.attributes, region.id))
  }

  private func requireUnused(_ region: Region, to purpose: String) throws(VCMError) {
    guard region.isInUse else { return }
    let user: String
    if let association = region.associations.first(where: { !$0.isImplied }) {
      user = "is associated with device '\(association.device.name)'"
    } else if let bound = region.bounds.first {
      user = "has the bound '\(bound.name)'"
    } else {
      let name = region.firstReservation(from: region.start)?.name ?? ""
      user = "has \(region.reservationCount) reservations, the first is '\(name)'"
    }
    throw VCMError(.inUse, "region '\(region.name)' \(user), so that it cannot be \(purpose)")
  }

  /// Refuses a range that a region of a kind cannot have.
  private func checkRange(
    start: UInt64, length: UInt64, kind: RegionKind, pageSize: UInt64
  ) throws(VCMError) {
    guard start % pageSize == 0 else {
      throw VCMError(.misaligned, "the start \(hex(start)) is not a multiple of \(pageSize)")
    }
    guard length >= pageSize else {
      throw VCMError(.invalidLength, "the length \(length) is less than the smallest page, \(pageSize)")
    }
    try length.requireMultiple(of: pageSize, "length")
    guard AddressRange(first: start, length: length) != nil else {
      throw VCMError(
        .invalidLength, "a length of \(length) from \(hex(start)) on passes the end of the address space")
    }
    if kind == .oneToOne { try requirePhysicalMemory(start: start, length: length) }
  }

  /// Refuses a range that is not all physical memory.
  private func requirePhysicalMemory(start: UInt64, length: UInt64) throws(VCMError) {
    var position = start
    var rest = length
    while rest > 0 {
      let bytes = memory.contiguousBytes(from: position, limit: rest)
      guard bytes > 0 else {
        throw VCMError(
          .outsideRegion,
          "a one-to-one region must lie inside physical memory, but there is none at \(hex(position))")
      }
      position &+= bytes
      rest -= bytes
    }
  }
}
