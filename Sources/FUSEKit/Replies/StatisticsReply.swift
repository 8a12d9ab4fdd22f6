internal import CFuse

/// The answer to statfs.
public struct StatisticsReply: Reply, ~Copyable {
  var pending: PendingRequest

  /// What `df` is to show.
  public consuming func succeed(_ statistics: FileSystemStatistics) {
    var value = statistics.statvfsValue
    pending.answer { fuse_reply_statfs($0, &value) }
  }
}

extension StatisticsReply {
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
