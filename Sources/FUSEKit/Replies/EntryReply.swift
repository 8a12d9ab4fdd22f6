internal import CFuse

/// The answer to lookup, mkdir, symlink, mknod and link: a name and what it stands for.
public struct EntryReply: Reply, ~Copyable {
  var pending: PendingRequest

  /// The name stands for `entry`.
  ///
  /// - Returns: Whether the kernel took it, and so counts one more lookup of the inode.
  @discardableResult
  public consuming func succeed(_ entry: Entry) -> Bool {
    var parameters = entry.parameters
    return pending.answer { fuse_reply_entry($0, &parameters) }
  }

  /// The name does not exist (ENOENT), and the kernel may believe so for `timeout`.
  ///
  /// Only for lookup.
  public consuming func missing(for timeout: CacheTimeout) {
    var parameters = fuse_entry_param()
    parameters.entry_timeout = timeout.seconds
    pending.answer { fuse_reply_entry($0, &parameters) }
  }
}

extension EntryReply {
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
