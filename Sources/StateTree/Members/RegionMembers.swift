internal import VCM

/// The regions in `vcms`.
final class RegionMembers: MemberList {
  let areDirectories = true
  var declaration: NodeDeclaration { Region.declarations[0] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    state.engine.region(named: name).map { NodeID($0.id, Place.object) }
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {
    state.engine.forEachRegion(after: ObjectID(rawValue: key)) { region, name in
      body(MemberEntry(name, .region(region)))
    }
  }

  func count(in subject: Subject, _ state: TreeState) -> UInt64 { UInt64(state.engine.regionCount) }

  func makeDirectory(_ name: String, in subject: Subject, _ state: TreeState) throws(VCMError) -> NodeID {
    NodeID(try state.engine.createRegion(named: name).id, Place.object)
  }

  func removeDirectory(_ member: Subject, _ state: TreeState) throws(VCMError) {
    try state.engine.freeRegion(Region.of(member))
  }

  func rename(_ member: Subject, to name: String, _ state: TreeState) throws(VCMError) {
    try state.engine.rename(Region.of(member), to: name)
  }
}
