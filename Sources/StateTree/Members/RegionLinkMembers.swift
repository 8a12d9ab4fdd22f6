internal import VCM

/// The links back from a device to its regions, in `vcms`.
final class RegionLinkMembers: MemberList {
  let areDirectories = false
  var declaration: NodeDeclaration { Association.declarations[2] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    guard let device = Device.from(subject), let region = state.engine.region(named: name) else { return nil }
    return region.associations.first { $0.device === device }.map { NodeID($0.id, Place.regionLink) }
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {
    let associations = Device.from(subject)?.associations ?? []
    // A device may have as many associations as there are regions: a cookie is found by halving.
    var low = 0
    var high = associations.count
    while low < high {
      let middle = (low + high) / 2
      if associations[middle].id.rawValue <= key { low = middle + 1 } else { high = middle }
    }
    for association in associations[low...] {
      guard
        association.region.name.withNameBytes({
          body(MemberEntry($0, .association(association), Place.regionLink))
        })
      else { return }
    }
  }

  func count(in subject: Subject, _ state: TreeState) -> UInt64 {
    UInt64(Device.from(subject)?.associations.count ?? 0)
  }

  func makeLink(
    _ name: String, to target: String, in subject: Subject, _ state: TreeState
  ) throws(VCMError) -> NodeID {
    throw .forbidden(
      "a region is associated from its side: ln -s devices/\(subject.name) vcms/REGION/devices/")
  }
}
