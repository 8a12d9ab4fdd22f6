import FUSEKit
import StateTree
import VCM

// Open files. A handle is the address of the open file, which the kernel only gives back.
extension VCMFileSystem {
  func open(_ request: OpenRequest, context: RequestContext, reply: consuming OpenReply) {
    let (outcome, changed) = RequestInvalidations.gather { () throws(VCMError) in
      try tree.open(NodeID(request.inode), StateTree.OpenOptions(request.flags), caller: Caller(context))
    }
    refuse(changed)
    switch outcome {
    case .success(let file):
      let opening = Unmanaged.passRetained(file)
      let isTaken = reply.succeed(
        handle: FileHandle(opening), options: Self.options(of: file, request.flags),
        backing: backing(of: file))
      // A caller that was interrupted meanwhile never releases what it never got.
      if !isTaken {
        file.close()
        opening.release()
      }
    case .failure(let error): reply.fail(errnoOfNode(error))
    }
  }

  /// How the kernel is to treat an open file: never through its page cache.
  ///
  /// There the length comes from one request and the bytes from another, so that a value which changes between them
  /// would be cut off at the old length, or filled up with zeros.
  private static func options(of file: OpenFile, _ flags: OpenFlags) -> FUSEKit.OpenOptions {
    var options: FUSEKit.OpenOptions = [.directIO, .parallelDirectWrites]
    if !file.isSeekable { options.insert(.nonSeekable) }
    // Only a text that was written can end with the close.
    if !flags.writable { options.insert(.noFlush) }
    return options
  }

  func read(_ request: ReadRequest, context: RequestContext, reply: consuming ReadReply) {
    guard let file = request.handle.file else { return reply.fail(.badHandle) }
    reply.fill { (buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int in
      do throws(VCMError) {
        switch try file.read(at: request.offset, into: buffer) {
        case .bytes(let count): return count
        case .wouldBlock: throw VCMError(.wouldBlock, "nothing to read yet")
        }
      } catch {
        throw Errno(error)
      }
    }
  }

  func write(
    _ bytes: UnsafeRawBufferPointer, _ request: WriteRequest, context: RequestContext,
    reply: consuming WriteReply
  ) {
    guard let file = request.handle.file else { return reply.fail(.badHandle) }
    let (outcome, changed) = RequestInvalidations.gather { () throws(VCMError) in
      try file.write(bytes, at: request.offset)
    }
    switch outcome {
    case .success(let count):
      guard let notifier = connection?.notifier else { return reply.fail(.inputOutput) }
      guard request.isFromPageCache else {
        return reply.succeed(count, afterInvalidating: changed, by: notifier)
      }
      // A mapping's page waits for this answer. Another mapping of the same memory may have stores of its own to write
      // before its pages can go, and that write could in turn wait for the page.
      reply.succeed(count)
      for inode in changed where inode != request.inode { notifier.invalidateContents(of: inode) }
    case .failure(let error):
      refuse(changed)
      reply.fail(Errno(error))
    }
  }

  func flush(
    _ inode: InodeNumber, handle: FileHandle, context: RequestContext, reply: consuming StatusReply
  ) {
    guard let file = handle.file else { return reply.fail(.badHandle) }
    let (outcome, changed) = RequestInvalidations.gather { () throws(VCMError) in try file.flush() }
    switch outcome {
    case .success:
      guard let notifier = connection?.notifier else { return reply.succeed() }
      reply.succeed(afterInvalidating: changed, by: notifier)
    case .failure(let error):
      refuse(changed)
      reply.fail(Errno(error))
    }
  }

  func release(_ inode: InodeNumber, handle: FileHandle, flags: OpenFlags) {
    guard let opening = handle.opening else { return }
    opening.takeUnretainedValue().close()
    opening.release()
  }

  func seek(_ request: SeekRequest, context: RequestContext, reply: consuming SeekReply) {
    guard let file = request.handle.file else { return reply.fail(.badHandle) }
    do throws(VCMError) {
      switch request.target {
      case .data: reply.succeed(try file.nextData(from: request.offset))
      case .hole: reply.succeed(try file.nextHole(from: request.offset))
      }
    } catch {
      reply.fail(Errno(error))
    }
  }
}

extension FileHandle {
  /// The handle of an open file, which lives until its release.
  init(_ opening: Unmanaged<OpenFile>) {
    self.init(rawValue: UInt64(UInt(bitPattern: opening.toOpaque())))
  }

  /// The open file; nil for a handle that stands for none.
  var file: OpenFile? { opening?.takeUnretainedValue() }

  var opening: Unmanaged<OpenFile>? {
    UnsafeRawPointer(bitPattern: UInt(rawValue)).map { Unmanaged.fromOpaque($0) }
  }
}
