internal import PageTables
public import VCM

extension Tree {
  /// The extended attributes of a node: `user.vcmfs.id`, its object's lasting identity, and `user.vcmfs.reason`, the last
  /// failure about it, if there was one.
  ///
  /// - Throws: `ENOENT` if it is gone.
  public func extendedAttributes(
    of node: NodeID, caller: Caller
  ) throws(VCMError) -> [(name: String, value: String)] {
    try reading { state throws(VCMError) in
      let (subject, declared) = try state.resolve(node)
      var result = [(name: "user.vcmfs.id", value: state.identity(of: subject))]
      let isRoot = node == .root
      guard case .directory = declared.declaration.behaviour, isRoot || declared.parent == nil else {
        return result
      }
      let reason = isRoot ? state.failures.text(by: caller) : state.failures.text(about: subject.key)
      if !reason.isEmpty { result.append((name: "user.vcmfs.reason", value: String(reason.dropLast()))) }
      return result
    }
  }
}

extension TreeState {
  /// The lasting identity of an object: its kind and number, such as `region#1`.
  func identity(of subject: Subject) -> String {
    switch subject {
    case .tree: "tree"
    case .region(let region): region.id.description
    case .reservation(let reservation): reservation.id.description
    case .bound(let bound): bound.id.description
    case .device(let device): device.id.description
    case .association(let association): association.id.description
    case .allocation(let allocation): allocation.id.description
    case .memoryType(let memoryType): memoryType.id.description
    case .format(let format): "format#\(format.description.name)"
    case .address(let address): "address#\(Print.address(address.address))"
    }
  }
}
