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
      secondLooks.end(thread: context.processID)
      let opening = Unmanaged.passRetained(file)
      let backing = backing(of: file)
      var options = Self.options(of: file, request.flags)
      // Direct I/O would come here all the same.
      if backing != nil { options.subtract([.directIO, .parallelDirectWrites]) }
      let isTaken = reply.succeed(handle: FileHandle(opening), options: options, backing: backing)
      // A caller that was interrupted meanwhile never releases what it never got.
      if !isTaken {
        file.close()
        opening.release()
      }
    case .failure(let error): reply.fail(errno(error, ofNode: request.inode, context))
    }
  }

  /// How the kernel is to treat an open file: past its page cache, unless the content never changes.
  ///
  /// There the length comes from one request and the bytes from another, so that a value which changes between them
  /// would be cut off at the old length, or filled up with zeros.
  private static func options(of file: OpenFile, _ flags: OpenFlags) -> FUSEKit.OpenOptions {
    var options: FUSEKit.OpenOptions = file.isConstant ? .keepCache : [.directIO, .parallelDirectWrites]
    if !file.isSeekable { options.insert(.nonSeekable) }
    // The kernel writes a mapping's pages before it asks; to ask is never needed, and not served.
    if !file.hasPages { options.insert(.noFlush) }
    return options
  }

  func release(_ inode: InodeNumber, handle: FileHandle, flags: OpenFlags) {
    guard let opening = handle.opening else { return }
    polls.end(handle)
    if let file = handle.file, file.isRendered { textAhead.forget(file) }
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
