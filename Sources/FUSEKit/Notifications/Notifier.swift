internal import CFuse
internal import Glibc
internal import Synchronization

/// Takes things out of the kernel's caches without being asked.
///
/// The kernel answers a notification by taking locks that a request may hold while it waits for its answer.
/// Who sends the wrong one from the wrong place waits for himself for ever, and not even SIGKILL helps (only
/// `umount -f`). So there is one group of methods for each place, and none does the wrong thing there:
///
/// | method | needs in the kernel | sent |
/// |---|---|---|
/// | ``invalidateAttributes(of:)`` | nothing | at once; from anywhere, with any lock held |
/// | ``PollHandle/wake()`` | nothing | at once; from anywhere, with any lock held |
/// | ``removeEntry(_:in:)``, ``expireEntry(_:in:)``, ``deleteEntry(_:in:inode:)`` | the directory's lock, which lookup, readdir, mkdir, unlink, symlink, rename in it hold until answered | later, by a thread of its own |
/// | ``invalidateAttributes(of:afterReadersOf:then:)`` | the same, for a moment | later, by the same thread |
/// | ``invalidateContents(of:)`` | the pages' locks, which a read or a write through the page cache holds until answered | later, by another thread of its own |
/// | `reply.succeed(…, afterInvalidating:by:)` | the same | *before* the answer, without blocking the loop; a file whose own pages the request holds is left out |
///
/// Rules that remain for the filesystem:
/// - What must never be read stale has to be invalid when the write that changed it is answered: use the last
///   form, or keep the file ``OpenOptions/directIO``, where ``invalidateAttributes(of:)`` is all it needs.
/// - The last form must not be called with a lock held that a read of the other files needs.
/// - What the kernel does not have in its caches is no error, and a notification after the end of the session
///   does nothing.
///
/// A notification costs 1 to 3 microseconds.
public final class Notifier: Sendable {
  private let connection: Connection
  private let entries: JobThread
  private let contents: JobThread
  /// How many threads of the loop may wait for pages at a time: all but one, which serves the reads that hold
  /// those pages.
  private let freeThreads: Atomic<Int>

  init(connection: Connection) {
    self.connection = connection
    entries = JobThread(name: "fuse-entries")
    contents = JobThread(name: "fuse-contents")
    let options = connection.options
    freeThreads = Atomic(options.isSingleThreaded ? 0 : max(options.threadCount - 1, 0))
  }

  /// The attributes of `inode` are asked for again before they are next shown.
  ///
  /// Safe from anywhere, with any lock held.
  public func invalidateAttributes(of inode: InodeNumber) {
    sendContents(inode, offset: -1, length: 0)
  }

  /// The attributes of `inode` are asked for again when nobody reads `directory` any more who began before this call: an
  /// answer with the old ones, which the kernel has not taken in yet, cannot last.
  ///
  /// Sent later, in the order of these calls; then `done` is called.
  public func invalidateAttributes(
    of inode: InodeNumber, afterReadersOf directory: InodeNumber, then done: @escaping @Sendable () -> Void
  ) {
    entries.add { [connection] in
      // Who reads a directory holds its lock until the answer is taken in, and whoever takes out a name needs it alone. It is
      // a name that hardly anything has; what has it is looked up again.
      connection.notify { fuse_lowlevel_notify_inval_entry($0, directory.rawValue, "\u{1}", 1) }
      connection.invalidate(inode, offset: -1, length: 0)
      done()
    }
  }

  /// The attributes and all cached pages of `inode` are asked for again; so is the target of a link, and a
  /// cached listing.
  ///
  /// Sent later, in the order of these calls.
  public func invalidateContents(of inode: InodeNumber) {
    contents.add { [connection] in connection.invalidate(inode, offset: 0, length: 0) }
  }

  /// The same for the pages that hold `length` bytes from `offset` on.
  ///
  /// - Parameters:
  ///   - offset: At most `Int64.max`.
  ///   - length: At most `Int64.max`; zero for all up to the end.
  public func invalidateContents(of inode: InodeNumber, offset: UInt64, length: UInt64) {
    let (start, count) = (Int64(clamping: offset), Int64(clamping: length))
    contents.add { [connection] in connection.invalidate(inode, offset: start, length: count) }
  }

  /// `name` in `parent` is looked up again before it is next used; what is mounted below it is detached.
  ///
  /// Sent later, in the order of these calls.
  public func removeEntry(_ name: FileName, in parent: InodeNumber) {
    entries.add { [connection] in
      connection.notify { session in
        name.withCString { fuse_lowlevel_notify_inval_entry(session, parent.rawValue, $0, $1) }
      }
    }
  }

  /// `name` in `parent` is looked up again before it is next used; what is mounted below it stays.
  ///
  /// Sent later, in the order of these calls. Before Linux 6.2 this is ``removeEntry(_:in:)``.
  public func expireEntry(_ name: FileName, in parent: InodeNumber) {
    entries.add { [connection] in
      let done = connection.notify { session in
        name.withCString {
          fuse_lowlevel_notify_expire_entry(session, parent.rawValue, $0, $1, FUSE_LL_EXPIRE_ONLY)
        }
      }
      guard done == -ENOSYS else { return }
      connection.notify { session in
        name.withCString { fuse_lowlevel_notify_inval_entry(session, parent.rawValue, $0, $1) }
      }
    }
  }

  /// `name` in `parent`, which stood for `inode`, has been deleted: also who is in there, or watches it by
  /// inotify, gets to know.
  ///
  /// Sent later, in the order of these calls.
  public func deleteEntry(_ name: FileName, in parent: InodeNumber, inode: InodeNumber) {
    entries.add { [connection] in
      connection.notify { session in
        name.withCString { fuse_lowlevel_notify_delete(session, parent.rawValue, inode.rawValue, $0, $1) }
      }
    }
  }

  /// Waits until all that was asked for before has been sent.
  ///
  /// Never from within a request.
  public func waitUntilSent() {
    entries.drain()
    contents.drain()
  }

  /// Invalidates the contents of `inodes`, save `own`, and then sends `answer`.
  ///
  /// On the calling thread as long as another one is left for the reads that hold the pages; else on the
  /// notifier's.
  func invalidate(_ inodes: [InodeNumber], except own: InodeNumber?, then answer: consuming PreparedAnswer) {
    let others = inodes.filter { $0 != own }
    if takeThread() {
      for inode in others { sendContents(inode, offset: 0, length: 0) }
      freeThreads.add(1, ordering: .relaxed)
      answer.send()
      return
    }
    let box = AnswerBox(answer)
    contents.add { [connection] in
      for inode in others { connection.invalidate(inode, offset: 0, length: 0) }
      box.send()
    }
  }

  /// Starts the threads; what was asked for before is sent now.
  func start() throws(SessionError) {
    guard entries.start(), contents.start() else {
      throw SessionError(.loop, .current, "can't start a thread")
    }
  }

  /// Ends the threads, after what they still have to send.
  func close() {
    entries.close()
    contents.close()
  }

  private func takeThread() -> Bool {
    var free = freeThreads.load(ordering: .relaxed)
    while free > 0 {
      let (taken, found) = freeThreads.weakCompareExchange(
        expected: free, desired: free - 1, ordering: .relaxed)
      if taken { return true }
      free = found
    }
    return false
  }

  private func sendContents(_ inode: InodeNumber, offset: Int64, length: Int64) {
    connection.invalidate(inode, offset: offset, length: length)
  }
}

extension Connection {
  /// Calls `body` with the session as long as it is open; its result, or zero.
  @discardableResult
  func notify(_ body: (OpaquePointer) -> Int32) -> Int32 {
    guard let session, isOpen.load(ordering: .acquiring) else { return 0 }
    return body(session)
  }

  func invalidate(_ inode: InodeNumber, offset: Int64, length: Int64) {
    notify { fuse_lowlevel_notify_inval_inode($0, inode.rawValue, .init(offset), .init(length)) }
  }
}
