internal import VCM

/// The cookies of a directory: 1 and 2 stand behind `.` and `..`, the next behind its declared nodes, and those from
/// `members` on are the members' keys.
private enum Cookie {
  static let dot: UInt64 = 1
  static let dotDot: UInt64 = 2
  static let firstNode: UInt64 = 3
  static let members: UInt64 = 128
}

extension TreeState {
  /// Hands out a directory's entries behind a cookie.
  ///
  /// Declared nodes come first, in the order of their declarations: a region's `reservations` before its files, so that
  /// `rm -r` takes down what stands in the way before the rest.
  func readDirectory(
    _ directory: NodeID, after cookie: UInt64, wantsAttributes: Bool, caller: Caller,
    _ body: (DirectoryEntry) -> Bool
  ) throws(VCMError) {
    let (subject, declared) = try resolve(directory)
    guard declared.kind == .directory else {
      throw VCMError(.notADirectory, "\(declared.declaration.name) is no directory")
    }
    leases.note(directory)
    var isNoted = false
    func hand(
      _ name: UnsafeRawBufferPointer, _ id: NodeID, _ subject: Subject, _ node: Catalogue.Node, _ own: UInt64
    ) -> Bool {
      var attributes: NodeAttributes?
      if wantsAttributes {
        attributes = try? giveAttributes(of: id, subject, node, caller)
        // It cannot be shown any more.
        guard let attributes else { return true }
        if attributes.mayBeCached, !isNoted {
          listings.note(directory)
          isNoted = true
        }
      }
      return body(
        DirectoryEntry(nameBytes: name, id: id, kind: node.kind, attributes: attributes, cookie: own))
    }
    func handDots(_ name: String, _ id: NodeID, _ own: UInt64) -> Bool {
      name.withNameBytes {
        body(DirectoryEntry(nameBytes: $0, id: id, kind: .directory, attributes: nil, cookie: own))
      }
    }
    if cookie < Cookie.dot, !handDots(".", directory, Cookie.dot) { return }
    if cookie < Cookie.dotDot, !handDots("..", parent(of: directory, subject, declared), Cookie.dotDot) {
      return
    }
    for (index, place) in declared.children.enumerated() {
      let own = Cookie.firstNode + UInt64(index)
      let id = directory.sibling(place)
      guard cookie < own, isThere(id, subject, place),
        let node = Catalogue.shared.node(subject.family, place)
      else { continue }
      guard node.declaration.name.withNameBytes({ hand($0, id, subject, node, own) }) else { return }
    }
    guard let members = declared.members else { return }
    let key = cookie < Cookie.members ? 0 : cookie - Cookie.members
    // All members of a directory are declared alike.
    var declaredMember: Catalogue.Node?
    members.forEach(in: subject, after: key, self) { member in
      if declaredMember == nil {
        declaredMember = Catalogue.shared.node(member.subject.family, member.id.place)
      }
      guard let node = declaredMember else { return false }
      return hand(member.name, member.id, member.subject, node, Cookie.members + member.key)
    }
  }
}
