internal import VCM

extension TreeState {
  /// Remembers a failure of a caller about the objects of some nodes.
  func noteFailure(_ error: VCMError, _ caller: Caller, about nodes: [NodeID]) {
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
