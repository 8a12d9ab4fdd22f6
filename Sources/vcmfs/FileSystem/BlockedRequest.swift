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
  private let access: OpenFile.Access
  private let attempt: Attempt
  private let state = Mutex(State())

  private struct State {
    // Both go when the request is tried again: a wait holds the request.
    var kept: KeptReply<Answer>?
    var wait: (any ReadWait)?
  }

  private init(_ file: OpenFile, _ access: OpenFile.Access, _ attempt: @escaping Attempt) {
    self.file = file
    self.access = access
    self.attempt = attempt
  }

  /// Lets a request wait that has just been tried in vain.
  static func wait(
    _ file: OpenFile, _ access: OpenFile.Access, _ reply: consuming Answer, attempt: @escaping Attempt
  ) {
    BlockedRequest(file, access, attempt).keep(reply)
  }

  /// Keeps the reply until the file has something, or a signal comes; tries again at once as long as the file says so.
  private func keep(_ reply: consuming Answer) {
    var unanswered: Answer? = .some(reply)
    while let reply = unanswered.take() {
      let kept = KeptReply(reply) { [weak self] in self?.giveUp() }
      // A caller that was interrupted before the reply was kept is not announced.
      guard kept.isWaiting else { return giveUp() }
      state.withLock { $0.kept = kept }
      if let wait = file.whenPossible(access, { self.tryAgain() }) { return hold(wait, kept) }
      guard let reply = takeReply() else { return }
      unanswered = attempt(reply)
    }
  }

  /// Remembers a wait, for who interrupts; one who has done so already found none.
  private func hold(_ wait: any ReadWait, _ kept: KeptReply<Answer>) {
    let isInterrupted = state.withLock { state in
      // Tried again already, perhaps with a wait of its own.
      guard state.kept === kept else { return false }
      state.wait = wait
      return !kept.isWaiting
    }
    if isInterrupted { giveUp() }
  }

  /// The reply, unless who interrupts has it: then there is nothing to do any more.
  private func takeReply() -> Answer? {
    let kept = state.withLock { state in
      state.wait = nil
      return state.kept.take()
    }
    return kept?.take()
  }

  private func tryAgain() {
    guard let reply = takeReply(), let unanswered = attempt(reply) else { return }
    keep(unanswered)
  }

  private func giveUp() {
    let wait = state.withLock { state in
      state.kept = nil
      return state.wait.take()
    }
    wait?.cancel()
    file.giveUp(access)
  }
}
