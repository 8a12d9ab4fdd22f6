internal import VCM

/// Hears of the engine's changes in the state's place.
///
/// The engine refers to its observer weakly, and each retain of an object that is referred to so is slow.
final class StateObserver: ChangeObserver {
  private unowned let state: TreeState

  init(_ state: TreeState) {
    self.state = state
  }

  func engineDidChange(_ change: Change) { state.engineDidChange(change) }
}

// Turns what the engine reports into what the kernel must forget, and into times.
extension TreeState {
  func engineDidChange(_ change: Change) {
    generation += 1
    noteEvent(change)
    noteSharing(change)
    switch change.kind {
    case .created: created(change)
    case .removed: removed(change)
    case .renamed: renamed(change)
    case .attributes: valuesChanged(change)
    case .backed, .unbacked: touch(change.object, [.backing, .bytes])
    case .activated, .deactivated: activationChanged(change)
    case .space: touch(change.object, .space)
    case .tables: tablesChanged(change)
    case .users: usersChanged(change)
    case .reset: touch(change.object, .activation)
    }
  }

  /// Keeps account of what is backed, and of buffers that may be mapped more than once.
  private func noteSharing(_ change: Change) {
    switch change.kind {
    case .backed, .unbacked:
      guard let region = change.parent, let buffer = change.other,
        case .reservation(let reservation)? = try? subject(of: change.object),
        case .allocation(let allocation)? = try? subject(of: buffer)
      else { return }
      let length = min(reservation.length, allocation.length)
      let before = backedBytes[region] ?? 0
      backedBytes[region] = change.kind == .backed ? before &+ length : before &- length
    case .users:
      guard case .allocation(let allocation)? = try? subject(of: change.object) else { return }
      if allocation.userCount > 1 {
        sharedAllocations.insert(allocation.id)
      } else {
        sharedAllocations.remove(allocation.id)
      }
    case .created where change.object.kind == .allocation:
      guard case .allocation(let allocation)? = try? subject(of: change.object), allocation.isWrapped else {
        return
      }
      wrappedAllocations.insert(allocation.id)
    case .removed where change.object.kind == .region:
      if !backedBytes.isEmpty { backedBytes[change.object] = nil }
    case .removed where change.object.kind == .allocation:
      sharedAllocations.remove(change.object)
      wrappedAllocations.remove(change.object)
    default: break
    }
  }

  private func touch(_ object: ObjectID, _ facets: Facets) {
    guard let subject = try? subject(of: object) else { return }
    touch(subject, facets)
  }

  private func created(_ change: Change) {
    // Nobody has asked for anything of it yet.
    switch change.object.kind {
    case .region, .device, .association, .bound: times.create(NodeID(change.object, 0).objectKey, at: now)
    case .reservation, .allocation, .memoryType: touch(change.object, [])
    }
    membersChanged(change)
  }

  /// Touches the directories that list an object which came or went.
  private func membersChanged(_ change: Change) {
    switch change.object.kind {
    case .region: touch(.tree, .regions)
    case .device: touch(.tree, .devices)
    case .allocation: touch(.tree, .allocations)
    case .reservation:
      if let region = change.parent { touch(region, [.reservations, .space]) }
    case .association:
      if let region = change.parent { touch(region, [.associations, .activation, .tables]) }
      if let device = change.other { touch(device, [.associations, .tables]) }
      touchTableMemory()
    case .bound:
      if let region = change.parent { touch(region, [.bounds, .space]) }
    case .memoryType: break
    }
  }

  private func removed(_ change: Change) {
    let node = NodeID(change.object, Place.object)
    switch change.object.kind {
    case .region: removeName(change.name, of: node, in: tree(Place.regions))
    case .device: removeName(change.name, of: node, in: tree(Place.devices))
    case .allocation:
      removeName(change.name, of: node, in: tree(Place.allocations))
      memoryBesideBuffersWasWritten()
    case .reservation:
      if let region = change.parent {
        removeName(change.name, of: node, in: NodeID(region, Place.regionReservations))
      }
    case .association: removeNames(ofAssociation: change)
    case .bound:
      if let region = change.parent {
        removeName(change.name, of: node, in: NodeID(region, Place.regionBounds))
      }
    case .memoryType: break
    }
    drop(change.object)
    graves.note(change.object, parent: change.parent, name: change.name)
    if change.object.kind == .device {
      if let desk = faultDesks.removeValue(forKey: change.object) { endWaiting(desk) }
      faultCounts[change.object] = nil
    }
    membersChanged(change)
  }

  /// Takes an association out of the directories that list it.
  private func removeNames(ofAssociation change: Change) {
    guard let region = change.parent, let device = change.other else { return }
    if let name = (try? subject(of: device))?.name {
      // Of an association's own directory the name is not kept.
      invalidate(NodeID(change.object, Place.object))
      removeName(name, of: NodeID(change.object, Place.deviceLink), in: NodeID(region, Place.regionDevices))
    }
    if let name = (try? subject(of: region))?.name {
      removeName(name, of: NodeID(change.object, Place.regionLink), in: NodeID(device, Place.deviceRegions))
    }
  }

  private func renamed(_ change: Change) {
    guard let subject = try? subject(of: change.object) else { return }
    let node = NodeID(change.object, Place.object)
    switch subject {
    case .region(let region):
      removeName(change.name, of: node, in: tree(Place.regions))
      touch(.tree, .regions)
      for association in region.associations {
        let link = NodeID(association.id, Place.regionLink)
        removeName(change.name, of: link, in: NodeID(association.device.id, Place.deviceRegions))
        touch(.device(association.device), [.associations, .tables])
        touch(.association(association), [.values, .tables])
      }
      touch(subject, .tables)
    case .device(let device):
      removeName(change.name, of: node, in: tree(Place.devices))
      touch(.tree, .devices)
      for association in device.associations { renamed(association, from: change.name) }
      touch(subject, .tables)
    case .reservation(let reservation):
      removeName(change.name, of: node, in: NodeID(reservation.region.id, Place.regionReservations))
      touch(.region(reservation.region), .reservations)
      touch(subject, .values)
    case .allocation:
      removeName(change.name, of: node, in: tree(Place.allocations))
      touch(.tree, .allocations)
      touch(subject, .values)
    case .bound(let bound):
      removeName(change.name, of: node, in: NodeID(bound.region.id, Place.regionBounds))
      touch(.region(bound.region), .bounds)
    default: break
    }
    touchLinks(naming: change.object)
  }

  /// An association's names changed, because its device's did.
  private func renamed(_ association: Association, from name: String) {
    let region = association.region.id
    removeName(name, of: NodeID(association.id, Place.deviceLink), in: NodeID(region, Place.regionDevices))
    touch(.region(association.region), [.associations, .tables])
    touch(.association(association), [.values, .tables])
  }

  private func valuesChanged(_ change: Change) {
    guard let subject = try? subject(of: change.object) else { return }
    switch subject {
    // A region that was moved has other space; one of another kind, other associations.
    case .region: touch(subject, [.values, .space, .activation])
    case .bound: touch(subject, [.values, .space])
    case .reservation(let reservation):
      touch(subject, .values)
      if reservation.isBacked { tablesWereRewritten(of: reservation.region) }
    default: touch(subject, .values)
    }
  }

  private func activationChanged(_ change: Change) {
    touch(change.object, [.activation, .tables])
    guard case .association(let association)? = try? subject(of: change.object) else { return }
    touch(.region(association.region), [.activation, .tables])
    touch(.device(association.device), [.activation, .tables])
  }

  private func tablesChanged(_ change: Change) {
    touch(change.object, .tables)
    touchTableMemory()
    guard case .association(let association)? = try? subject(of: change.object) else { return }
    touch(.region(association.region), .tables)
    touch(.device(association.device), .tables)
  }

  /// Tables come from memory types, whose space has changed with them.
  private func touchTableMemory() {
    memoryBesideBuffersWasWritten()
    for memoryType in tableMemoryTypes { touch(.memoryType(memoryType), .space) }
  }

  /// A reservation began or ceased to use a buffer.
  private func usersChanged(_ change: Change) {
    touch(change.object, .users)
    guard let user = change.other else { return }
    let link = NodeID(user, Place.userLink)
    guard let subject = try? subject(of: user), case .reservation(let reservation) = subject,
      reservation.isBacked
    else {
      removeName(String(change.number), of: link, in: NodeID(change.object, Place.allocationUsers))
      return
    }
    invalidate(link)
  }
}
