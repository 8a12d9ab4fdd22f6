internal import Synchronization

/// A reply that waits for its answer: for blocking reads and whatever else can't be answered at once.
///
/// Whoever wants to answer takes the reply; the first one gets it. When the caller is interrupted, the kept
/// reply takes itself and answers EINTR. A kept reply that is let go of without an answer answers EIO.
///
/// ```swift
/// func read(_ request: ReadRequest, context: RequestContext, reply: consuming ReadReply) {
///   waiters.append(KeptReply(reply))      // and return: the thread is free for other requests
/// }
/// func dataArrived() {                    // on any thread
///   waiter.take()?.succeed(bytes)
/// }
/// ```
public final class KeptReply<Answer: Reply & ~Copyable>: Sendable {
  private let slot: Mutex<Answer?>
  private let whenInterrupted: (@Sendable () -> Void)?

  /// Keeps `reply`.
  ///
  /// - Parameter whenInterrupted: Called after an interrupt has been answered with EINTR, on a thread of the
  ///   loop: the place to take the waiter off its list.
  public init(_ reply: consuming Answer, whenInterrupted: (@Sendable () -> Void)? = nil) {
    slot = Mutex(nil)
    self.whenInterrupted = whenInterrupted
    put(reply)
  }

  /// Keeps `reply` for work that ends by itself: an interrupt does not answer it, as none ends a read of a regular file.
  public init(uninterruptible reply: consuming Answer) {
    slot = Mutex(consume reply)
    whenInterrupted = nil
  }

  private func put(_ reply: consuming Answer) {
    var incoming: Answer? = .some(reply)
    slot.withLock { slot in
      // An interrupt that comes meanwhile waits for the lock and finds the reply in its place.
      guard var reply = incoming.take() else { return }
      if reply.onInterrupt({ [weak self] in self?.interrupt() }) {
        slot = consume reply
      } else {
        reply.fail(.interrupted)
      }
    }
  }

  /// The reply, for the first one who asks; nil where it has been answered, or is about to be.
  public func take() -> Answer? {
    slot.withLock { $0.take() }
  }

  /// Whether the reply is still here: false right after `init` where the caller had been interrupted before.
  public var isWaiting: Bool {
    slot.withLock { $0 != nil }
  }

  private func interrupt() {
    guard let reply = take() else { return }
    reply.fail(.interrupted)
    whenInterrupted?()
  }
}
