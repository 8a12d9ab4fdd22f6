internal import CFuse
internal import Glibc

/// The answer to getxattr and listxattr: bytes, or how many there are where the caller only asks for that.
public struct ExtendedAttributeReply: Reply, ~Copyable {
  var pending: PendingRequest
  /// The size of the caller's buffer; zero where it asks for the size of the value.
  public let size: Int

  /// The value, or the list of names, each ended by a NUL.
  ///
  /// Where the caller's buffer is too small it gets ERANGE.
  public consuming func succeed(_ value: [UInt8]) {
    let size = size
    pending.answer { request in
      if size == 0 { return fuse_reply_xattr(request, value.count) }
      if size < value.count { return fuse_reply_err(request, ERANGE) }
      return value.withUnsafeBytes {
        fuse_reply_buf(request, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
      }
    }
  }

  /// The names of a file's extended attributes.
  public consuming func succeed(names: [String]) {
    succeed(names.flatMap { Array($0.utf8) + [0] })
  }
}

extension ExtendedAttributeReply {
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
