internal import Synchronization

/// A reply with what it will say.
enum PreparedAnswer: ~Copyable, Sendable {
  case status(StatusReply)
  case entry(EntryReply, Entry)
  case attributes(AttributesReply, FileAttributes, CacheTimeout)
  case written(WriteReply, Int)

  consuming func send() {
    switch consume self {
    case .status(let reply): reply.succeed()
    case .entry(let reply, let entry): reply.succeed(entry)
    case .attributes(let reply, let attributes, let timeout): reply.succeed(attributes, timeout: timeout)
    case .written(let reply, let count): reply.succeed(count)
    }
  }
}

/// A prepared answer that a closure can carry.
final class AnswerBox: Sendable {
  private let slot: Mutex<PreparedAnswer?>

  init(_ answer: consuming PreparedAnswer) {
    slot = Mutex(answer)
  }

  func send() {
    let answer = slot.withLock { $0.take() }
    answer?.send()
  }
}

extension StatusReply {
  /// The operation was done, and the cached contents of `inodes` are gone before the caller sees that; see
  /// ``Notifier``.
  public consuming func succeed(afterInvalidating inodes: [InodeNumber], by notifier: Notifier) {
    guard !inodes.isEmpty else { return succeed() }
    notifier.invalidate(inodes, except: nil, then: .status(self))
  }
}

extension EntryReply {
  /// The name stands for `entry`, and the cached contents of `inodes` are gone before the caller sees that;
  /// see ``Notifier``.
  public consuming func succeed(
    _ entry: Entry, afterInvalidating inodes: [InodeNumber], by notifier: Notifier
  ) {
    guard !inodes.isEmpty else {
      succeed(entry)
      return
    }
    notifier.invalidate(inodes, except: nil, then: .entry(self, entry))
  }
}

extension AttributesReply {
  /// The attributes were changed, and the cached contents of `inodes` (save this file's, which the kernel
  /// sees to) are gone before the caller sees that; see ``Notifier``.
  public consuming func succeed(
    _ attributes: FileAttributes, timeout: CacheTimeout = .zero, afterInvalidating inodes: [InodeNumber],
    by notifier: Notifier
  ) {
    guard !inodes.isEmpty else { return succeed(attributes, timeout: timeout) }
    let own = inode
    notifier.invalidate(inodes, except: own, then: .attributes(self, attributes, timeout))
  }
}

extension WriteReply {
  /// The first `count` bytes were written, and the cached contents of `inodes` are gone before the caller
  /// sees that.
  ///
  /// See ``Notifier``. The written file itself may be among them: it is left out where the write came through
  /// the page cache (whose page has the written bytes), and not where its opening has
  /// ``OpenOptions/directIO``.
  public consuming func succeed(
    _ count: Int, afterInvalidating inodes: [InodeNumber], by notifier: Notifier
  ) {
    guard !inodes.isEmpty else { return succeed(count) }
    let held = held
    notifier.invalidate(inodes, except: held, then: .written(self, count))
  }
}
