import FUSEKit
import StateTree
import VCM

// Reading and writing open files, and waiting for them.
extension VCMFileSystem {
  func read(_ request: ReadRequest, context: RequestContext, reply: consuming ReadReply) {
    guard let file = request.handle.file else { return reply.fail(.badHandle) }
    if request.isForPageCache || !file.mayWait {
      if file.isLong && reply.size >= Self.longRead && !request.isForPageCache {
        readLater(file, request, reply)
      } else {
        Self.readAtOnce(file, request, reply)
      }
    } else if let unanswered = Self.read(file, request, reply) {
      let access = OpenFile.Access(offset: request.offset, isWrite: false)
      BlockedRequest.wait(file, access, unanswered) { Self.read(file, request, $0) }
    }
  }

  /// From this length on a read of what has to be made, or of memory, is long.
  private static let longRead = 1 << 15

  /// A long read: its thread stays free for what is short.
  private func readLater(_ file: OpenFile, _ request: ReadRequest, _ reply: consuming ReadReply) {
    let kept = KeptReply(uninterruptible: reply)
    longWork.run { [textAhead] in
      guard let reply = kept.take() else { return }
      guard file.isRendered else { return Self.readAtOnce(file, request, reply) }
      reply.gather { (room, send) throws(Errno) in
        do throws(VCMError) {
          try textAhead.read(file, at: request.offset, room: room) { send([$0]) }
        } catch {
          throw Errno(error)
        }
      }
    }
  }

  /// A read of what is there, without a buffer of its own.
  private static func readAtOnce(_ file: OpenFile, _ request: ReadRequest, _ reply: consuming ReadReply) {
    guard !file.liesInMemory else {
      return reply.gather { (room, send) throws(Errno) in
        do throws(VCMError) {
          try file.withBytes(at: request.offset, room: room, isForPages: request.isForPageCache, send)
        } catch {
          throw Errno(error)
        }
      }
    }
    reply.fill { (buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int in
      do throws(VCMError) {
        let outcome =
          request.isForPageCache
          ? try file.readPages(at: request.offset, into: buffer)
          : try file.read(at: request.offset, into: buffer)
        guard case .bytes(let count) = outcome else { throw .wouldBlock }
        return count
      } catch {
        throw Errno(error)
      }
    }
  }

  /// A read that may have to wait: gives the reply back then.
  private static func read(
    _ file: OpenFile, _ request: ReadRequest, _ reply: consuming ReadReply
  ) -> ReadReply? {
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: reply.size, alignment: 16)
    defer { room.deallocate() }
    var unanswered: ReadReply? = reply
    do throws(VCMError) {
      try file.withBytes(at: request.offset, room: room, isForPages: false) { pieces in
        unanswered.take()?.succeed(pieces: pieces)
      }
    } catch {
      if error.code == .wouldBlock && !request.flags.contains(.nonBlocking) { return unanswered }
      unanswered.take()?.fail(Errno(error))
    }
    return nil
  }

  func write(
    _ bytes: UnsafeRawBufferPointer, _ request: WriteRequest, context: RequestContext,
    reply: consuming WriteReply
  ) {
    guard let file = request.handle.file else { return reply.fail(.badHandle) }
    guard let unanswered = write(bytes, file, request, reply) else { return }
    // The bytes are the kernel's, and only lent until this returns.
    let copy = CopiedBytes(bytes)
    let access = OpenFile.Access(offset: request.offset, isWrite: true)
    BlockedRequest.wait(file, access, unanswered) { [self] in write(copy.bytes, file, request, $0) }
  }

  /// A write that may have to wait: gives the reply back then.
  private func write(
    _ bytes: UnsafeRawBufferPointer, _ file: OpenFile, _ request: WriteRequest, _ reply: consuming WriteReply
  ) -> WriteReply? {
    let (outcome, changed) = RequestInvalidations.gather { () throws(VCMError) in
      request.isFromPageCache
        ? try file.writePages(bytes, at: request.offset) : try file.write(bytes, at: request.offset)
    }
    switch outcome {
    case .success(let count): succeed(count, request, changed, reply)
    case .failure(let error) where error.code == .wouldBlock && !request.flags.contains(.nonBlocking):
      refuse(changed)
      return reply
    case .failure(let error):
      refuse(changed)
      reply.fail(Errno(error))
      // What was stored is in the kernel's page, and nowhere else.
      if request.isFromPageCache { connection?.notifier.invalidateContents(of: request.inode) }
    }
    return nil
  }

  private func succeed(
    _ count: Int, _ request: WriteRequest, _ changed: [InodeNumber], _ reply: consuming WriteReply
  ) {
    guard let notifier = connection?.notifier else { return reply.fail(.inputOutput) }
    guard request.isFromPageCache else {
      return reply.succeed(count, afterInvalidating: changed, by: notifier)
    }
    // A mapping's page waits for this answer. Another mapping of the same memory may have stores of its own to write
    // before its pages can go, and that write could in turn wait for the page.
    reply.succeed(count)
    for inode in changed where inode != request.inode { notifier.invalidateContents(of: inode) }
  }

  /// `copy_file_range` between files of memory; others are copied by the kernel, by reads and writes.
  func copyRange(_ request: CopyRequest, context: RequestContext, reply: consuming WriteReply) {
    guard let source = request.sourceHandle.file, let target = request.destinationHandle.file else {
      return reply.fail(.badHandle)
    }
    let (outcome, changed) = RequestInvalidations.gather { () throws(VCMError) in
      try target.copy(
        from: source, at: request.sourceOffset, to: request.destinationOffset, length: request.length)
    }
    switch outcome {
    case .success(let count?):
      guard let notifier = connection?.notifier else { return reply.fail(.inputOutput) }
      reply.succeed(count, afterInvalidating: changed, by: notifier)
    case .success(nil):
      refuse(changed)
      reply.fail(.notSupported)
    case .failure(let error):
      refuse(changed)
      reply.fail(Errno(error))
    }
  }

  func poll(_ request: PollRequest, context: RequestContext, reply: consuming PollReply) {
    guard let file = request.handle.file else { return reply.fail(.badHandle) }
    if let waiter = request.waiter {
      // Registered before the file is asked, so that what comes between is not missed.
      polls.replace(request.handle, by: file.whenReadable { waiter.wake() })
    }
    var events: PollEvents = []
    if file.readiness.contains(.readable) { events.formUnion(.readable) }
    if file.readiness.contains(.writable) { events.formUnion(.writable) }
    reply.succeed(events)
  }
}

/// Bytes that live as long as somebody holds them, and that nobody changes.
private final class CopiedBytes: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer

  init(_ source: UnsafeRawBufferPointer) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: source.count, alignment: 16)
    copy.copyMemory(from: source)
    bytes = UnsafeRawBufferPointer(copy)
  }

  deinit {
    bytes.deallocate()
  }
}

extension VCMError {
  fileprivate static var wouldBlock: VCMError { VCMError(.wouldBlock, "there is nothing to read yet") }
}
