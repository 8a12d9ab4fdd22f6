internal import VCM

/// The links to the devices of a region, in `devices`.
final class DeviceLinkMembers: MemberList {
  let areDirectories = false
  var declaration: NodeDeclaration { Association.declarations[1] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    AssociationMembers.association(name, in: subject, state).map { NodeID($0.id, Place.deviceLink) }
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {
    for association in Region.from(subject)?.associations ?? [] where association.id.rawValue > key {
      guard
        association.device.name.withNameBytes({
          body(MemberEntry($0, .association(association), Place.deviceLink))
        })
      else { return }
    }
  }

  func count(in subject: Subject, _ state: TreeState) -> UInt64 {
    UInt64(Region.from(subject)?.associations.count ?? 0)
  }

  func makeDirectory(_ name: String, in subject: Subject, _ state: TreeState) throws(VCMError) -> NodeID {
    throw .forbidden("a device is associated by a link: ln -s devices/DEVICE vcms/\(subject.name)/devices/")
  }

  func makeLink(
    _ name: String, to target: String, in subject: Subject, _ state: TreeState
  ) throws(VCMError) -> NodeID {
    let region = try Region.of(subject)
    let deviceName = try LinkPath.name(in: "devices", of: target)
    guard let device = state.engine.device(named: deviceName) else {
      throw .missing("there is no device \(Number.quoted(deviceName)) in devices")
    }
    guard name == device.name else {
      throw .invalid(
        "the link must be named \(Number.quoted(device.name)) as its device, not \(Number.quoted(name))")
    }
    return NodeID(try state.engine.associate(region, with: device).id, Place.deviceLink)
  }
}
