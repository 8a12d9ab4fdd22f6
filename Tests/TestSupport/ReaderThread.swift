internal import Glibc
internal import Synchronization

/// A thread that does one thing over and over, beside the test's own, until it is stopped.
///
/// It is a POSIX thread: one that never pauses must not sit on Swift's own.
public final class ReaderThread: @unchecked Sendable {
  private final class Work: Sendable {
    let rounds = Atomic<Int>(0)
    let isStopped = Atomic<Bool>(false)
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private let work: Work
  private var identifier = pthread_t()

  /// Starts.
  public init(_ body: @escaping @Sendable () -> Void) {
    work = Work(body)
    pthread_create(
      &identifier, nil,
      { context in
        guard let context else { return nil }
        let work = Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
        while !work.isStopped.load(ordering: .acquiring) {
          work.body()
          work.rounds.add(1, ordering: .releasing)
        }
        return nil
      }, Unmanaged.passRetained(work).toOpaque())
  }

  /// How often the thread has done it.
  public var rounds: Int { work.rounds.load(ordering: .acquiring) }

  /// Lets the thread finish its round, and ends it.
  public func stop() {
    work.isStopped.store(true, ordering: .releasing)
    pthread_join(identifier, nil)
  }
}
