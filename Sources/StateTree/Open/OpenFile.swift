public import VCM

/// A file that was opened: what one open of it reads and writes.
///
/// An open file shows one moment: what it read at the time of opening, or the answer to what was written to it. It may be
/// used from several threads.
public class OpenFile: @unchecked Sendable {
  /// What a read got.
  public enum ReadOutcome: Sendable, Equatable {
    /// So many bytes; 0 at the end.
    case bytes(Int)
    /// Nothing yet: ``OpenFile/whenPossible(_:_:)`` says when to read again.
    case wouldBlock
  }

  /// A read or write that may have to wait.
  public struct Access: Sendable, Hashable {
    /// Where it begins.
    public let offset: UInt64
    /// Whether it writes.
    public let isWrite: Bool

    /// An access at an offset.
    public init(offset: UInt64, isWrite: Bool) {
      self.offset = offset
      self.isWrite = isWrite
    }
  }

  /// What `poll` sees.
  public struct Readiness: OptionSet, Sendable, Hashable {
    /// The set's bits.
    public let rawValue: UInt8

    /// A set from its bits.
    public init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// A read gets something, or the end, at once (`POLLIN`).
    public static let readable = Readiness(rawValue: 1)
    /// A write is taken at once (`POLLOUT`).
    public static let writable = Readiness(rawValue: 2)
  }

  /// The file.
  public let node: NodeID
  /// Whether the file's content stays as it is as long as the file exists, so that the kernel may keep it.
  public let isConstant: Bool
  /// Whether the file was opened with `O_NONBLOCK`: what would block is then answered with `EAGAIN` by who mounts the tree.
  public let isNonBlocking: Bool
  /// Whether offsets mean something; streams have none (`FOPEN_NONSEEKABLE`).
  public var isSeekable: Bool { true }

  /// Whether the file's bytes are memory, so that bytes may be copied from or to it in pieces of any size.
  public var isMemory: Bool { false }

  /// Whether a read of many bytes takes long: what is read is made for it, or is memory.
  public var isLong: Bool { isMemory }

  /// Whether what ``withBytes(at:room:isForPages:_:)`` gives lies somewhere, so that it need not be copied.
  public var liesInMemory: Bool { isMemory }

  /// Whether each read makes a text of what stays as it was when the file was opened, so that it may be made beforehand.
  public var isRendered: Bool { false }

  init(node: NodeID, isConstant: Bool = false, isNonBlocking: Bool = false) {
    self.isNonBlocking = isNonBlocking
    self.node = node
    self.isConstant = isConstant
  }

  /// Reads from `offset` on into `buffer`.
  ///
  /// - Throws: what the file's kind has to say.
  public func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(VCMError) -> ReadOutcome { .bytes(0) }

  /// Writes `bytes` at `offset`, and says how many were taken: all.
  ///
  /// - Throws: the exact failure of the transaction that the text asks for. The code `wouldBlock` means, as for reads, to
  ///   write the same again when ``whenPossible(_:_:)`` says so.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(VCMError) -> Int {
    throw VCMError(.badDescriptor, "the file takes no text")
  }

  /// Reads for the kernel's page cache, which a mapping shows.
  ///
  /// `buffer` is whole pages, of which all are read, or none but at the end of the file. Never waits.
  ///
  /// - Throws: as ``read(at:into:)``; the kernel then asks for one page alone, and whoever touches that gets `SIGBUS`.
  public func readPages(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(VCMError) -> ReadOutcome { try read(at: offset, into: buffer) }

  /// Writes what was stored through a mapping.
  ///
  /// Never waits.
  ///
  /// - Throws: as ``write(_:at:)``: `msync` then fails, and what the page cache has is not what the file has.
  public func writePages(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(VCMError) -> Int {
    try write(bytes, at: offset)
  }

  /// Copies from another open file, if both are memory (`copy_file_range`, `vcm_res_copy`).
  ///
  /// - Returns: how many bytes were copied, at most a few megabytes at a time and 0 at the end of `source`; nil if one of
  ///   the two is no memory.
  /// - Throws: as ``write(_:at:)``.
  public func copy(
    from source: OpenFile, at sourceOffset: UInt64, to offset: UInt64, length: UInt64
  ) throws(VCMError) -> Int? { nil }

  /// Gives up what the open file holds (`RELEASE`), when the last descriptor of it has been closed.
  ///
  /// A text whose last piece was as long as the largest is taken now. Nobody can be told of its failure but `last_error`.
  public func close() {}

  /// What `poll` sees now.
  public var readiness: Readiness { [.readable, .writable] }

  /// Whether a read may have to wait, whatever ``readiness`` says just before it.
  public var mayWait: Bool { !isSeekable }

  /// Whether a mapping of the file may have pages that are to be written when a descriptor is closed.
  public var hasPages: Bool { false }

  /// Asks to be called, once and on any thread, when a read or write that would have blocked need not any more.
  ///
  /// - Returns: a wait that can be given up; nil if a read need not block any more already: `body` is then not called.
  public func whenReadable(_ body: @escaping @Sendable () -> Void) -> (any ReadWait)? { nil }

  /// Asks to be called, once and on any thread, when it is worth while to try one access again that would have blocked.
  ///
  /// - Returns: a wait that can be given up; nil if the access is to be tried at once: `body` is then not called.
  public func whenPossible(_ access: Access, _ body: @escaping @Sendable () -> Void) -> (any ReadWait)? {
    whenReadable(body)
  }

  /// Forgets an access that would have blocked: it was interrupted, and is not tried again.
  public func giveUp(_ access: Access) {}

  /// Reads from `offset` on as many bytes as `room` has, and calls `body` once with them, in pieces one after the other.
  ///
  /// The pieces are where the bytes lie, else in `room`, and stay there until `body` returns.
  ///
  /// What lies in memory may only be given to a system call: another process may shorten the memory file, and whoever
  /// loads from it then gets `SIGBUS`.
  ///
  /// - Parameter isForPages: as ``readPages(at:into:)``, else as ``read(at:into:)``.
  /// - Throws: as these; the code `wouldBlock` if there is nothing yet. `body` is then not called.
  public func withBytes(
    at offset: UInt64, room: UnsafeMutableRawBufferPointer, isForPages: Bool,
    _ body: ([UnsafeRawBufferPointer]) -> Void
  ) throws(VCMError) {
    let outcome = isForPages ? try readPages(at: offset, into: room) : try read(at: offset, into: room)
    guard case .bytes(let count) = outcome else {
      throw VCMError(.wouldBlock, "there is nothing to read yet")
    }
    body([UnsafeRawBufferPointer(rebasing: room.prefix(count))])
  }

  /// Where the next data (`SEEK_DATA`) at or behind an offset begins, or the next hole (`SEEK_HOLE`).
  ///
  /// - Throws: `ENXIO` at the end of the file, and if there is no more data.
  public func nextData(from offset: UInt64) throws(VCMError) -> UInt64 {
    throw VCMError(.noMemoryBehind, "there is no data behind offset \(offset)")
  }

  /// Where the next hole at or behind an offset begins; the end of the file counts as one.
  ///
  /// - Throws: `ENXIO` at the end of the file.
  public func nextHole(from offset: UInt64) throws(VCMError) -> UInt64 {
    throw VCMError(.noMemoryBehind, "offset \(offset) is behind the end")
  }

  /// Which part of the memory file is this file, if it is one piece: for an `mmap` that is the memory itself.
  public func memoryFileRange() throws(VCMError) -> MemoryFileRange? { nil }

  /// Whether it is the whole physical memory, which nothing takes away while it is open.
  public var isWholeMemory: Bool { false }
}

/// Part of the memory file.
public struct MemoryFileRange: Sendable, Hashable {
  /// The memory file's descriptor, which lives as long as the tree.
  public let fileDescriptor: Int32
  /// Where the part begins.
  public let offset: UInt64
  /// The number of bytes.
  public let length: UInt64
}

/// A reader that waits.
public protocol ReadWait: AnyObject, Sendable {
  /// Gives the wait up: after this returns, its body is not called any more.
  func cancel()
}
