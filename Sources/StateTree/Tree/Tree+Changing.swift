public import VCM

extension Tree {
  /// `mkdir`: makes a region in `vcms`, a device in `devices`.
  ///
  /// - Throws: `EEXIST` if the name is taken; `EINVAL` or `ENAMETOOLONG` for a bad one; `EPERM` where directories are not
  ///   made so, with a sentence that says how; `ENOENT` if the directory is gone.
  public func makeDirectory(
    _ name: String, in directory: NodeID, caller: Caller
  ) throws(VCMError) -> NodeAttributes {
    try changing(caller, .mkdir, about: directory) { state throws(VCMError) in
      try state.giveAttributes(of: state.makeDirectory(name, in: directory), caller)
    }
  }

  /// `symlink`: associates a device with a region, or backs a reservation.
  ///
  /// - Parameters:
  ///   - name: the link's name: the device's name, or `backing`.
  ///   - directory: where.
  ///   - target: any path whose last two components name an object of the right kind.
  ///   - caller: who asks.
  /// - Throws: `ENOENT` if the target names nothing, `EINVAL` if it names something of another kind; `EEXIST` if the name
  ///   is taken; `EPERM` where no link can be made; and what the engine refuses.
  public func makeSymbolicLink(
    _ name: String, in directory: NodeID, to target: String, caller: Caller
  ) throws(VCMError) -> NodeAttributes {
    try changing(caller, .symlink, about: directory) { state throws(VCMError) in
      try state.giveAttributes(of: state.makeLink(name, in: directory, to: target), caller)
    }
  }

  /// `open` with `O_CREAT` of a name that does not exist, `mknod`, `link`: never allowed.
  ///
  /// - Throws: always: `EPERM`, or `EEXIST` if the name exists.
  public func makeFile(_ name: String, in directory: NodeID, caller: Caller) throws(VCMError) -> Never {
    try changing(caller, about: directory) { state throws(VCMError) in
      try state.refuseFile(name, in: directory)
    }
  }

  /// Refuses a request that cannot even be put into words of the tree, and remembers why.
  ///
  /// - Parameters:
  ///   - error: what is wrong.
  ///   - directory: where it was asked for.
  ///   - caller: who asked.
  /// - Throws: always: the error.
  public func refuse(_ error: VCMError, about directory: NodeID, caller: Caller) throws(VCMError) -> Never {
    try changing(caller, about: directory) { _ throws(VCMError) in throw error }
  }

  /// `unlink`: takes a link away, and with it what it stands for; hides an attribute file until its directory is opened
  /// anew.
  ///
  /// - Throws: `ENOENT`, `EISDIR`; `EBUSY` where the link stands for something in use; `EPERM` for files of the tree
  ///   itself.
  public func unlink(_ name: String, in directory: NodeID, caller: Caller) throws(VCMError) {
    try changing(caller, .unlink, about: directory, named: name) { state throws(VCMError) in
      try state.unlink(name, in: directory, by: caller)
    }
  }

  /// `rmdir`: takes an object away.
  ///
  /// - Throws: `EBUSY` if it is in use; `ENOTDIR`, `ENOENT`; `ENOTEMPTY` and `EPERM` for directories that belong to an
  ///   object or to the tree.
  public func removeDirectory(_ name: String, in directory: NodeID, caller: Caller) throws(VCMError) {
    try changing(caller, .rmdir, about: directory, named: name) { state throws(VCMError) in
      try state.removeDirectory(name, in: directory, by: caller)
    }
  }

  /// `rename`: gives an object another name in its directory.
  ///
  /// - Throws: `EEXIST` if the name is taken, `EINVAL` or `ENAMETOOLONG` for a bad one, `EPERM` for everything but an
  ///   object in its own directory, `ENOENT`.
  public func rename(
    _ name: String, in directory: NodeID, to newName: String, in newDirectory: NodeID,
    options: RenameOptions = [], caller: Caller
  ) throws(VCMError) {
    try changing(caller, .rename, about: directory, named: name) { state throws(VCMError) in
      try state.rename(name, in: directory, to: newName, in: newDirectory, options)
    }
  }

  /// `setattr`: `truncate`, `chmod`, `chown`, `utimensat`.
  ///
  /// A new length is accepted without effect for files that take texts, and for memory if it is the length that the file
  /// has. Mode, owner and group are fixed: setting what they are succeeds. Times are the tree's own: setting them succeeds
  /// and changes nothing, so that `touch`, `cp -p` and `tar` end well.
  ///
  /// - Throws: `EPERM` for another mode, owner or group; `EINVAL` for another length of memory; `EISDIR`, `ENOENT`.
  public func setAttributes(
    of node: NodeID, to changes: AttributeChanges, caller: Caller
  ) throws(VCMError) -> NodeAttributes {
    try changing(caller, .setattr, about: node) { state throws(VCMError) in
      try state.check(changes, of: node)
      return try state.giveAttributes(of: node, caller)
    }
  }
}
