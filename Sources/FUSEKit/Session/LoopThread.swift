internal import CFuse
internal import Glibc

/// The thread that called `run`: sleeps in libfuse's loop, and is woken from there by a signal that does
/// nothing.
struct LoopThread: Sendable {
  private let identifier = pthread_self()
  private let maskBefore: sigset_t

  /// The current thread.
  ///
  /// SIGURG, which nobody uses and which is ignored by default, gets a handler without SA_RESTART: what the
  /// thread sleeps in returns EINTR.
  init() {
    maskBefore = Self.unblock()
    var before = sigaction()
    guard sigaction(SIGURG, nil, &before) == 0, before.__sigaction_handler.sa_handler == nil else { return }
    var action = sigaction()
    let nothing: @convention(c) (Int32) -> Void = { _ in }
    action.__sigaction_handler.sa_handler = nothing
    sigaction(SIGURG, &action, nil)
  }

  /// Lets SIGURG and the signals that end a session through to the current thread, which may have inherited a
  /// mask.
  private static func unblock() -> sigset_t {
    var wanted = sigset_t()
    var before = sigset_t()
    sigemptyset(&wanted)
    for number in [SIGURG, SIGTERM, SIGINT, SIGHUP] { sigaddset(&wanted, number) }
    pthread_sigmask(SIG_UNBLOCK, &wanted, &before)
    return before
  }

  /// Gives the current thread its signal mask back.
  func restore() {
    var mask = maskBefore
    pthread_sigmask(SIG_SETMASK, &mask, nil)
  }

  /// Makes the loop look whether it is to end.
  func wake() {
    pthread_kill(identifier, SIGURG)
  }

  /// Serves the requests of `connection` until it ends; the error's number, or zero.
  static func run(_ connection: Connection) -> Int32 {
    guard let session = connection.session else { return EINVAL }
    let options = connection.options
    if options.isSingleThreaded { return abs(fuse_session_loop(session)) }
    guard let configuration = fuse_loop_cfg_create() else { return ENOMEM }
    defer { fuse_loop_cfg_destroy(configuration) }
    fuse_loop_cfg_set_max_threads(configuration, UInt32(clamping: max(options.threadCount, 1)))
    fuse_loop_cfg_set_clone_fd(configuration, options.clonesDevice ? 1 : 0)
    return abs(cfuse_session_loop_mt(session, configuration))
  }
}
