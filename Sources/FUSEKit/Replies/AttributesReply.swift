internal import CFuse

/// The answer to getattr and setattr.
public struct AttributesReply: Reply, ~Copyable {
  var pending: PendingRequest
  /// The file whose attributes are asked for or changed.
  let inode: InodeNumber

  /// The file's attributes (after the change, for setattr), which the kernel may keep for `timeout`.
  public consuming func succeed(_ attributes: FileAttributes, timeout: CacheTimeout = .zero) {
    var value = attributes.statValue
    pending.answer { fuse_reply_attr($0, &value, timeout.seconds) }
  }
}

extension AttributesReply {
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
