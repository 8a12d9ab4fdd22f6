internal import CFuse

/// The answer to poll: what the file is ready for now.
///
/// It is given at once; waiting is the kernel's business.
public struct PollReply: Reply, ~Copyable {
  var pending: PendingRequest

  /// The file is ready for `events`; empty where for none of those that were asked for.
  public consuming func succeed(_ events: PollEvents) {
    pending.answer { fuse_reply_poll($0, events.rawValue) }
  }
}

extension PollReply {
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
