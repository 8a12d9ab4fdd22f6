import FUSEKit
import StateTree
import Synchronization

/// A read or write that waits for something to come: its caller sleeps, and no thread of the loop does.
///
/// Whenever the file says that it is worth while, the request is tried again, on the thread that made the change. A
/// signal ends the wait with EINTR, and nothing was read or written then.
final class BlockedRequest<Answer: Reply & ~Copyable>: Sendable {
  /// Tries the request, and answers it; gives the reply back if it still has to wait.
  typealias Attempt = @Sendable (consuming Answer) -> Answer?

  private let file: OpenFile
  private let attempt: Attempt
  private let state = Mutex(State())

  private struct State {
    var kept: KeptReply<Answer>?
    var wait: (any ReadWait)?
  }

  private init(_ file: OpenFile, _ attempt: @escaping Attempt) {
    self.file = file
    self.attempt = attempt
  }

  /// Lets a request wait that has just been tried in vain.
  static func wait(_ file: OpenFile, _ reply: consuming Answer, attempt: @escaping Attempt) {
    BlockedRequest(file, attempt).keep(reply)
  }

  /// Keeps the reply until the file has something, or a signal comes.
  private func keep(_ reply: consuming Answer) {
    let kept = KeptReply(reply) { [weak self] in self?.giveUp() }
    state.withLock { $0.kept = kept }
    guard let wait = file.whenReadable({ self.tryAgain() }) else { return tryAgain() }
    state.withLock { $0.wait = wait }
  }

  private func tryAgain() {
    // Who interrupts takes the reply first: then there is nothing to do any more.
    guard let kept = state.withLock({ $0.kept }), let reply = kept.take() else { return }
    if let unanswered = attempt(reply) { keep(unanswered) }
  }

  private func giveUp() {
    state.withLock { $0.wait.take() }?.cancel()
  }
}
