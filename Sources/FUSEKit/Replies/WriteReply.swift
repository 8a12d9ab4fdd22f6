internal import CFuse

/// The answer to write and copy_file_range: how many bytes were taken.
public struct WriteReply: Reply, ~Copyable {
  var pending: PendingRequest
  /// The file whose pages the kernel holds locked until the answer: what is written through the page cache.
  let held: InodeNumber?

  /// The first `count` bytes were written.
  ///
  /// Through the page cache, fewer than all is an error.
  public consuming func succeed(_ count: Int) {
    pending.answer { fuse_reply_write($0, max(count, 0)) }
  }
}

extension WriteReply {
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
