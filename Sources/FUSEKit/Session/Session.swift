internal import CFuse
internal import Glibc
internal import Synchronization

/// A filesystem on its mount point, from mount to unmount.
///
/// ```swift
/// let session = try Session(fileSystem, options: SessionOptions(name: "hello", subtype: "hello"))
/// try session.run(at: "/mnt") { print("mounted") }
/// ```
public final class Session: Sendable {
  /// Why a session ended.
  public enum Ending: Hashable, Sendable {
    /// Somebody unmounted it.
    case unmounted
    /// This signal came.
    case signal(Int32)
    /// ``Session/stop()`` was called.
    case stopped
  }

  private let connection: Connection
  private let channel: ControlChannel
  private let hasRun = Atomic<Bool>(false)
  /// Takes things out of the kernel's caches; the same that the filesystem gets in `initialize`.
  public let notifier: Notifier

  /// A session of `fileSystem`, not yet mounted.
  ///
  /// - Throws: `.options` where libfuse refuses the options; `.device` where no descriptors are left.
  public init(_ fileSystem: some FileSystem, options: SessionOptions) throws(SessionError) {
    guard let channel = ControlChannel() else { throw SessionError(.device, .current, "can't make a pipe") }
    self.channel = channel
    connection = Connection(fileSystem: fileSystem, options: options)
    notifier = Notifier(connection: connection)
    connection.notifier = notifier
    connection.whenAnswering = { channel.send(.answering) }
    try connection.open(arguments: options.arguments)
  }

  /// Mounts, serves and unmounts; returns when all is over.
  ///
  /// Once for each session.
  ///
  /// The calling thread only waits; requests are served on threads of libfuse. A dead mount at `mountPoint`
  /// is taken over.
  ///
  /// - Parameters:
  ///   - mountPoint: A directory.
  ///   - onReady: Called once, on a thread of the session, when the mount has answered a stat(2). The place
  ///     for ``Daemon/report``.
  /// - Returns: What ended it; a signal is not an error.
  /// - Throws: `.mountPoint`, `.device`, `.mount`; `.notAnswering` where the kernel or the filesystem did not
  ///   answer; `.loop`.
  @discardableResult
  public func run(
    at mountPoint: String, onReady: @escaping @Sendable () -> Void = {}
  ) throws(SessionError) -> Ending {
    guard !hasRun.exchange(true, ordering: .relaxed) else {
      throw SessionError(.loop, nil, "a session runs only once")
    }
    StandardDescriptors.ensureOpen()
    let mounting = try Mounting(connection, on: try MountPoint(mountPoint))
    let handlers = connection.options.handlesSignals ? SignalHandlers(channel) : nil
    defer { handlers?.remove() }
    let loop = LoopThread()
    defer { loop.restore() }
    let control = SessionControl(connection, channel: channel, mounting: mounting, loop: loop)
    let thread = try startThreads(control, mounting, onReady)
    let result = LoopThread.run(connection)
    channel.send(.ended)
    thread.join()
    end(mounting)
    control.joinProbe()
    return try control.ending(loopResult: result)
  }

  private func startThreads(
    _ control: SessionControl, _ mounting: Mounting, _ onReady: @escaping @Sendable () -> Void
  ) throws(SessionError) -> PosixThread {
    do throws(SessionError) {
      try notifier.start()
      guard let thread = PosixThread.start("fuse-control", { control.run(onReady) }) else {
        throw SessionError(.loop, .current, "can't start a thread")
      }
      return thread
    } catch {
      end(mounting)
      throw error
    }
  }

  /// Ends `run`, on whatever thread that is.
  ///
  /// Safe from anywhere.
  public func stop() {
    channel.send(.stop)
  }

  /// The requests that the kernel has sent so far.
  public var requestCount: UInt64 { connection.requestCount.load(ordering: .relaxed) }

  /// The loop's threads are gone.
  ///
  /// The order matters: unmounting releases whoever waits in the kernel, the notifier included; the
  /// filesystem then drops what it kept; the session's memory goes with its last user.
  private func end(_ mounting: Mounting) {
    connection.isOpen.store(false, ordering: .sequentiallyConsistent)
    // Without this mark libfuse complains on standard error of each late answer.
    if let session = connection.session { fuse_session_exit(session) }
    mounting.unmount(connection)
    notifier.close()
    let fileSystem = connection.fileSystem
    connection.fileSystem = nil
    if connection.handshakeDone.load(ordering: .acquiring) { fileSystem?.destroy() }
  }
}
