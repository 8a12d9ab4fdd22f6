internal import CFuse
internal import Synchronization

/// What goes on beside the loop: reports that the mount answers, and ends the loop when somebody wants that.
final class SessionControl: Sendable {
  private enum Reason: Sendable {
    case ending(Session.Ending)
    case failed(SessionError)
  }

  private let connection: Connection
  private let channel: ControlChannel
  private let mounting: Mounting
  private let loop: LoopThread
  private let reason = Mutex<Reason?>(nil)
  private let probe = Mutex<PosixThread?>(nil)

  init(_ connection: Connection, channel: ControlChannel, mounting: Mounting, loop: LoopThread) {
    self.connection = connection
    self.channel = channel
    self.mounting = mounting
    self.loop = loop
  }

  /// The control thread's work; returns when the loop has ended.
  func run(_ onReady: @escaping @Sendable () -> Void) {
    while true {
      // While the loop is to end, wake it until it has seen that.
      let isEnding = reason.withLock { $0 != nil }
      switch channel.receive(milliseconds: isEnding ? 5 : -1) {
      case .ended: return
      case .answering: startProbe()
      case .answered where !isEnding: onReady()
      case .refused(let number): end(.failed(mounting.noAnswer(Errno(rawValue: number))))
      case .signal(let number): end(.ending(.signal(number)))
      case .stop: end(.ending(.stopped))
      case nil where isEnding: loop.wake()
      case .answered, nil: break
      }
    }
  }

  /// Asks the mount for its root's attributes.
  ///
  /// On a thread of its own: a filesystem that does not answer must not keep signals from being served. And
  /// without the device's descriptors: were this process killed in the middle, a thread that waits for an
  /// answer while it keeps the device open would wait for ever, and the process with it.
  private func startProbe() {
    let started = PosixThread.start("fuse-ready") { [mounting, channel] in
      // Where threads must not part, the answer to INIT is all that can be known.
      guard cfuse_thread_leave_descriptors(channel.writeEnd) == 0 else { return channel.send(.answered) }
      let error = mounting.ask()
      channel.send(error.map { .refused($0.rawValue) } ?? .answered)
    }
    guard let started else { return channel.send(.answered) }
    probe.withLock { $0 = started }
  }

  /// Waits for the thread that asks whether the mount answers: only after the mount has gone, as there is
  /// nobody left to answer.
  func joinProbe() {
    probe.withLock { $0.take() }?.join()
  }

  private func end(_ why: Reason) {
    reason.withLock { reason in if reason == nil { reason = why } }
    if let session = connection.session { fuse_session_exit(session) }
    loop.wake()
  }

  /// What `run` is to say after a loop that returned `loopResult`.
  func ending(loopResult: Int32) throws(SessionError) -> Session.Ending {
    switch reason.withLock({ $0 }) {
    case .ending(let ending): return ending
    case .failed(let error): throw error
    case nil: break
    }
    guard loopResult == 0 else {
      throw SessionError(.loop, Errno(rawValue: loopResult), "the connection to the kernel broke")
    }
    return .unmounted
  }
}
