extension Region {
  /// The reservation with this name, in the region or one of its bounds.
  ///
  /// O(1).
  public func reservation(named name: String) -> Reservation? {
    reservationNames.find(name)
  }

  /// The reservation that covers a device address (`vcm_get_res`).
  ///
  /// O(log n).
  public func reservation(containing address: UInt64) -> Reservation? {
    guard let entry = space.entry(containing: address) else { return nil }
    switch Occupant(entry.occupant) {
    case .reservation(let reservation): return reservation
    case .bound(let bound):
      guard let inner = bound.space?.entry(containing: address) else { return nil }
      return Occupant(inner.occupant).reservation
    }
  }

  /// The first reservation, in the order of addresses, that starts at `address` or above
  /// (`vcm_get_next_res`).
  ///
  /// O(log n).
  ///
  /// To walk all reservations, begin at ``start`` and go on at ``Reservation/last`` plus one.
  public func firstReservation(from address: UInt64) -> Reservation? {
    var entry = space.entry(containing: address) ?? space.firstEntry(from: address)
    while let found = entry {
      switch Occupant(found.occupant) {
      case .reservation(let reservation):
        if reservation.address >= address { return reservation }
      case .bound(let bound):
        if let inner = bound.space?.firstEntry(from: address) { return Occupant(inner.occupant).reservation }
      }
      guard found.last < last else { return nil }
      entry = space.firstEntry(from: found.last + 1)
    }
    return nil
  }

  /// The bound with this name.
  ///
  /// O(bounds).
  public func bound(named name: String) -> Bound? {
    bounds.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}
