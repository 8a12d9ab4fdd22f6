import FUSEKit
import Synchronization

extension MemoryFileSystem {
  func open(_ request: OpenRequest, context: RequestContext, reply: consuming OpenReply) {
    note("open", context)
    let backing = state.withLock { state in
      state.openFlags = request.flags
      if request.flags.contains(.truncate) { state.nodes[request.inode]?.resize(0) }
      if state.backing == nil, let descriptor = behaviour.backingDescriptor {
        state.backing = try? state.connection?.backingFile(fileDescriptor: descriptor)
      }
      return state.backing
    }
    let options =
      request.flags.writable ? behaviour.writingOptions ?? behaviour.openOptions : behaviour.openOptions
    reply.succeed(
      handle: FileHandle(rawValue: request.inode.rawValue ^ 0xABCD), options: options, backing: backing)
  }

  func create(
    _ name: FileName, in parent: InodeNumber, permissions: UInt16, flags: OpenFlags, context: RequestContext,
    reply: consuming CreateReply
  ) {
    note("create", context)
    guard name.description != "refused" else { return reply.fail(.notPermitted) }
    let made = state.withLock { state in
      let inode = state.make(name, in: parent, FileMode(.regular, permissions))
      state.counter.increment(inode)
      return self.entry(inode, state)
    }
    guard let made else { return reply.fail(.inputOutput) }
    reply.succeed(
      made, handle: FileHandle(rawValue: made.attributes.inode.rawValue ^ 0xABCD),
      options: behaviour.openOptions)
  }

  func read(_ request: ReadRequest, context: RequestContext, reply: consuming ReadReply) {
    note(
      request.handle.rawValue == request.inode.rawValue ^ 0xABCD ? "read" : "read with a wrong handle",
      context)
    if behaviour.readsWait {
      if request.flags.contains(.nonBlocking) { return reply.fail(.wouldBlock) }
      let kept = KeptReply(reply) { [self] in state.withLock { $0.interruptedCount += 1 } }
      state.withLock { $0.waiters.append(kept) }
      return
    }
    let bytes = behaviour.content?(request.inode) ?? state.withLock { $0.nodes[request.inode]?.bytes ?? [] }
    let start = min(Int(clamping: request.offset), bytes.count)
    reply.succeed(Array(bytes[start...].prefix(request.size)))
  }

  func write(
    _ bytes: UnsafeRawBufferPointer, _ request: WriteRequest, context: RequestContext,
    reply: consuming WriteReply
  ) {
    note("write", context)
    let new = Array(bytes)
    guard request.offset < 1 << 30 else { return reply.fail(.fileTooLarge) }
    behaviour.onWrite?(request.inode, new)
    let notifier = state.withLock { state in
      state.nodes[request.inode]?.write(new, at: Int(request.offset))
      return state.connection?.notifier
    }
    guard let notifier, !behaviour.dependents.isEmpty else { return reply.succeed(new.count) }
    reply.succeed(new.count, afterInvalidating: behaviour.dependents, by: notifier)
  }

  func flush(
    _ inode: InodeNumber, handle: FileHandle, context: RequestContext, reply: consuming StatusReply
  ) {
    note("flush", context)
    reply.fail(.notImplemented)
  }

  func release(_ inode: InodeNumber, handle: FileHandle, flags: OpenFlags) {
    note("release")
  }

  func synchronize(
    _ inode: InodeNumber, handle: FileHandle, dataOnly: Bool, context: RequestContext,
    reply: consuming StatusReply
  ) {
    note(dataOnly ? "fdatasync" : "fsync", context)
    reply.succeed()
  }

  func poll(_ request: PollRequest, context: RequestContext, reply: consuming PollReply) {
    note("poll", context)
    let isReady = state.withLock { state in
      if let waiter = request.waiter { state.pollers.append(waiter) }
      return state.isReady
    }
    reply.succeed(isReady ? [.priority, .error] : [])
  }

  func copyRange(_ request: CopyRequest, context: RequestContext, reply: consuming WriteReply) {
    note("copy_file_range", context)
    let count = state.withLock { state in
      let source = state.nodes[request.source]?.bytes ?? []
      let piece = source.dropFirst(Int(clamping: request.sourceOffset)).prefix(Int(clamping: request.length))
      state.nodes[request.destination]?.write(Array(piece), at: Int(clamping: request.destinationOffset))
      return piece.count
    }
    reply.succeed(count)
  }

  func seek(_ request: SeekRequest, context: RequestContext, reply: consuming SeekReply) {
    note("lseek", context)
    let bytes = state.withLock { $0.nodes[request.inode]?.bytes ?? [] }
    guard request.offset < UInt64(bytes.count) else { return reply.fail(.noSuchAddress) }
    let rest = bytes[Int(request.offset)...]
    switch request.target {
    case .data:
      guard let found = rest.firstIndex(where: { $0 != 0 }) else { return reply.fail(.noSuchAddress) }
      reply.succeed(UInt64(found))
    case .hole:
      reply.succeed(UInt64(rest.firstIndex(of: 0) ?? bytes.count))
    }
  }

  func allocate(_ request: AllocateRequest, context: RequestContext, reply: consuming StatusReply) {
    note("fallocate", context)
    let end = Int(clamping: request.offset) + Int(clamping: request.length)
    state.withLock { $0.nodes[request.inode]?.resize(end) }
    reply.succeed()
  }
}
