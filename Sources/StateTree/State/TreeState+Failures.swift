internal import VCM

extension TreeState {
  /// Remembers a failure of a caller about the object of a node, and about that of a name in it.
  func noteFailure(_ error: VCMError, _ caller: Caller, about node: NodeID, named name: String?) {
    var nodes = [node]
    if let name, let named = try? findIfThere(name, in: node) { nodes.append(named) }
    var keys: [UInt64] = []
    for node in nodes where !keys.contains(node.objectKey) {
      guard let subject = try? subject(of: node) else { continue }
      keys.append(subject.key)
      touch(subject, .failure)
    }
    if !keys.contains(0) { touch(.tree, .failure) }
    failures.note(error, by: caller, about: keys)
  }
}
