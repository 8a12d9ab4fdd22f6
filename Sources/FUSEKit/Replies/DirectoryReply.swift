internal import CFuse
internal import Glibc

/// The answer to readdir and readdirplus, written entry by entry into one buffer of the size that the kernel
/// asked for.
///
/// ```swift
/// for child in children.after(offset) {
///   guard reply.add(child.name, child.entry, next: child.cookie) else { break }
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
  public mutating func add(_ name: String, _ entry: Entry, next: UInt64) -> Bool {
    var name = name
    let plus = includesAttributes
    return name.withUTF8 { Self.add(UnsafeRawBufferPointer($0), entry, next: next, plus: plus, to: &buffer) }
  }

  /// Adds a name given as bytes; see ``add(_:_:next:)-(String,_,_)``.
  public mutating func add(bytes: UnsafeRawBufferPointer, _ entry: Entry, next: UInt64) -> Bool {
    Self.add(bytes, entry, next: next, plus: includesAttributes, to: &buffer)
  }

  /// Adds a name of which only number and kind are told, also where attributes are wanted: `.` and `..`,
  /// and entries whose attributes would be dear to find.
  ///
  /// It raises no lookup count.
  public mutating func add(_ name: String, inode: InodeNumber, kind: FileKind, next: UInt64) -> Bool {
    var name = name
    let plus = includesAttributes
    return name.withUTF8 {
      let bytes = UnsafeRawBufferPointer($0)
      guard Self.isSendable(bytes) else { return true }
      let header = plus ? EntryRecord.size : 0
      guard let record = buffer.append(DirectoryRecord.size(nameLength: bytes.count) + header) else {
        return false
      }
      if plus { record.prefix(header).initializeMemory(as: UInt8.self, repeating: 0) }
      DirectoryRecord.store(
        bytes, inode: inode, kind: kind, next: next, into: .init(rebasing: record[header...]))
      return true
    }
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

  private static func add(
    _ name: UnsafeRawBufferPointer, _ entry: Entry, next: UInt64, plus: Bool, to buffer: inout RecordBuffer
  ) -> Bool {
    guard isSendable(name) else { return true }
    let header = plus ? EntryRecord.size : 0
    guard let record = buffer.append(DirectoryRecord.size(nameLength: name.count) + header) else {
      return false
    }
    if plus { EntryRecord.store(entry, into: record) }
    DirectoryRecord.store(
      name, inode: entry.attributes.inode, kind: entry.attributes.mode.kind, next: next,
      into: .init(rebasing: record[header...]))
    return true
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
