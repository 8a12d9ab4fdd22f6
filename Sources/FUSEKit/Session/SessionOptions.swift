internal import Glibc

/// How a filesystem is mounted and served.
///
/// Capabilities are asked for one by one, never taken from a library's defaults. Always on where the kernel
/// has them: asynchronous reads and direct I/O (several requests of one reader at a time), parallel lookups
/// in one directory, the clearing of set-user-id bits left to the filesystem (which saves a question for
/// `security.capability` at each write), entry expiry. Always off: write-back caching (a write would be
/// answered before the filesystem has seen it, so its errno came from close), splicing (slower than copying
/// up to 1 MiB, measured), remote locks (the kernel's local ones are right for one machine), POSIX ACLs, NFS
/// export.
public struct SessionOptions: Sendable {
  /// When the kernel reads a directory together with its files' attributes.
  public enum DirectoryAttributes: Sendable {
    /// Never.
    case never
    /// When it saw lookups follow a reading (`ls -l`).
    case automatic
    /// Always: a warm listing costs nine times as much.
    case always
  }

  /// The source shown by `mount` and `df`.
  public var name: String
  /// The filesystem's type is shown as `fuse.SUBTYPE`.
  public var subtype: String?
  /// The options of mount(8).
  public var mount = MountOptions()
  /// One thread serves all, one request after the other (`-s`).
  public var isSingleThreaded = false
  /// Prints each request on standard error (`-d`).
  public var isDebugging = false
  /// The number of threads; by default one for each core, at least 2.
  ///
  /// More only adds wake-ups.
  public var threadCount = max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
  /// Each thread reads from a device descriptor of its own.
  public var clonesDevice = true
  /// The largest read and write, in bytes: 4 KiB...1 MiB.
  public var maximumTransfer = 1 << 20
  /// The most requests of read-ahead and asynchronous direct I/O at a time.
  public var maximumBackground = 64
  /// Readdirplus.
  public var directoryAttributes = DirectoryAttributes.automatic
  /// Targets of links stay in the page cache until they are invalidated.
  public var cachesLinkTargets = true
  /// O_TRUNC comes with the open instead of as a setattr before it: one request less for `echo > file`.
  public var atomicTruncation = true
  /// Cached pages go only when the filesystem says so; else also when a getattr shows another time or length.
  public var invalidatesExplicitly = true
  /// Ask for passthrough (Linux 6.9, root): limits stacking on top of this filesystem to one level.
  public var wantsPassthrough = false
  /// Ask for MAP_SHARED of files with direct I/O (Linux 6.6).
  public var wantsDirectIOMemoryMapping = true
  /// End cleanly at SIGTERM, SIGINT and SIGHUP (where they are not ignored), and ignore SIGPIPE.
  public var handlesSignals = true

  /// The options of a filesystem that `mount` shows as `name`, of the type `fuse.SUBTYPE`.
  public init(name: String, subtype: String? = nil) {
    self.name = name
    self.subtype = subtype
  }

  /// `maximumTransfer` within its limits.
  var transferSize: Int { min(max(maximumTransfer, 4096), 1 << 20) }
}
