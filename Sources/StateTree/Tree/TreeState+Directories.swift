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
    guard case .directory = declared.declaration.behaviour else {
      throw VCMError(.notADirectory, "\(declared.declaration.name) is no directory")
    }
    leases.note(directory)
    func hand(_ name: String, _ id: NodeID, _ cookie: UInt64) -> Bool {
      guard let attributes = entryAttributes(of: id, wantsAttributes, caller) else { return true }
      return body(DirectoryEntry(name: name, attributes: attributes, cookie: cookie))
    }
    if cookie < Cookie.dot, !hand(".", directory, Cookie.dot) { return }
    if cookie < Cookie.dotDot, !hand("..", parent(of: directory, subject, declared), Cookie.dotDot) { return }
    for (index, place) in declared.children.enumerated() {
      let own = Cookie.firstNode + UInt64(index)
      let id = directory.sibling(place)
      guard cookie < own, isThere(id, subject, place),
        let node = Catalogue.shared.node(subject.family, place)
      else { continue }
      if !hand(node.declaration.name, id, own) { return }
    }
    guard let members = declared.members else { return }
    let key = cookie < Cookie.members ? 0 : cookie - Cookie.members
    members.forEach(in: subject, after: key, self) { member in
      hand(member.name, member.id, Cookie.members + member.key)
    }
  }

  /// The attributes of an entry, or only its number and kind; nil of what cannot be shown any more.
  private func entryAttributes(of id: NodeID, _ isWhole: Bool, _ caller: Caller) -> NodeAttributes? {
    if isWhole { return try? giveAttributes(of: id, caller) }
    guard let kind = Catalogue.shared.node(Family(of: id), id.place)?.kind else { return nil }
    return NodeAttributes(
      id: id, kind: kind, permissions: 0, size: 0, blocks: 0, linkCount: 1, userID: 0, groupID: 0,
      modified: Timestamp(seconds: 0), mayBeCached: false)
  }
}
