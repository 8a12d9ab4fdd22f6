internal import CFuse

/// The answer to create: a new name and, at the same time, an open file.
public struct CreateReply: Reply, ~Copyable {
  var pending: PendingRequest

  /// The file was made and is open.
  ///
  /// - Returns: Whether the kernel took it, and so counts one more lookup of the inode; where not, no release
  ///   will follow.
  @discardableResult
  public consuming func succeed(_ entry: Entry, handle: FileHandle, options: OpenOptions = []) -> Bool {
    let answer = OpenAnswer(handle: handle, options: options, backing: nil)
    return pending.answer { request in
      withUnsafeTemporaryAllocation(byteCount: EntryRecord.size + 16, alignment: 8) { buffer in
        EntryRecord.store(entry, into: buffer)
        buffer.storeBytes(of: answer.handle, toByteOffset: EntryRecord.size, as: UInt64.self)
        buffer.storeBytes(of: answer.flags, toByteOffset: EntryRecord.size + 8, as: UInt32.self)
        buffer.storeBytes(of: 0, toByteOffset: EntryRecord.size + 12, as: UInt32.self)
        return fuse_reply_buf(request, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
      }
    }
  }
}

extension CreateReply {
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
