internal import CFuse

/// The answer to readlink.
public struct LinkTargetReply: Reply, ~Copyable {
  var pending: PendingRequest

  /// The link points to `target`, at most 4095 bytes.
  public consuming func succeed(_ target: String) {
    pending.answer { request in
      target.withCString { fuse_reply_readlink(request, $0) }
    }
  }

  /// The link points to `target`, at most 4095 bytes.
  public consuming func succeed(_ target: FileName) {
    pending.answer { request in
      target.withCString { text, _ in fuse_reply_readlink(request, text) }
    }
  }
}

extension LinkTargetReply {
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
