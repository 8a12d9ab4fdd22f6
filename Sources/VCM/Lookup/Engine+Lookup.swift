internal import PageTables

/// A place in a buffer, found from a physical address.
public struct PhysicalPlace {
  /// The buffer.
  public let allocation: PhysicalAllocation
  /// Which of its bytes.
  public let offset: UInt64
}

extension Engine {
  /// The buffers over a physical address: the one that owns the memory first, then those that wrap it, oldest
  /// first.
  ///
  /// - Complexity: O(log n + log runs of the buffer), and O(log n) for each wrapped range that is found.
  public func places(at physicalAddress: UInt64) -> [PhysicalPlace] {
    var found: [PhysicalPlace] = []
    if let entry = owners.entry(containing: physicalAddress), let owner = Self.owner(entry.occupant),
      !owner.isWrapped, let offset = owner.runs.offset(of: physicalAddress)
    {
      found.append(PhysicalPlace(allocation: owner, offset: offset))
    }
    for wrapper in wrappedRanges.over(physicalAddress) {
      if let offset = wrapper.runs.offset(of: physicalAddress) {
        found.append(PhysicalPlace(allocation: wrapper, offset: offset))
      }
    }
    return found
  }

  /// Calls `body` with every reservation over a physical address, and the device address of that byte in it,
  /// until it gives false: `vcm_get_phys_num_res`, `vcm_get_next_phys_res`.
  ///
  /// - Complexity: that of ``places(at:)``, then O(log n) a reservation.
  public func forEachReservation(
    at physicalAddress: UInt64, _ body: (Reservation, UInt64) -> Bool
  ) {
    // As `places`, without making a list of what is mostly one buffer.
    if let entry = owners.entry(containing: physicalAddress), let owner = Self.owner(entry.occupant),
      !owner.isWrapped, let offset = owner.runs.offset(of: physicalAddress)
    {
      guard Self.forEachUser(of: owner, at: offset, body) else { return }
    }
    for wrapper in wrappedRanges.over(physicalAddress) {
      if let offset = wrapper.runs.offset(of: physicalAddress) {
        guard Self.forEachUser(of: wrapper, at: offset, body) else { return }
      }
    }
  }

  /// Whether `body` gave true for every reservation that a buffer backs.
  private static func forEachUser(
    of allocation: PhysicalAllocation, at offset: UInt64, _ body: (Reservation, UInt64) -> Bool
  ) -> Bool {
    var number: UInt64 = 0
    while let user = allocation.firstUser(from: number) {
      guard body(user.reservation, user.reservation.address &+ offset) else { return false }
      number = user.number + 1
    }
    return true
  }

  /// The physical address behind a device address of a region, by what is backed there, and the reservation.
  ///
  /// - Throws: `fault` (EFAULT) if the address is not reserved, or not backed.
  /// - Complexity: O(log n + log runs).
  public func physicalAddress(
    of deviceAddress: UInt64, in region: Region
  ) throws(VCMError) -> (address: UInt64, reservation: Reservation) {
    guard let reservation = region.reservation(containing: deviceAddress) else {
      throw VCMError(
        .fault, "device address \(hex(deviceAddress)) of region '\(region.name)' is not reserved")
    }
    let offset = deviceAddress - reservation.address
    guard let allocation = reservation.backing, offset < allocation.length,
      let address = allocation.physicalAddress(ofOffset: offset)
    else {
      throw VCMError(
        .fault,
        "device address \(hex(deviceAddress)) of reservation '\(reservation.name)' has no memory behind it")
    }
    return (address, reservation)
  }

  /// The device address in one region of the byte at a device address of another: `vcm_translate`.
  ///
  /// Where several are, the lowest.
  ///
  /// - Throws: `fault` (EFAULT) if nothing is backed at the address, or the byte does not appear in `target`.
  public func translate(
    _ deviceAddress: UInt64, from source: Region, to target: Region
  ) throws(VCMError) -> UInt64 {
    let physical = try physicalAddress(of: deviceAddress, in: source).address
    var lowest: UInt64?
    forEachReservation(at: physical) { reservation, address in
      if reservation.region === target { lowest = min(lowest ?? .max, address) }
      return true
    }
    guard let lowest else {
      throw VCMError(
        .fault, "physical address \(hex(physical)) does not appear in region '\(target.name)'")
    }
    return lowest
  }
}

extension PhysicalAllocation {
  /// The physical address of a byte; nil behind the end.
  ///
  /// O(log runs).
  public func physicalAddress(ofOffset offset: UInt64) -> UInt64? {
    guard offset < length, let run = runs.run(runs.runIndex(ofOffset: offset)) else { return nil }
    return run.address &+ (offset - run.offset)
  }
}
