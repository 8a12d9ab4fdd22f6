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
      guard let found = try tree.lookupIfThere(text, in: NodeID(parent), caller: Caller(context)) else {
        return reply.fail(.noEntry)
      }
      var entry = Entry(found)
      // Until this answer has arrived the kernel does not know the node, and cannot be told of a change to it: what it then
      // keeps of the attributes, it asks for by the node's number.
      if found.nameMayBeCached { entry.attributeTimeout = .zero }
      // What the kernel does not get it will not forget.
      if !reply.succeed(entry) { tree.forget(found.id, count: 1) }
    } catch {
      reply.fail(errno(error, in: parent, context))
    }
  }

  func attributes(
    of inode: InodeNumber, handle: FileHandle?, context: RequestContext, reply: consuming AttributesReply
  ) {
    do throws(VCMError) {
      let attributes = try tree.attributes(of: NodeID(inode), caller: Caller(context))
      secondLooks.end(thread: context.processID)
      reply.succeed(FileAttributes(attributes), timeout: attributes.timeout)
    } catch {
      reply.fail(errno(error, ofNode: inode, context))
    }
  }

  func readLink(_ inode: InodeNumber, context: RequestContext, reply: consuming LinkTargetReply) {
    do throws(VCMError) {
      let target = try tree.readLink(NodeID(inode))
      secondLooks.end(thread: context.processID)
      reply.succeed(target)
    } catch {
      reply.fail(errno(error, ofNode: inode, context))
    }
  }

  func openDirectory(_ request: OpenRequest, context: RequestContext, reply: consuming OpenReply) {
    // The kernel then opens all directories by itself, and keeps their listings as long as their times stay the same.
    guard connection?.directoriesNeedNoOpening != true else { return reply.fail(.notImplemented) }
    let node = NodeID(request.inode)
    guard tree.contains(node) else { return reply.fail(errno(ofGone: node, context)) }
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
        if let attributes = entry.attributes {
          reply.add(entry.nameBytes, Entry(attributes), next: entry.cookie)
        } else {
          reply.add(
            entry.nameBytes, inode: InodeNumber(entry.id), kind: FileKind(entry.kind), next: entry.cookie)
        }
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
}
