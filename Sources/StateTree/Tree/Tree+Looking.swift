public import VCM

extension Tree {
  /// Finds a name in a directory.
  ///
  /// - Throws: `ENOENT` if there is none, `ENOTDIR` if the node is no directory.
  /// - Complexity: O(log n) in the members of the directory.
  public func lookup(
    _ name: String, in directory: NodeID, caller: Caller
  ) throws(VCMError) -> NodeAttributes {
    guard let found = try lookupIfThere(name, in: directory, caller: caller) else { throw .unknownName }
    return found
  }

  /// Finds a name in a directory, if it has one.
  ///
  /// That it has none must not be kept: names come into being without a word to the kernel. Most such look-ups are of names
  /// that are about to be made, so that no sentence is made of it.
  ///
  /// - Throws: `ENOENT` if the directory is gone, `ENOTDIR` if the node is no directory.
  /// - Complexity: O(log n) in the members of the directory.
  public func lookupIfThere(
    _ name: String, in directory: NodeID, caller: Caller
  ) throws(VCMError) -> NodeAttributes? {
    let found = try changing(caller) { state throws(VCMError) -> NodeAttributes? in
      state.unhide(in: directory, for: caller)
      guard let id = try state.findIfThere(name, in: directory) else { return nil }
      state.addresses.claim(id)
      return try state.giveAttributes(of: id, caller)
    }
    guard let found, Catalogue.shared.isView(found.id) else { return found }
    return try attributes(of: found.id, caller: caller)
  }

  /// Whether there is such a node.
  public func contains(_ node: NodeID) -> Bool {
    (try? reading { state throws(VCMError) in try state.resolve(node) }) != nil
  }

  /// What `stat` shows of a node.
  ///
  /// - Throws: `ENOENT` if it is gone.
  public func attributes(of node: NodeID, caller: Caller) throws(VCMError) -> NodeAttributes {
    try measure(node)
    return try reading { state throws(VCMError) in try state.giveAttributes(of: node, caller) }
  }

  /// The target of a link: the canonical relative path.
  ///
  /// - Throws: `EINVAL` if the node is no link, `ENOENT` if it is gone.
  public func readLink(_ node: NodeID) throws(VCMError) -> String {
    try reading { state throws(VCMError) in
      let (subject, declared) = try state.resolve(node)
      guard case .link(let link) = declared.declaration.behaviour else {
        throw .invalid("\(declared.declaration.name) is no symbolic link")
      }
      guard let target = link.target(subject, state) else { throw .gone }
      state.lease(node, naming: target)
      return target.path
    }
  }

  /// Notes that a directory is opened: attribute files that were unlinked are seen again.
  ///
  /// Reading it from its beginning does the same.
  ///
  /// - Throws: `ENOENT` if it is gone, `ENOTDIR` if it is no directory.
  public func openDirectory(_ node: NodeID, caller: Caller) throws(VCMError) {
    try changing(caller) { state throws(VCMError) in try state.unhide(in: node) }
  }

  /// Hands out the entries of a directory behind a cookie, in order, until `body` returns false or there are no more.
  ///
  /// `body` runs with the tree locked: it must only copy what it gets. The entry for which it returns false counts as not
  /// taken. An entry that exists during the whole walk is seen exactly once, whatever else comes and goes.
  ///
  /// - Parameters:
  ///   - directory: the directory.
  ///   - cookie: 0 to begin, or the cookie of the last entry taken.
  ///   - wantsAttributes: false if only the names, kinds and node numbers are needed, which is faster.
  ///   - caller: who asks.
  ///   - body: takes an entry.
  /// - Throws: `ENOENT` if it is gone, `ENOTDIR` if it is no directory.
  /// - Complexity: O(log n) and the entries handed out, for which nothing is allocated.
  public func readDirectory(
    _ directory: NodeID, after cookie: UInt64, wantsAttributes: Bool = true, caller: Caller,
    _ body: (DirectoryEntry) -> Bool
  ) throws(VCMError) {
    // Who begins to read looks at the directory anew.
    guard cookie == 0 else {
      return try reading { state throws(VCMError) in
        try state.readDirectory(
          directory, after: cookie, wantsAttributes: wantsAttributes, caller: caller, body)
      }
    }
    try changing(caller) { state throws(VCMError) in
      try state.unhide(in: directory)
      try state.readDirectory(
        directory, after: cookie, wantsAttributes: wantsAttributes, caller: caller, body)
    }
  }

  /// What `df` shows: the memory types together.
  public func statistics() -> TreeStatistics {
    let result = try? reading { state throws(VCMError) in state.statistics() }
    return result ?? TreeStatistics(blockSize: 4096, total: 0, free: 0, objects: 0)
  }

  /// Notes that the kernel has given up `count` of the look-ups that led it to a node.
  ///
  /// What a node of a look-up by path holds is released with the last.
  public func forget(_ node: NodeID, count: UInt64) {
    // Of all other nodes nothing is held; a mount that ends forgets millions.
    guard node.space == .interned else { return }
    _ = try? reading { state throws(VCMError) in state.addresses.forget(node, count) }
  }
}

extension VCMError {
  fileprivate static let unknownName = VCMError(.noSuchObject, "there is no such name")
}
