internal import CFuse
internal import Glibc

/// The answer to readdir and readdirplus, written entry by entry into one buffer of the size that the kernel
/// asked for, which belongs to the thread and is used again.
///
/// ```swift
/// for child in children.after(offset) {
///   guard reply.add(child.nameBytes, child.entry, next: child.cookie) else { break }
/// }
/// reply.send()
/// ```
public struct DirectoryReply: Reply, ~Copyable {
  var pending: PendingRequest
  private var buffer: RecordBuffer
  /// Whether the kernel wants attributes with the names (readdirplus).
  ///
  /// Each entry that is then added by `add(_:_:next:)`, save `.` and `..`, raises its inode's lookup count
  /// by one, as a lookup does.
  public let includesAttributes: Bool

  init(pending: consuming PendingRequest, size: Int, includesAttributes: Bool) {
    self.pending = pending
    buffer = RecordBuffer(capacity: size)
    self.includesAttributes = includesAttributes
  }

  /// Adds a name with what it stands for.
  ///
  /// O(length of the name).
  ///
  /// - Parameters:
  ///   - name: The name: 1...1024 bytes without `/`. Another would spoil the whole listing and is left out.
  ///   - entry: What it stands for. A plain readdir sends only number and kind.
  ///   - next: The offset at which a later request continues behind this entry; never zero, and valid as long
  ///     as the directory is open, whatever is added or removed meanwhile.
  /// - Returns: False where there is no more room: the entry was not added (and counts no lookup).
  public mutating func add(_ name: UnsafeRawBufferPointer, _ entry: Entry, next: UInt64) -> Bool {
    guard includesAttributes else {
      return add(name, inode: entry.attributes.inode, kind: entry.attributes.mode.kind, next: next)
    }
    guard Self.isSendable(name) else { return true }
    guard let record = buffer.append(EntryRecord.size + DirectoryRecord.size(nameLength: name.count)) else {
      return false
    }
    EntryRecord.store(entry, into: record)
    DirectoryRecord.store(
      name, inode: entry.attributes.inode, kind: entry.attributes.mode.kind, next: next,
      into: .init(rebasing: record[EntryRecord.size...]))
    return true
  }

  /// Adds a name of which only number and kind are told, also where attributes are wanted: `.` and `..`,
  /// and entries whose attributes would be dear to find.
  ///
  /// It raises no lookup count.
  public mutating func add(
    _ name: UnsafeRawBufferPointer, inode: InodeNumber, kind: FileKind, next: UInt64
  ) -> Bool {
    guard Self.isSendable(name) else { return true }
    let header = includesAttributes ? EntryRecord.size : 0
    guard let record = buffer.append(header + DirectoryRecord.size(nameLength: name.count)) else {
      return false
    }
    if header > 0 { record.prefix(header).initializeMemory(as: UInt8.self, repeating: 0) }
    DirectoryRecord.store(
      name, inode: inode, kind: kind, next: next, into: .init(rebasing: record[header...]))
    return true
  }

  /// Sends what was added.
  ///
  /// Nothing added means the end of the directory.
  public consuming func send() {
    let bytes = buffer.bytes
    // The buffer lives until the end of this method.
    pending.answer { request in
      fuse_reply_buf(request, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }
    buffer.end()
  }

  /// What the kernel accepts: Linux fs/fuse/readdir.c, parse_dirfile.
  private static func isSendable(_ name: UnsafeRawBufferPointer) -> Bool {
    guard (1...1024).contains(name.count), let start = name.baseAddress else { return false }
    return memchr(start, 0x2F, name.count) == nil
  }
}

extension DirectoryReply {
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
