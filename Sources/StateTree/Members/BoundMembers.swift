internal import VCM

/// The bounds of a region.
final class BoundMembers: MemberList {
  let areDirectories = true
  var declaration: NodeDeclaration { Bound.declarations[0] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    Region.from(subject)?.bound(named: name).map { NodeID($0.id, Place.object) }
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {
    for bound in Region.from(subject)?.allBounds ?? [] where bound.id.rawValue > key {
      guard bound.name.withNameBytes({ body(MemberEntry($0, .bound(bound))) }) else { return }
    }
  }

  func count(in subject: Subject, _ state: TreeState) -> UInt64 {
    UInt64(Region.from(subject)?.allBounds.count ?? 0)
  }

  func makeDirectory(_ name: String, in subject: Subject, _ state: TreeState) throws(VCMError) -> NodeID {
    NodeID(try state.engine.createBound(named: name, in: Region.of(subject)).id, Place.object)
  }

  func removeDirectory(_ member: Subject, _ state: TreeState) throws(VCMError) {
    try state.engine.freeBound(Bound.of(member))
  }

  func rename(_ member: Subject, to name: String, _ state: TreeState) throws(VCMError) {
    try state.engine.rename(Bound.of(member), to: name)
  }
}
