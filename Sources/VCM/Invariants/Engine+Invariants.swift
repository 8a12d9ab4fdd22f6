internal import PageTables
internal import PhysicalMemory

extension Engine {
  /// What contradicts itself in the engine's state; empty if nothing does.
  ///
  /// For tests: looks at every object, every entry of every address space and every mapped page.
  public func checkInvariants() -> [String] {
    var faults: [String] = []
    var region = firstRegion(after: nil)
    var reservations = 0
    while let found = region {
      check(found, &faults)
      reservations += found.reservationCount
      region = firstRegion(after: found.id)
    }
    if reservations != reservationCount {
      faults.append("\(reservations) reservations in regions, not \(reservationCount)")
    }
    checkAllocations(&faults)
    checkDevices(&faults)
    faults += owners.checkInvariants().map { "owners: \($0)" }
    return faults
  }

  private func check(_ region: Region, _ faults: inout [String]) {
    let title = "region \(region.name)"
    if !region.isLive { faults.append("\(title) is listed but gone") }
    if self.region(named: region.name) !== region { faults.append("\(title) is not found by its name") }
    faults += region.space.checkInvariants().map { "\(title): \($0)" }
    var count = 0
    var backed = 0
    var census = AttributeCensus()
    var reserved: UInt64 = 0
    try? forEachReservation(of: region) { reservation throws(VCMError) in
      count += 1
      backed += reservation.isBacked ? 1 : 0
      census.insert(reservation.attributes)
      if reservation.bound == nil { reserved += reservation.length }
      check(reservation, in: region, &faults)
    }
    for bound in region.bounds {
      reserved += bound.length
      if let space = bound.space { faults += space.checkInvariants().map { "bound \(bound.name): \($0)" } }
    }
    if count != region.reservationCount {
      faults.append("\(title): \(count) entries, count \(region.reservationCount)")
    }
    if backed != region.backedCount {
      faults.append("\(title): \(backed) backed, count \(region.backedCount)")
    }
    if region.length &- reserved != region.freeBytes {
      faults.append("\(title): free is \(region.freeBytes)")
    }
    if region.reservationNames.count != count {
      faults.append("\(title): \(region.reservationNames.count) names")
    }
    for combination in census.combinations
    where census.count(of: combination) != region.attributeCensus.count(of: combination) {
      faults.append("\(title): wrong census of \(combination.rawValue)")
    }
    checkTables(of: region, &faults)
  }

  private func check(_ reservation: Reservation, in region: Region, _ faults: inout [String]) {
    let title = "reservation \(reservation.name) of \(region.name)"
    if reservation.region !== region || !reservation.isLive { faults.append("\(title) is not of its region") }
    if region.reservation(named: reservation.name) !== reservation {
      faults.append("\(title) is not found by name")
    }
    if reservations[reservation.id.serial] !== reservation { faults.append("\(title) is not found by id") }
    if region.reservation(containing: reservation.last) !== reservation {
      faults.append("\(title) is not found")
    }
    guard let allocation = reservation.backing else { return }
    if allocation.user(number: reservation.userNumber) !== reservation || !allocation.isLive {
      faults.append("\(title) is not a user of \(allocation.name)")
    }
    if allocation.length > reservation.length { faults.append("\(title) is shorter than its buffer") }
    for table in region.tables { checkMapping(of: reservation, in: table, &faults) }
  }

  /// Walks the first and last byte of each run of a backed reservation, and the byte after the last one.
  private func checkMapping(of reservation: Reservation, in table: RegionTable, _ faults: inout [String]) {
    let mapping = reservation.mapping(attributes: reservation.attributes)
    var address = reservation.address
    for run in mapping.runs {
      for offset in [0, run.length - 1] {
        guard case .mapped(let output, _, _) = table.table.translate(address + offset),
          output == run.physicalAddress + offset
        else {
          faults.append("\(hex(address + offset)) is not mapped to \(hex(run.physicalAddress + offset))")
          continue
        }
      }
      address &+= run.length
    }
    if reservation.backedLength < reservation.length, case .mapped = table.table.translate(address) {
      faults.append("\(hex(address)) is mapped behind the buffer of \(reservation.name)")
    }
  }

  private func checkTables(of region: Region, _ faults: inout [String]) {
    for table in region.tables {
      let users = region.associations.count { $0.regionTable === table }
      if users != table.userCount || users == 0 {
        faults.append("a table of \(region.name) has \(users) users")
      }
      var bytes: UInt64 = 0
      for leaves in table.table.leafCounts { bytes += leaves.size * UInt64(leaves.count) }
      var expected: UInt64 = 0
      try? forEachReservation(of: region) { reservation throws(VCMError) in
        expected += reservation.backedLength
      }
      if bytes != expected { faults.append("a table of \(region.name) maps \(bytes) bytes, not \(expected)") }
    }
    for association in region.associations {
      if association.regionTable != nil, !association.isActive {
        faults.append("an inactive association has a table")
      }
      if association.isActive, association.device.model.walksTables, association.regionTable == nil {
        faults.append("an active association of \(region.name) has no table")
      }
    }
  }

  private func checkAllocations(_ faults: inout [String]) {
    var owned: UInt64 = 0
    var allocation = firstAllocation(after: nil)
    while let found = allocation {
      if self.allocation(named: found.name) !== found {
        faults.append("buffer \(found.name) is not found by its name")
      }
      found.forEachOwnedRange { owned += $0.length }
      var number: UInt64 = 0
      while let user = found.firstUser(from: number) {
        if user.reservation.backing !== found {
          faults.append("\(found.name) has a user that it does not back")
        }
        number = user.number + 1
      }
      for pinned in found.pinned where !pinned.wrappers.contains(where: { $0 === found }) {
        faults.append("\(found.name) does not pin \(pinned.name)")
      }
      allocation = firstAllocation(after: found.id)
    }
    let taken = memoryTypes.filter { !$0.buddy.orders.contains(EngineTableMemory.smallestOrder) }
      .reduce(0) { $0 + ($1.size - $1.freeBytes) }
    var inBuffers: UInt64 = 0
    for type in memoryTypes where !type.buddy.orders.contains(EngineTableMemory.smallestOrder) {
      forEachOwner(in: type.range) { _, range in inBuffers += range.length }
    }
    if taken != inBuffers { faults.append("\(taken) bytes are taken, but buffers own \(inBuffers)") }
    if (UInt64(1) << 52 &- owners.freePages) << 12 != owned { faults.append("buffers own \(owned) bytes") }
  }

  private func checkDevices(_ faults: inout [String]) {
    var device = firstDevice(after: nil)
    var edges = 0
    while let found = device {
      if self.device(named: found.name) !== found {
        faults.append("device \(found.name) is not found by its name")
      }
      edges += found.associations.count
      for association in found.associations
      where !association.isLive || !association.region.associations.contains(where: { $0 === association }) {
        faults.append("device \(found.name) has an association that its region has not")
      }
      if !found.activeAssociations.elementsEqual(found.associations.filter(\.isActive), by: ===) {
        faults.append("device \(found.name) does not know which of its associations are active")
      }
      if zip(found.associations, found.associations.dropFirst()).contains(where: { $0.id >= $1.id }) {
        faults.append("the associations of device \(found.name) are not in the order of their age")
      }
      device = firstDevice(after: found.id)
    }
    if edges != associationCount {
      faults.append("\(edges) associations of devices, count \(associationCount)")
    }
  }
}
