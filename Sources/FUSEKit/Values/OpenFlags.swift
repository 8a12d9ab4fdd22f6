internal import Glibc

/// How a caller wants a file opened: the flags of open(2) that reach a filesystem.
public struct OpenFlags: OptionSet, Hashable, Sendable {
  /// The flags as in `fcntl.h`.
  public let rawValue: Int32

  /// The flags of the number `rawValue`.
  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// O_TRUNC: make the file empty.
  ///
  /// Sent with the open only where ``SessionOptions/atomicTruncation`` is on.
  public static var truncate: OpenFlags { OpenFlags(rawValue: O_TRUNC) }
  /// O_APPEND.
  public static var append: OpenFlags { OpenFlags(rawValue: O_APPEND) }
  /// O_NONBLOCK: answer EAGAIN rather than wait.
  public static var nonBlocking: OpenFlags { OpenFlags(rawValue: O_NONBLOCK) }
  /// O_EXCL.
  public static var exclusive: OpenFlags { OpenFlags(rawValue: O_EXCL) }
  /// O_SYNC.
  public static var synchronous: OpenFlags { OpenFlags(rawValue: O_SYNC) }
  /// O_DIRECT, x86's number.
  public static var direct: OpenFlags { OpenFlags(rawValue: 0o40000) }

  /// Whether the caller may read through this opening.
  public var readable: Bool { rawValue & O_ACCMODE != O_WRONLY }
  /// Whether the caller may write through this opening.
  public var writable: Bool { rawValue & O_ACCMODE != O_RDONLY }
}

/// How the kernel is to treat an open file or directory: the FOPEN_ flags of an answer to open.
public struct OpenOptions: OptionSet, Hashable, Sendable {
  /// The bits as in linux/fuse.h.
  public let rawValue: UInt32

  /// The options of the bits `rawValue`.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// Each read and write comes to the filesystem, past the page cache.
  ///
  /// MAP_SHARED fails with ENODEV unless the connection has ``ConnectionInfo/directIOMemoryMapping``.
  public static var directIO: OpenOptions { OpenOptions(rawValue: 1 << 0) }
  /// Pages cached by earlier openings stay valid.
  public static var keepCache: OpenOptions { OpenOptions(rawValue: 1 << 1) }
  /// lseek(2) and pread(2) fail with ESPIPE.
  public static var nonSeekable: OpenOptions { OpenOptions(rawValue: 1 << 2) }
  /// The kernel may keep the listing of this directory (with ``keepCache``: use the one kept before).
  public static var cacheDirectory: OpenOptions { OpenOptions(rawValue: 1 << 3) }
  /// The file has no position at all.
  public static var stream: OpenOptions { OpenOptions(rawValue: 1 << 4) }
  /// No flush request at close.
  public static var noFlush: OpenOptions { OpenOptions(rawValue: 1 << 5) }
  /// Writes with ``directIO`` to one inode may come at the same time.
  public static var parallelDirectWrites: OpenOptions { OpenOptions(rawValue: 1 << 6) }
  /// Reads, writes and mappings go to the backing file; set by ``OpenReply`` where one is given.
  static var passthrough: OpenOptions { OpenOptions(rawValue: 1 << 7) }
}
