/// The right, and the duty, to answer one request.
///
/// A reply is answered exactly once, by one of its consuming methods; the compiler sees to "at most once",
/// and a reply that is dropped unanswered answers EIO. It may be kept (see ``KeptReply``) and answered later,
/// from any thread.
///
/// Answer without holding a lock that other requests need: what is sent wakes the caller at once.
public protocol Reply: ~Copyable, Sendable {
  /// Refuses the request: the caller gets -1 and `error` in `errno`.
  consuming func fail(_ error: Errno)

  /// Has `handler` called, on a thread of the loop, when a signal interrupts the caller while it waits.
  ///
  /// The handler only announces: the request is still to be answered, mostly by `fail(.interrupted)`, and the
  /// caller stays blocked (even against SIGKILL) until it is. A handler registered before is replaced. It is
  /// never called from within this method, and may still run when the answer has just been sent.
  ///
  /// - Returns: False where the caller was interrupted already: the handler will not be called.
  mutating func onInterrupt(_ handler: @escaping @Sendable () -> Void) -> Bool

  /// Whether the caller has been interrupted.
  var isInterrupted: Bool { get }
}
