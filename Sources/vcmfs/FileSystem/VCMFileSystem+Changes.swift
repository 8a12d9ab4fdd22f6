import FUSEKit
import StateTree
import VCM

// Making, removing and renaming. Each answer waits until the kernel has forgotten what the change made untrue.
extension VCMFileSystem {
  func makeDirectory(
    _ name: FileName, in parent: InodeNumber, permissions: UInt16, context: RequestContext,
    reply: consuming EntryReply
  ) {
    make(in: parent, context, reply) { (tree: Tree) throws(VCMError) in
      try tree.makeDirectory(text(name, in: parent, context), in: NodeID(parent), caller: Caller(context))
    }
  }

  func makeSymbolicLink(
    _ name: FileName, in parent: InodeNumber, target: FileName, context: RequestContext,
    reply: consuming EntryReply
  ) {
    make(in: parent, context, reply) { (tree: Tree) throws(VCMError) in
      try tree.makeSymbolicLink(
        text(name, in: parent, context), in: NodeID(parent), to: text(target, in: parent, context),
        caller: Caller(context))
    }
  }

  func makeNode(
    _ name: FileName, in parent: InodeNumber, mode: FileMode, deviceNumber: UInt32, context: RequestContext,
    reply: consuming EntryReply
  ) {
    make(in: parent, context, reply) { (tree: Tree) throws(VCMError) in
      try tree.makeFile(text(name, in: parent, context), in: NodeID(parent), caller: Caller(context))
    }
  }

  func makeHardLink(
    _ name: FileName, in parent: InodeNumber, to inode: InodeNumber, context: RequestContext,
    reply: consuming EntryReply
  ) {
    make(in: parent, context, reply) { (tree: Tree) throws(VCMError) in
      try tree.makeFile(text(name, in: parent, context), in: NodeID(parent), caller: Caller(context))
    }
  }

  func create(
    _ name: FileName, in parent: InodeNumber, permissions: UInt16, flags: OpenFlags, context: RequestContext,
    reply: consuming CreateReply
  ) {
    let (outcome, changed) = RequestInvalidations.gather { () throws(VCMError) -> Never in
      try tree.makeFile(text(name, in: parent, context), in: NodeID(parent), caller: Caller(context))
    }
    refuse(changed)
    if case .failure(let error) = outcome { reply.fail(errno(error, in: parent, context)) }
  }

  func unlink(_ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming StatusReply)
  {
    change(own(name, in: parent, isLast: true), in: parent, context, reply) { (tree: Tree) throws(VCMError) in
      try tree.unlink(text(name, in: parent, context), in: NodeID(parent), caller: Caller(context))
    }
  }

  func removeDirectory(
    _ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming StatusReply
  ) {
    change(own(name, in: parent, isLast: true), in: parent, context, reply) { (tree: Tree) throws(VCMError) in
      try tree.removeDirectory(text(name, in: parent, context), in: NodeID(parent), caller: Caller(context))
    }
  }

  func rename(_ request: RenameRequest, context: RequestContext, reply: consuming StatusReply) {
    let own = own(request.name, in: request.parent, isLast: false)
    change(own, in: request.parent, context, reply) { (tree: Tree) throws(VCMError) in
      try tree.rename(
        text(request.name, in: request.parent, context), in: NodeID(request.parent),
        to: text(request.newName, in: request.newParent, context), in: NodeID(request.newParent),
        options: RenameOptions(request.flags), caller: Caller(context))
    }
  }

  func setAttributes(
    _ changes: FUSEKit.AttributeChanges, of inode: InodeNumber, handle: FileHandle?, context: RequestContext,
    reply: consuming AttributesReply
  ) {
    let (outcome, changed) = RequestInvalidations.gather { () throws(VCMError) in
      try tree.setAttributes(
        of: NodeID(inode), to: StateTree.AttributeChanges(changes), caller: Caller(context))
    }
    switch outcome {
    case .success(let attributes):
      guard let notifier = connection?.notifier else { return reply.fail(.inputOutput) }
      reply.succeed(
        FileAttributes(attributes), timeout: attributes.timeout, afterInvalidating: changed, by: notifier)
    case .failure(let error):
      refuse(changed)
      reply.fail(errno(error, ofNode: inode, context))
    }
  }

  /// A change that gives a name back.
  private func make(
    in parent: InodeNumber, _ context: RequestContext, _ reply: consuming EntryReply,
    _ body: (Tree) throws(VCMError) -> NodeAttributes
  ) {
    let (outcome, changed) = RequestInvalidations.gather { () throws(VCMError) in try body(tree) }
    switch outcome {
    case .success(let attributes):
      guard let notifier = connection?.notifier else { return reply.fail(.inputOutput) }
      reply.succeed(Entry(attributes), afterInvalidating: changed, by: notifier)
    case .failure(let error):
      refuse(changed)
      reply.fail(errno(error, in: parent, context))
    }
  }

  /// A change that gives nothing back.
  private func change(
    _ own: RequestInvalidations.OwnName, in parent: InodeNumber, _ context: RequestContext,
    _ reply: consuming StatusReply,
    _ body: (Tree) throws(VCMError) -> Void
  ) {
    let (outcome, changed) = RequestInvalidations.gather(removing: own) { () throws(VCMError) in
      try body(tree)
    }
    switch outcome {
    case .success:
      guard let notifier = connection?.notifier else { return reply.fail(.inputOutput) }
      reply.succeed(afterInvalidating: changed, by: notifier)
    case .failure(let error):
      refuse(changed)
      reply.fail(errno(error, in: parent, context))
    }
  }

  /// The name that a request takes away.
  private func own(
    _ name: FileName, in parent: InodeNumber, isLast: Bool
  ) -> RequestInvalidations.OwnName {
    RequestInvalidations.OwnName(parent: NodeID(parent), name: name.string ?? "", isLast: isLast)
  }

  /// What a refused change made untrue, which is only the sentence of the failure: a file, and the kernel has no more of
  /// files than their attributes.
  func refuse(_ changed: [InodeNumber]) {
    for inode in changed { connection?.notifier.invalidateAttributes(of: inode) }
  }

  /// A name or a target, which must be UTF-8; what is not is refused with a sentence in `last_error`.
  private func text(
    _ name: FileName, in directory: InodeNumber, _ context: RequestContext
  ) throws(VCMError) -> String {
    if let text = name.string { return text }
    try tree.refuse(
      VCMError(.invalidName, "\(Self.quoted(name.bytes)) is not UTF-8 text"), about: NodeID(directory),
      caller: Caller(context))
  }

  /// Bytes as a person can read them in a line of text: `'caf\xe9'`.
  private static func quoted(_ bytes: [UInt8]) -> String {
    let shown = bytes.prefix(64).map { byte in
      (0x20..<0x7f).contains(byte)
        ? String(UnicodeScalar(byte))
        : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return "'\(shown.joined())\(bytes.count > 64 ? "..." : "")'"
  }
}
