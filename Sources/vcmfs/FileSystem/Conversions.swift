import FUSEKit
import StateTree
import VCM

// The tree's words in FUSE's, and back. The numbers are the same on both sides.

extension NodeID {
  init(_ inode: InodeNumber) { self.init(rawValue: inode.rawValue) }
}

extension InodeNumber {
  init(_ node: NodeID) { self.init(rawValue: node.rawValue) }
}

extension Caller {
  init(_ context: RequestContext) {
    self.init(userID: context.userID, groupID: context.groupID, processID: context.processID)
  }
}

extension Errno {
  init(_ error: VCMError) { self.init(rawValue: error.errno) }
}

extension FileKind {
  init(_ kind: NodeAttributes.Kind) {
    switch kind {
    case .directory: self = .directory
    case .file: self = .regular
    case .symbolicLink: self = .symbolicLink
    }
  }
}

extension FUSEKit.Timestamp {
  init(_ timestamp: StateTree.Timestamp) {
    self.init(seconds: timestamp.seconds, nanoseconds: timestamp.nanoseconds)
  }
}

extension FileAttributes {
  init(_ node: NodeAttributes) {
    self.init(
      inode: InodeNumber(node.id), mode: FileMode(FileKind(node.kind), node.permissions),
      time: FUSEKit.Timestamp(node.modified))
    linkCount = node.linkCount
    userID = node.userID
    groupID = node.groupID
    size = node.size
    blocks = node.blocks
  }
}

extension NodeAttributes {
  /// How long the kernel may keep the attributes.
  var timeout: CacheTimeout { mayBeCached ? .forever : .zero }
}

extension Entry {
  /// A name that stands for a node, which the kernel may mostly keep until it is told otherwise.
  init(_ node: NodeAttributes) {
    self.init(
      attributes: FileAttributes(node), entryTimeout: node.nameMayBeCached ? .forever : .zero,
      attributeTimeout: node.timeout)
  }
}

extension StateTree.OpenOptions {
  init(_ flags: OpenFlags) {
    self = []
    if flags.readable { insert(.read) }
    if flags.writable { insert(.write) }
    if flags.contains(.truncate) { insert(.truncate) }
    if flags.contains(.nonBlocking) { insert(.nonBlocking) }
  }
}

extension StateTree.RenameOptions {
  init(_ flags: RenameFlags) {
    self = []
    if flags.contains(.noReplace) { insert(.noReplace) }
    if flags.contains(.exchange) { insert(.exchange) }
  }
}

extension StateTree.AttributeChanges {
  init(_ changes: FUSEKit.AttributeChanges) {
    self.init(
      size: changes.size, permissions: changes.permissions, userID: changes.userID, groupID: changes.groupID,
      times: changes.accessTime != nil || changes.modificationTime != nil)
  }
}
