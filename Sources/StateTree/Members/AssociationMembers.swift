internal import VCM

/// The associations of a region by the names of their devices: its directories in `associations`.
final class AssociationMembers: MemberList {
  let areDirectories = true
  var declaration: NodeDeclaration { Association.declarations[0] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    Self.association(name, in: subject, state).map { NodeID($0.id, Place.object) }
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {
    for association in Region.from(subject)?.associations ?? [] where association.id.rawValue > key {
      guard association.device.name.withNameBytes({ body(MemberEntry($0, .association(association))) }) else {
        return
      }
    }
  }

  func count(in subject: Subject, _ state: TreeState) -> UInt64 {
    UInt64(Region.from(subject)?.associations.count ?? 0)
  }

  func makeDirectory(_ name: String, in subject: Subject, _ state: TreeState) throws(VCMError) -> NodeID {
    throw .forbidden("an association is made by a link: ln -s devices/DEVICE vcms/\(subject.name)/devices/")
  }

  func removeDirectory(_ member: Subject, _ state: TreeState) throws(VCMError) {
    try state.engine.dissociate(Association.of(member))
  }

  /// The association of a region with the device that has this name.
  static func association(_ name: String, in subject: Subject, _ state: TreeState) -> Association? {
    guard let region = Region.from(subject), let device = state.engine.device(named: name) else { return nil }
    return region.associations.first { $0.device === device }
  }
}
