internal import VCM

// Unlinking an attribute file hides it, so that `rm -r` gets past it: from the process that did so until that opens the
// directory anew, from everybody else not at all. Who finds that `rm -r` has stopped half-way can go on at once.
extension TreeState {
  /// Whether the node is hidden.
  func isHidden(_ node: NodeID) -> Bool {
    !hidden.isEmpty && (hidden[node.objectKey]?.places ?? 0) >> UInt64(node.place & 63) & 1 == 1
  }

  /// Hides a node.
  func hide(_ node: NodeID, by caller: Caller) {
    hidden[node.objectKey, default: (0, 0)].places |= 1 << UInt64(node.place & 63)
    hidden[node.objectKey]?.process = caller.processID
    if let subject = try? subject(of: node) { touch(subject, .hiding) }
  }

  /// Shows what is hidden in a directory again.
  func unhide(_ subject: Subject, in directory: Catalogue.Node) {
    guard !hidden.isEmpty, let places = hidden[subject.key]?.places else { return }
    let inside = directory.children.reduce(UInt64(0)) { $0 | 1 << UInt64($1 & 63) }
    guard places & inside != 0 else { return }
    hidden[subject.key]?.places = places & ~inside
    if places & ~inside == 0 { hidden[subject.key] = nil }
    touch(subject, .hiding)
  }

  /// Shows what is hidden in a directory again, because it is opened.
  ///
  /// - Throws: `ENOENT` if it is gone, `ENOTDIR` if it is no directory.
  func unhide(in directory: NodeID) throws(VCMError) {
    let (subject, declared) = try resolve(directory)
    guard declared.kind == .directory else {
      throw VCMError(.notADirectory, "\(declared.declaration.name) is no directory")
    }
    unhide(subject, in: declared)
  }

  /// Shows what another process has hidden in a directory again, because this one looks into it.
  func unhide(in directory: NodeID, for caller: Caller) {
    guard !hidden.isEmpty, let entry = hidden[directory.objectKey], entry.process != caller.processID,
      let (subject, declared) = try? resolve(directory)
    else { return }
    unhide(subject, in: declared)
  }
}
