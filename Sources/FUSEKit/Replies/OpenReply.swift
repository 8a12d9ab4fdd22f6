internal import CFuse

/// The answer to open and opendir.
public struct OpenReply: Reply, ~Copyable {
  var pending: PendingRequest

  /// The file is open.
  ///
  /// - Parameters:
  ///   - handle: What the filesystem calls this opening from now on.
  ///   - options: How the kernel is to treat it.
  ///   - backing: Where given, reads, writes and mappings of this opening go straight to that file (FUSE
  ///     passthrough), and never to the filesystem. All openings of one inode at one time must name the same
  ///     backing file, and none may go through the page cache meanwhile, or the kernel refuses with EIO
  ///     (Linux fs/fuse/iomode.c).
  /// - Returns: Whether the kernel took it; where not, no release will follow.
  @discardableResult
  public consuming func succeed(
    handle: FileHandle, options: OpenOptions = [], backing: BackingFile? = nil
  ) -> Bool {
    var answer = OpenAnswer(handle: handle, options: options, backing: backing)
    // libfuse 3.14 has no words for backing files and parallel writes: the 16 bytes of fuse_open_out go out
    // as they are.
    return pending.answer { request in
      withUnsafeBytes(of: &answer) {
        fuse_reply_buf(request, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
      }
    }
  }
}

/// `struct fuse_open_out` of linux/fuse.h.
struct OpenAnswer {
  let handle: UInt64
  let flags: UInt32
  let backingID: Int32

  init(handle: FileHandle, options: OpenOptions, backing: BackingFile?) {
    self.handle = handle.wireValue(isDirect: options.contains(.directIO))
    flags = options.rawValue | (backing == nil ? 0 : OpenOptions.passthrough.rawValue)
    backingID = backing?.identifier ?? 0
  }
}

extension OpenReply {
  /// Refuses the request with `error`.
  public consuming func fail(_ error: Errno) {
    pending.fail(error)
  }

  /// Has `handler` called when the caller is interrupted; see ``Reply/onInterrupt(_:)``.
  public mutating func onInterrupt(_ handler: @escaping @Sendable () -> Void) -> Bool {
    pending.onInterrupt(handler)
  }

  /// Whether the caller has been interrupted.
  public var isInterrupted: Bool { pending.isInterrupted }
}
