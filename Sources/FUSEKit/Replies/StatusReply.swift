internal import CFuse

/// The answer to an operation that gives nothing back: unlink, rmdir, rename, flush, fsync, setxattr,
/// removexattr, fallocate.
public struct StatusReply: Reply, ~Copyable {
  var pending: PendingRequest

  /// The operation was done.
  public consuming func succeed() {
    pending.answer { fuse_reply_err($0, 0) }
  }
}

extension StatusReply {
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
