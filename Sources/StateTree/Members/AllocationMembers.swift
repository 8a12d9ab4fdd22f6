internal import VCM

/// The buffers in `phys`.
final class AllocationMembers: MemberList {
  let areDirectories = true
  var declaration: NodeDeclaration { PhysicalAllocation.declarations[0] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    state.engine.allocation(named: name).map { NodeID($0.id, Place.object) }
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {
    state.engine.forEachAllocation(after: ObjectID(rawValue: key)) { allocation, name in
      body(MemberEntry(name, .allocation(allocation)))
    }
  }

  func count(in subject: Subject, _ state: TreeState) -> UInt64 { UInt64(state.engine.allocationCount) }

  func makeDirectory(_ name: String, in subject: Subject, _ state: TreeState) throws(VCMError) -> NodeID {
    throw .forbidden("a buffer has a size: write 'SIZE name=\(ObjectNameText.shown(name))' to phys/alloc")
  }

  func removeDirectory(_ member: Subject, _ state: TreeState) throws(VCMError) {
    let allocation = try PhysicalAllocation.of(member)
    try state.memoryGate.closed { () throws(VCMError) in try state.engine.free(allocation) }
  }

  func rename(_ member: Subject, to name: String, _ state: TreeState) throws(VCMError) {
    try state.engine.rename(PhysicalAllocation.of(member), to: name)
  }
}

/// Names inside sentences that a person may copy.
enum ObjectNameText {
  /// The name, or what stands for one that cannot be used.
  static func shown(_ name: String) -> String {
    name.utf8.count <= 64 && !name.contains(where: { $0.isWhitespace || $0.isNewline }) ? name : "NAME"
  }
}
