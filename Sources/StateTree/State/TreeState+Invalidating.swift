internal import VCM

extension TreeState {
  /// Notes that facets of an object have changed: their files get a new time, and what the kernel may have kept of them
  /// is no longer true.
  func touch(_ subject: Subject, _ facets: Facets) {
    switch subject {
    case .reservation(let reservation): reservation.stamp = now
    case .allocation(let allocation): allocation.stamp = now
    default: times.note(subject.key, facets, at: now)
    }
    // An object with one time looks changed in all of its files.
    let places: UInt64 =
      switch subject {
      case .reservation, .allocation: .max
      default: Catalogue.shared.places(subject.family, showing: facets)
      }
    endLeases(subject.key, places: places)
  }

  /// Notes that one node is not as it was.
  func invalidate(_ node: NodeID) {
    endLeases(node.objectKey, places: 1 << UInt64(node.place & 63))
  }

  /// Notes that the links which name an object are not as they were.
  func touchLinks(naming object: ObjectID) {
    for link in leases.endNaming(NodeID(object, 0).objectKey) {
      note(.changed(link))
      if let listing = listing(with: link) { note(.overtakes(link, listing)) }
    }
  }

  /// Notes that a name is gone, if the kernel may have it.
  func removeName(_ name: String, of child: NodeID, in parent: NodeID) {
    invalidate(child)
    if hasNoted(.changed(child)) { note(.removed(parent: parent, name: name, child: child)) }
  }

  /// Ends all leases of an object that is gone, and forgets what the tree remembered of it.
  func drop(_ object: ObjectID) {
    let key = NodeID(object, 0).objectKey
    endLeases(key, places: .max)
    failures.forget(key)
    times.forget(key)
    if !hidden.isEmpty { hidden[key] = nil }
    if object.kind == .region { views.forget(NodeID(object, Place.regionPicture)) }
    touchLinks(naming: object)
  }

  private func endLeases(_ object: UInt64, places: UInt64) {
    var ended = leases.end(object, places: places)
    while ended != 0 {
      let place = UInt8(ended.trailingZeroBitCount)
      ended &= ended - 1
      let node = NodeID(rawValue: object << 8 | UInt64(place))
      note(.changed(node))
      if let listing = listing(with: node) { note(.overtakes(node, listing)) }
    }
  }
}
