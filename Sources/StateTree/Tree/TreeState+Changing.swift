internal import VCM

extension TreeState {
  /// Makes a directory, and says which node it is.
  func makeDirectory(_ name: String, in directory: NodeID) throws(VCMError) -> NodeID {
    let (subject, declared) = try resolve(directory)
    try checkNew(name, in: directory, subject, declared)
    guard let members = declared.members else {
      throw .forbidden("no directory can be made in \(path(of: directory))")
    }
    return try members.makeDirectory(name, in: subject, self)
  }

  /// Makes a symbolic link, and says which node it is.
  func makeLink(_ name: String, in directory: NodeID, to target: String) throws(VCMError) -> NodeID {
    let (subject, declared) = try resolve(directory)
    if let place = declared.childrenByName[name],
      case .link(let link)? = Catalogue.shared.node(subject.family, place)?.declaration.behaviour,
      let make = link.make
    {
      // The engine tells backing by the same buffer from backing by another, so it is asked even if the link exists.
      try make(subject, target, self)
      return directory.sibling(place)
    }
    try checkNew(name, in: directory, subject, declared)
    for place in declared.children {
      guard case .link(let link)? = Catalogue.shared.node(subject.family, place)?.declaration.behaviour else {
        continue
      }
      try link.refuse?(subject, name, target, self)
    }
    guard let members = declared.members else {
      // Where `ln -s phys/frame backing` ends if there is a backing, which leads to a directory.
      let hint =
        if case .allocation = subject { ": ln -sT does not follow a backing into its buffer" } else { "" }
      throw .forbidden(
        "no symbolic link named \(Number.quoted(name)) can be made in \(path(of: directory))\(hint)")
    }
    return try members.makeLink(name, to: target, in: subject, self)
  }

  /// Refuses to make a file.
  func refuseFile(_ name: String, in directory: NodeID) throws(VCMError) -> Never {
    let (subject, declared) = try resolve(directory)
    try checkNew(name, in: directory, subject, declared)
    throw .forbidden("no file can be made in \(path(of: directory)): its files come with its objects")
  }

  /// Takes a link away, or hides an attribute file.
  func unlink(_ name: String, in directory: NodeID, by caller: Caller) throws(VCMError) {
    let id = try find(name, in: directory)
    let (subject, declared) = try resolve(id)
    switch declared.declaration.behaviour {
    case .link(let link): try link.remove(subject, self)
    case .directory: throw VCMError(.isADirectory, "\(path(of: id)) is a directory")
    case .text, .view, .dump, .memory, .special:
      guard subject.isRemovable else {
        throw .forbidden("\(path(of: id)) belongs to \(subject.title) and cannot be removed")
      }
      hide(id, by: caller)
      invalidate(id)
    }
  }

  /// Takes an object away, or hides an empty directory of an object.
  func removeDirectory(_ name: String, in directory: NodeID, by caller: Caller) throws(VCMError) {
    let (above, list) = try resolve(directory)
    let id = try find(name, in: directory, above, list)
    let (subject, declared) = try resolve(id)
    guard declared.kind == .directory else {
      throw VCMError(.notADirectory, "\(path(of: id)) is no directory")
    }
    if declared.parent == nil {
      guard let members = list.members else { throw .forbidden("\(path(of: id)) cannot be removed") }
      try members.removeDirectory(subject, self)
      return
    }
    guard subject.isRemovable else {
      throw .forbidden("\(path(of: id)) belongs to \(subject.title) and cannot be removed")
    }
    if let members = declared.members, members.count(in: subject, self) != 0 {
      throw VCMError(.directoryNotEmpty, "\(path(of: id)) is not empty")
    }
    hide(id, by: caller)
    invalidate(id)
  }

  /// Gives an object another name.
  func rename(
    _ name: String, in directory: NodeID, to newName: String, in newDirectory: NodeID,
    _ renaming: RenameOptions
  ) throws(VCMError) {
    let (above, list) = try resolve(directory)
    let id = try find(name, in: directory, above, list)
    let (subject, declared) = try resolve(id)
    guard !renaming.contains(.exchange) else { throw .invalid("two names cannot be exchanged") }
    guard declared.kind == .directory, declared.parent == nil, id != .root else {
      throw .forbidden("\(path(of: id)) cannot be renamed: only objects can")
    }
    guard directory == newDirectory else {
      throw .forbidden(
        "\(path(of: id)) cannot be moved to \(path(of: newDirectory)): an object stays where it is")
    }
    if name == newName { return }
    guard let members = list.members else { throw .forbidden("\(path(of: id)) cannot be renamed") }
    try checkNew(newName, in: directory, above, list)
    try members.rename(subject, to: newName, self)
  }

  /// Checks that attributes may be set.
  func check(_ changes: AttributeChanges, of node: NodeID) throws(VCMError) {
    let (subject, declared) = try resolve(node)
    let declaration = declared.declaration
    if let permissions = changes.permissions, permissions & 0o7777 != declaration.permissions {
      throw .forbidden("the mode of \(path(of: node)) is fixed")
    }
    if let user = changes.userID, user != options.owner.userID {
      throw .forbidden("the owner of \(path(of: node)) is fixed")
    }
    if let group = changes.groupID, group != options.owner.groupID {
      throw .forbidden("the group of \(path(of: node)) is fixed")
    }
    guard let size = changes.size else { return }
    switch declaration.behaviour {
    case .directory: throw VCMError(.isADirectory, "\(path(of: node)) is a directory")
    case .link: throw .invalid("\(path(of: node)) is a symbolic link")
    case .text(let text):
      guard text.take != nil else { throw .forbidden("\(path(of: node)) is only read") }
      guard size == 0 else { throw .invalid("\(path(of: node)) has no length to set") }
    case .view, .dump: throw .forbidden("\(path(of: node)) is only read")
    case .special:
      guard size == 0 else { throw .invalid("\(path(of: node)) has no length to set") }
    case .memory(let memory):
      guard size == memory.length(subject, self) else {
        throw .invalid(
          "\(path(of: node)) is memory of \(memory.length(subject, self)) bytes: its length is fixed")
      }
    }
  }

  /// Refuses a name that exists or is too long.
  private func checkNew(
    _ name: String, in directory: NodeID, _ subject: Subject, _ declared: Catalogue.Node
  ) throws(VCMError) {
    guard declared.kind == .directory else {
      throw VCMError(.notADirectory, "\(path(of: directory)) is no directory")
    }
    guard try findIfThere(name, in: directory, subject, declared) != nil else { return }
    throw VCMError(.nameTaken, "\(path(of: directory)) has \(Number.quoted(name)) already")
  }
}
