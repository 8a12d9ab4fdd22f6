internal import VCM

// Unlinking an attribute file hides it until its directory is opened anew, so that `rm -r` gets past it.
extension TreeState {
  /// Whether the node is hidden.
  func isHidden(_ node: NodeID) -> Bool {
    !hidden.isEmpty && (hidden[node.objectKey] ?? 0) >> UInt64(node.place & 63) & 1 == 1
  }

  /// Hides a node.
  func hide(_ node: NodeID) {
    hidden[node.objectKey, default: 0] |= 1 << UInt64(node.place & 63)
  }

  /// Shows what is hidden in a directory again.
  func unhide(_ subject: Subject, in directory: Catalogue.Node) {
    guard !hidden.isEmpty, let places = hidden[subject.key] else { return }
    let inside = directory.children.reduce(UInt64(0)) { $0 | 1 << UInt64($1 & 63) }
    guard places & inside != 0 else { return }
    hidden[subject.key] = places & ~inside == 0 ? nil : places & ~inside
    invalidate(subject.node(directory.place))
  }
}
