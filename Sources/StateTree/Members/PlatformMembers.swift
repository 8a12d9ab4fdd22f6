internal import PageTables
internal import VCM

/// The memory types in `memory`.
final class MemoryTypeMembers: MemberList {
  let areDirectories = true
  var declaration: NodeDeclaration { MemoryType.declarations[0] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    state.engine.memoryType(named: name).map { NodeID($0.id, Place.object) }
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {
    for memoryType in state.engine.memoryTypes where memoryType.id.rawValue > key {
      guard memoryType.name.withNameBytes({ body(MemberEntry($0, .memoryType(memoryType))) }) else { return }
    }
  }

  func count(in subject: Subject, _ state: TreeState) -> UInt64 { UInt64(state.engine.memoryTypes.count) }

  func makeDirectory(_ name: String, in subject: Subject, _ state: TreeState) throws(VCMError) -> NodeID {
    throw .forbidden("memory types come with the platform file")
  }
}

/// The formats in `formats`.
final class FormatMembers: MemberList {
  let areDirectories = true
  var declaration: NodeDeclaration { TreeFormat.declarations[0] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    state.formats.first { $0.description.name == name }.map { Subject.format($0).node(Place.object) }
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {
    for format in state.formats where UInt64(format.index) >= key {
      let goesOn = format.description.name.withNameBytes {
        body(MemberEntry($0, .format(format), key: UInt64(format.index) + 1))
      }
      guard goesOn else { return }
    }
  }

  func count(in subject: Subject, _ state: TreeState) -> UInt64 { UInt64(state.formats.count) }

  func makeDirectory(_ name: String, in subject: Subject, _ state: TreeState) throws(VCMError) -> NodeID {
    throw .forbidden("formats come with the program")
  }
}
