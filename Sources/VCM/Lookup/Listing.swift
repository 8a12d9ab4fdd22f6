// Walks for listings: each object with the bytes of its name, which lie where they are only until `body` returns.
//
// Nothing is allocated for an object, and a walk is taken up again in O(log n) behind any object, even one that is gone. `body`
// must change nothing.

extension Region {
  /// Calls `body` with the reservations that begin at `address` or above, in the order of addresses, until it returns false.
  ///
  /// Those in bounds are among them. O(log n) for every 64.
  public func forEachReservation(
    from address: UInt64, _ body: (Reservation, UnsafeRawBufferPointer) -> Bool
  ) {
    _ = space.forEachOccupant(from: address) { word in
      switch Occupant(word) {
      case .reservation(let reservation):
        reservation.address < address || reservation.withNameBytes { body(reservation, $0) }
      case .bound(let bound):
        bound.space?.forEachOccupant(from: address) { word in
          guard let reservation = Occupant(word).reservation else { return true }
          return reservation.address < address || reservation.withNameBytes { body(reservation, $0) }
        } ?? true
      }
    }
  }
}

extension Engine {
  /// Calls `body` with the regions that are younger than the one with `id`, oldest first, until it returns false.
  ///
  /// Nil begins with the oldest of all; the region with the id need not exist any more. O(log n), and a step for each.
  public func forEachRegion(after id: ObjectID?, _ body: (Region, UnsafeRawBufferPointer) -> Bool) {
    regions.forEach(from: (id?.serial ?? 0) + 1) { region in region.withNameBytes { body(region, $0) } }
  }

  /// The same for devices.
  public func forEachDevice(after id: ObjectID?, _ body: (Device, UnsafeRawBufferPointer) -> Bool) {
    devices.forEach(from: (id?.serial ?? 0) + 1) { device in device.withNameBytes { body(device, $0) } }
  }

  /// The same for physical allocations.
  public func forEachAllocation(
    after id: ObjectID?, _ body: (PhysicalAllocation, UnsafeRawBufferPointer) -> Bool
  ) {
    allocations.forEach(from: (id?.serial ?? 0) + 1) { allocation in
      allocation.withNameBytes { body(allocation, $0) }
    }
  }
}
