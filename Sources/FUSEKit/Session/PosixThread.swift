internal import CFuse
internal import Glibc

/// A thread of the operating system's own; never one of Swift's concurrency, which must not be blocked.
struct PosixThread: Sendable {
  // pthread_t is a number on Linux.
  private let identifier: pthread_t

  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Runs `body` on a new thread that takes no signals; nil where the system has no thread left.
  ///
  /// - Parameter name: At most 15 bytes are shown.
  static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> PosixThread? {
    var identifier = pthread_t()
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let start = Unmanaged.passRetained(Start(body))
    let result = pthread_create(
      &identifier, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
        return nil
      }, start.toOpaque())
    guard result == 0 else {
      start.release()
      return nil
    }
    cfuse_thread_set_name(identifier, String(name.prefix(15)))
    return PosixThread(identifier: identifier)
  }

  /// Waits for the thread's end.
  func join() {
    pthread_join(identifier, nil)
  }

  /// Waits for the thread's end, but not longer than `seconds`; a thread that goes on is left to itself.
  func join(atMost seconds: Int) {
    var deadline = timespec()
    clock_gettime(CLOCK_REALTIME, &deadline)
    deadline.tv_sec += seconds
    if cfuse_thread_timed_join(identifier, &deadline) != 0 { pthread_detach(identifier) }
  }
}
