import FUSEKit
import Synchronization

extension MemoryFileSystem {
  func lookup(
    _ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming EntryReply
  ) {
    note("lookup", context)
    guard let inode = state.withLock({ $0.inode(of: name, in: parent) }) else {
      return reply.missing(for: behaviour.entryTimeout)
    }
    send(inode, reply)
  }

  func forget(_ inode: InodeNumber, count: UInt64) {
    note("forget")
    state.withLock { _ = $0.counter.forget(inode, count: count) }
  }

  func makeDirectory(
    _ name: FileName, in parent: InodeNumber, permissions: UInt16, context: RequestContext,
    reply: consuming EntryReply
  ) {
    note("mkdir", context)
    make(name, in: parent, FileMode(.directory, permissions), reply) { _ in }
  }

  func makeNode(
    _ name: FileName, in parent: InodeNumber, mode: FileMode, deviceNumber: UInt32, context: RequestContext,
    reply: consuming EntryReply
  ) {
    note("mknod", context)
    make(name, in: parent, mode, reply) { $0.attributes.deviceNumber = deviceNumber }
  }

  func makeSymbolicLink(
    _ name: FileName, in parent: InodeNumber, target: FileName, context: RequestContext,
    reply: consuming EntryReply
  ) {
    note("symlink", context)
    make(name, in: parent, FileMode(.symbolicLink, 0o777), reply) { node in
      node.target = target
      node.attributes.size = UInt64(target.byteCount)
    }
  }

  private func make(
    _ name: FileName, in parent: InodeNumber, _ mode: FileMode, _ reply: consuming EntryReply,
    _ change: (inout Node) -> Void
  ) {
    let made: InodeNumber? = state.withLock { state in
      guard state.inode(of: name, in: parent) == nil else { return nil }
      let inode = state.make(name, in: parent, mode)
      var node = state.nodes[inode] ?? Node(attributes: FileAttributes(inode: inode, mode: mode))
      change(&node)
      state.nodes[inode] = node
      return inode
    }
    guard let made else { return reply.fail(.exists) }
    send(made, reply)
  }

  func makeHardLink(
    _ name: FileName, in parent: InodeNumber, to inode: InodeNumber, context: RequestContext,
    reply: consuming EntryReply
  ) {
    note("link", context)
    state.withLock { state in
      state.add(name, inode, to: parent)
      state.nodes[inode]?.attributes.linkCount += 1
    }
    send(inode, reply)
  }

  func unlink(
    _ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming StatusReply
  ) {
    note("unlink", context)
    state.withLock { state in
      if let inode = state.inode(of: name, in: parent) { state.nodes[inode]?.attributes.linkCount -= 1 }
      state.remove(name, from: parent)
    }
    reply.succeed()
  }

  func removeDirectory(
    _ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming StatusReply
  ) {
    note("rmdir", context)
    let isEmpty = state.withLock { state in
      let inode = state.inode(of: name, in: parent)
      let isEmpty = inode.flatMap { state.nodes[$0]?.entries.isEmpty } ?? false
      if isEmpty { state.remove(name, from: parent) }
      return isEmpty
    }
    guard isEmpty else { return reply.fail(.notEmpty) }
    reply.succeed()
  }

  func rename(_ request: RenameRequest, context: RequestContext, reply: consuming StatusReply) {
    note("rename", context)
    let error: Errno? = state.withLock { state in
      guard let inode = state.inode(of: request.name, in: request.parent) else { return .noEntry }
      let other = state.inode(of: request.newName, in: request.newParent)
      if request.flags.contains(.noReplace), other != nil { return .exists }
      state.remove(request.name, from: request.parent)
      state.remove(request.newName, from: request.newParent)
      state.add(request.newName, inode, to: request.newParent)
      if request.flags.contains(.exchange) {
        guard let other else { return .noEntry }
        state.add(request.name, other, to: request.parent)
      }
      return nil
    }
    if let error { reply.fail(error) } else { reply.succeed() }
  }
}
