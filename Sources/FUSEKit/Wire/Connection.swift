internal import CFuse
internal import Glibc
internal import Synchronization

/// One connection to the kernel: owns libfuse's session, which lives as long as anybody can still answer
/// through it.
///
/// Requests that were kept, poll handles and the notifier hold the connection, so a late answer after the end
/// of the loop reaches a dead but valid session (the kernel says ENOENT or ENODEV) and never freed memory.
///
/// `@unchecked`: `session` and `fileSystem` are written before the loop starts and after its last thread was
/// joined; libfuse locks its session itself; all else is atomic or behind a mutex.
final class Connection: @unchecked Sendable {
  /// libfuse's `struct fuse_session`; nil until `open`, and for good where that failed.
  private(set) var session: OpaquePointer?
  /// Who serves the requests; nil after the end of the loop.
  var fileSystem: (any FileSystem)?
  let options: SessionOptions
  let interrupts = InterruptRegistry()
  /// What the INIT exchange is at; see `Connection+Handshake.swift`.
  let handshake = Mutex(Handshake())
  let handshakeDone = Atomic<Bool>(false)
  /// Requests taken from the kernel since the start.
  let requestCount = Atomic<UInt64>(0)
  /// False once the loop has ended: nothing is sent any more.
  let isOpen = Atomic<Bool>(true)
  /// Called once, on a loop's thread, when the kernel has been answered its INIT.
  var whenAnswering: (@Sendable () -> Void)?
  /// Handed to the filesystem in `initialize`; weak, as it holds this connection.
  weak var notifier: Notifier?

  init(fileSystem: any FileSystem, options: SessionOptions) {
    self.fileSystem = fileSystem
    self.options = options
  }

  deinit {
    if let session { fuse_session_destroy(session) }
  }

  /// Makes libfuse's session.
  ///
  /// The connection must outlive it, which `deinit` sees to.
  func open(arguments: [String]) throws(SessionError) {
    var copies = arguments.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let count = Int32(clamping: copies.count)
    let userData = Unmanaged.passUnretained(self).toOpaque()
    session = copies.withUnsafeMutableBufferPointer { vector in
      var list = fuse_args(argc: count, argv: vector.baseAddress, allocated: 0)
      var operations = Operations.table(for: options)
      let made = cfuse_session_new(&list, &operations, MemoryLayout<fuse_lowlevel_ops>.size, userData)
      fuse_opt_free_args(&list)
      return made
    }
    guard session != nil else {
      throw SessionError(
        .options, nil, "libfuse refused the options \(arguments.dropFirst().joined(separator: " "))")
    }
  }

  /// The device's descriptor, or -1.
  var device: Int32 {
    guard let session else { return -1 }
    return fuse_session_fd(session)
  }
}
