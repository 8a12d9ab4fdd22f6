import FUSEKit
import StateTree
import VCM

// Looking at names and attributes, and listing directories.
extension VCMFileSystem {
  func lookup(
    _ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming EntryReply
  ) {
    // No name of the tree is anything but UTF-8.
    guard let text = name.string else { return reply.fail(.noEntry) }
    do throws(VCMError) {
      let found = try tree.lookup(text, in: NodeID(parent), caller: Caller(context))
      var entry = Entry(found)
      // Until this answer has arrived the kernel does not know the node, and cannot be told of a change to it: what it then
      // keeps of the attributes, it asks for by the node's number.
      if found.nameMayBeCached { entry.attributeTimeout = .zero }
      // What the kernel does not get it will not forget.
      if !reply.succeed(entry) { tree.forget(found.id, count: 1) }
    } catch {
      reply.fail(errno(error, in: parent))
    }
  }

  func attributes(
    of inode: InodeNumber, handle: FileHandle?, context: RequestContext, reply: consuming AttributesReply
  ) {
    do throws(VCMError) {
      let attributes = try tree.attributes(of: NodeID(inode), caller: Caller(context))
      reply.succeed(FileAttributes(attributes), timeout: attributes.timeout)
    } catch {
      reply.fail(errnoOfNode(error, inode))
    }
  }

  func readLink(_ inode: InodeNumber, context: RequestContext, reply: consuming LinkTargetReply) {
    do throws(VCMError) {
      reply.succeed(try tree.readLink(NodeID(inode)))
    } catch {
      reply.fail(errnoOfNode(error, inode))
    }
  }

  func openDirectory(_ request: OpenRequest, context: RequestContext, reply: consuming OpenReply) {
    // The kernel then opens all directories by itself, and keeps their listings as long as their times stay the same.
    guard connection?.directoriesNeedNoOpening != true else { return reply.fail(.notImplemented) }
    let node = NodeID(request.inode)
    guard tree.contains(node) else { return reply.fail(tree.hasVanished(node) ? .noEntry : .stale) }
    reply.succeed(handle: .none, options: [.cacheDirectory, .keepCache])
  }

  func readDirectory(
    _ request: ReadDirectoryRequest, context: RequestContext, reply: consuming DirectoryReply
  ) {
    var reply = reply
    let wantsAttributes = reply.includesAttributes
    let (outcome, changed) = RequestInvalidations.gather { () throws(VCMError) in
      try tree.readDirectory(
        NodeID(request.inode), after: request.offset, wantsAttributes: wantsAttributes,
        caller: Caller(context)
      ) { entry in
        let attributes = entry.attributes
        // The kernel takes no attributes of these two, and would count a look-up.
        if entry.name == "." || entry.name == ".." {
          return reply.add(
            entry.name, inode: InodeNumber(attributes.id), kind: FileKind(attributes.kind), next: entry.cookie
          )
        }
        return reply.add(entry.name, Entry(attributes), next: entry.cookie)
      }
    }
    // What was hidden is seen again: a directory's time says so, and needs no lock.
    for inode in changed { connection?.notifier.invalidateAttributes(of: inode) }
    switch outcome {
    case .success: reply.send()
    // ENOENT if it is gone, as for a directory that was removed while it was open.
    case .failure(let error): reply.fail(Errno(error))
    }
  }

  /// The number for a failure of a request about a node itself: ENOENT can only mean that it is gone.
  ///
  /// Where something else has its name now, ESTALE makes the kernel look the name up again; where nothing has, that is all
  /// there is to say. Answered ESTALE again, the kernel would hand that to the user.
  func errnoOfNode(_ error: VCMError, _ node: InodeNumber) -> Errno {
    let errno = Errno(error)
    guard errno == .noEntry else { return errno }
    return tree.hasVanished(NodeID(node)) ? errno : .stale
  }

  /// The number for a failure of a request about a name in a directory: ENOENT may mean that the directory is gone.
  func errno(_ error: VCMError, in parent: InodeNumber) -> Errno {
    let errno = Errno(error)
    let parent = NodeID(parent)
    guard errno == .noEntry, !tree.contains(parent), !tree.hasVanished(parent) else { return errno }
    return .stale
  }
}
