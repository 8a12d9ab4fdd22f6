extension Engine {
  /// Makes a bound without a range yet.
  ///
  /// ``setLength(_:of:)-(UInt64,Bound)`` gives it one.
  ///
  /// - Throws: the errors of a name; `nameTaken` (EEXIST); `noSuchObject` (ENOENT) for a region that was
  ///   freed.
  @discardableResult
  public func createBound(named name: String, in region: Region) throws(VCMError) -> Bound {
    try requireLive(region.isLive, "region", region.name)
    try ObjectName.check(name)
    guard region.bound(named: name) == nil else { throw .taken(name, "bound") }
    let bound = Bound(id: makeID(.bound), region: region, name: name)
    bounds.insert(bound, at: bound.id.serial)
    region.bounds.append(bound)
    report(Change(.created, bound.id, parent: region.id, name: name))
    return bound
  }

  /// Gives a bound a range of its region, at the lowest address that is free: `vcm_create_bound`.
  ///
  /// Length 0 gives the range back.
  ///
  /// - Throws: `inUse` (EBUSY) with reservations inside; `invalidLength` (EINVAL); `outOfAddressSpace`
  ///   (ENOMEM); `noSuchObject` (ENOENT).
  public func setLength(_ length: UInt64, of bound: Bound) throws(VCMError) {
    try requireLive(bound.isLive, "bound", bound.name)
    if bound.length == length { return }
    try requireEmpty(bound, to: "resized")
    let region = bound.region
    guard length <= region.length else {
      throw VCMError(
        .invalidLength, "the length \(length) is above that of region '\(region.name)', \(region.length)")
    }
    try length.requireMultiple(of: region.minimumPageSize, "length")
    let old = bound.start
    if let old { region.space.release(first: old) }
    if length == 0 {
      (bound.start, bound.length, bound.space) = (nil, 0, nil)
    } else {
      let order = region.minimumPageSize.trailingZeroBitCount
      let start = region.space.reserve(length: length, alignmentOrder: order, occupant: Occupant.word(bound))
      guard let start else {
        let largest = region.space.largestFree
        if let old {
          _ = region.space.claim(first: old, length: bound.length, occupant: Occupant.word(bound))
        }
        throw VCMError(
          .outOfAddressSpace,
          "no free range of \(length) bytes in region '\(region.name)'; the largest has \(largest)")
      }
      (bound.start, bound.length) = (start, length)
      bound.space = AddressSpace(first: start, length: length, workspace: workspace)
    }
    report(Change(.attributes, bound.id, parent: region.id))
    report(Change(.space, region.id))
  }

  /// Gives a bound another name.
  ///
  /// - Throws: the errors of a name; `nameTaken` (EEXIST); `noSuchObject` (ENOENT).
  public func rename(_ bound: Bound, to name: String) throws(VCMError) {
    try requireLive(bound.isLive, "bound", bound.name)
    try ObjectName.check(name)
    if let holder = bound.region.bound(named: name) {
      if holder === bound { return }
      throw .taken(name, "bound")
    }
    let old = bound.name
    bound.name = name
    report(Change(.renamed, bound.id, parent: bound.region.id, name: old))
  }

  /// Frees a bound and its range: `vcm_free_bound`.
  ///
  /// - Throws: `inUse` (EBUSY) with reservations inside; `noSuchObject` (ENOENT).
  public func freeBound(_ bound: Bound) throws(VCMError) {
    try requireLive(bound.isLive, "bound", bound.name)
    try requireEmpty(bound, to: "freed")
    let region = bound.region
    if let start = bound.start { region.space.release(first: start) }
    bound.isLive = false
    bound.space = nil
    region.bounds.removeAll { $0 === bound }
    bounds.remove(bound.id.serial)
    report(Change(.removed, bound.id, parent: region.id, name: bound.name))
    report(Change(.space, region.id))
  }

  private func requireEmpty(_ bound: Bound, to purpose: String) throws(VCMError) {
    guard bound.reservationCount > 0 else { return }
    let first = bound.space?.firstEntry(from: bound.start ?? 0).flatMap { Occupant($0.occupant).reservation }
    throw VCMError(
      .inUse,
      "bound '\(bound.name)' has \(bound.reservationCount) reservations, first '\(first?.name ?? "")', "
        + "so that it cannot be \(purpose)")
  }
}

extension Region {
  /// The bounds, oldest first.
  public var allBounds: [Bound] { bounds }

  /// Lets go of all references to other objects.
  func breakCycles() {
    associations = []
    bounds = []
    tables = []
  }
}
