internal import VCM

/// The devices in `devices`.
final class DeviceMembers: MemberList {
  let areDirectories = true
  var declaration: NodeDeclaration { Device.declarations[0] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    state.engine.device(named: name).map { NodeID($0.id, Place.object) }
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {
    state.engine.forEachDevice(after: ObjectID(rawValue: key)) { device, name in
      body(MemberEntry(name, .device(device)))
    }
  }

  func count(in subject: Subject, _ state: TreeState) -> UInt64 { UInt64(state.engine.deviceCount) }

  func makeDirectory(_ name: String, in subject: Subject, _ state: TreeState) throws(VCMError) -> NodeID {
    NodeID(try state.engine.addDevice(named: name, kind: .iommu, format: nil).id, Place.object)
  }

  func removeDirectory(_ member: Subject, _ state: TreeState) throws(VCMError) {
    try state.engine.removeDevice(Device.of(member))
  }

  func rename(_ member: Subject, to name: String, _ state: TreeState) throws(VCMError) {
    try state.engine.rename(Device.of(member), to: name)
  }
}
