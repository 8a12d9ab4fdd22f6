internal import VCM

extension TreeState {
  /// The longest name of a node, in bytes.
  static let longestName = 255

  /// The node with a name in a directory.
  func find(_ name: String, in directory: NodeID) throws(VCMError) -> NodeID {
    let (subject, declared) = try resolve(directory)
    return try find(name, in: directory, subject, declared)
  }

  /// The same, in a directory whose object and declaration are known.
  func find(
    _ name: String, in directory: NodeID, _ subject: Subject, _ declared: Catalogue.Node
  ) throws(VCMError) -> NodeID {
    if let found = try findIfThere(name, in: directory, subject, declared) { return found }
    throw .missing("there is no \(Number.quoted(name)) in \(path(of: directory))")
  }

  /// The node with a name in a directory; nil if there is none, which is no failure to be put into words.
  func findIfThere(_ name: String, in directory: NodeID) throws(VCMError) -> NodeID? {
    let (subject, declared) = try resolve(directory)
    return try findIfThere(name, in: directory, subject, declared)
  }

  /// The same, in a directory whose object and declaration are known.
  func findIfThere(
    _ name: String, in directory: NodeID, _ subject: Subject, _ declared: Catalogue.Node
  ) throws(VCMError) -> NodeID? {
    guard declared.kind == .directory else {
      throw VCMError(.notADirectory, "\(declared.declaration.name) is no directory")
    }
    if let place = declared.childrenByName[name] {
      let id = directory.sibling(place)
      if isThere(id, subject, place) { return id }
    } else if let members = declared.members, let id = members.find(name, in: subject, self) {
      return id
    }
    guard name.utf8.count <= Self.longestName else {
      throw VCMError(.nameTooLong, "a name of \(name.utf8.count) bytes is longer than \(Self.longestName)")
    }
    return nil
  }

  /// Whether a declared node exists now: it is not hidden, and a link leads somewhere.
  func isThere(_ id: NodeID, _ subject: Subject, _ place: UInt8) -> Bool {
    if isHidden(id) { return false }
    guard let node = Catalogue.shared.node(subject.family, place), node.kind == .symbolicLink,
      case .link(let link) = node.declaration.behaviour
    else { return true }
    return link.target(subject, self) != nil
  }

  /// The name of a node that lies in a directory of members.
  private func name(of subject: Subject, at place: UInt8) -> String {
    switch subject {
    case .association(let association) where place == Place.regionLink: association.region.name
    case .reservation(let reservation) where place == Place.userLink: String(reservation.userNumber)
    case .reservation(let reservation) where place == Place.addressLink: Print.address(reservation.address)
    default: subject.name
    }
  }

  /// The path of a node from the top, for sentences.
  func path(of node: NodeID) -> String {
    var names: [String] = []
    var current = node
    while current != .root, let (subject, declared) = try? resolve(current) {
      names.append(declared.parent == nil ? name(of: subject, at: declared.place) : declared.declaration.name)
      current = parent(of: current, subject, declared)
    }
    return names.isEmpty ? "/" : names.reversed().joined(separator: "/")
  }

  /// The attributes of a node, which the kernel may keep from now on.
  func giveAttributes(of node: NodeID, _ caller: Caller) throws(VCMError) -> NodeAttributes {
    let (subject, declared) = try resolve(node)
    return try giveAttributes(of: node, subject, declared, caller)
  }

  /// The same, of a node whose object and declaration are known.
  func giveAttributes(
    of node: NodeID, _ subject: Subject, _ declared: Catalogue.Node, _ caller: Caller
  ) throws(VCMError) -> NodeAttributes {
    let attributes = try attributes(of: node, subject, declared, caller, isGivenOut: true)
    if attributes.mayBeCached { leases.note(node) }
    return attributes
  }

  /// Notes that a link's target was given out.
  func lease(_ node: NodeID, naming target: LinkTarget) {
    leases.note(node)
    if let object = target.named { leases.note(node, naming: NodeID(object, 0).objectKey) }
  }

  /// The attributes of a node.
  ///
  /// - Parameter isGivenOut: whether it is to be noted where a link leads, as long as that is known.
  func attributes(
    of node: NodeID, _ subject: Subject, _ declared: Catalogue.Node, _ caller: Caller,
    isGivenOut: Bool = false
  ) throws(VCMError) -> NodeAttributes {
    let declaration = declared.declaration
    var result = NodeAttributes(
      id: node, kind: declaration.kind, permissions: declaration.permissions, size: 0, blocks: 0,
      linkCount: 1,
      userID: options.owner.userID, groupID: options.owner.groupID,
      modified: time(of: subject, declaration.facets), mayBeCached: true)
    switch declaration.behaviour {
    case .directory:
      if case .association = subject { result.nameMayBeCached = false }
      result.linkCount =
        2
        + UInt32(
          clamping: declared.directoryCount + (declared.members?.directoryCount(in: subject, self) ?? 0))
    case .text(let text):
      result.size = UInt64(try text.render(subject, self, caller).utf8.count)
      result.mayBeCached = text.mayBeCached
    case .view:
      // Measured before, where the length is wanted: see Tree.measure(_:).
      result.size = views.length(of: node) ?? 0
      result.mayBeCached = false
    case .special(let special): result.size = special.length(subject, self)
    case .dump(let dump):
      result.size = try dump.length(subject, self)
    case .memory(let memory):
      result.size = memory.length(subject, self)
      result.blocks = memory.allocated(subject, self) / 512
      result.mayBeCached = memory.mayBeCached
    case .link(let link):
      guard let target = link.target(subject, self) else { throw .gone }
      // Its region may be renamed, which takes its name away only after the answer, and the node stays.
      if case .association = subject, declared.place == Place.regionLink { result.nameMayBeCached = false }
      if isGivenOut { lease(node, naming: target) }
      result.size = UInt64(target.length)
      result.mayBeCached = link.mayBeCached
    }
    return result
  }

  /// When one of the facets of an object changed last.
  func time(of subject: Subject, _ facets: Facets) -> Timestamp {
    let nanoseconds: UInt64
    switch subject {
    case .reservation(let reservation): nanoseconds = reservation.stamp
    case .allocation(let allocation): nanoseconds = allocation.stamp
    default: nanoseconds = times.latest(subject.key, facets)
    }
    return Timestamp(
      seconds: Int64(nanoseconds / 1_000_000_000), nanoseconds: UInt32(nanoseconds % 1_000_000_000))
  }

  /// Physical memory, and how much of it is free.
  func statistics() -> TreeStatistics {
    var total: UInt64 = 0
    var free: UInt64 = 0
    for memoryType in engine.memoryTypes {
      total &+= memoryType.size
      free &+= memoryType.freeBytes
    }
    return TreeStatistics(blockSize: 4096, total: total / 4096, free: free / 4096, objects: objectCount)
  }
}
