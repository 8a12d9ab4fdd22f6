internal import CFuse

/// The answer to lseek with SEEK_DATA or SEEK_HOLE.
public struct SeekReply: Reply, ~Copyable {
  var pending: PendingRequest

  /// The offset found, at most `Int64.max`.
  public consuming func succeed(_ offset: UInt64) {
    pending.answer { fuse_reply_lseek($0, .init(clamping: offset)) }
  }
}

extension SeekReply {
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
