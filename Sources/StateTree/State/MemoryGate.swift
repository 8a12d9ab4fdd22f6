#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Keeps buffers in being while their bytes are copied.
///
/// Bytes are copied, by us or by the kernel, without the tree's lock, so that a long copy holds nobody up. Who copies enters the gate while it
/// still holds the tree's lock and leaves it when the copy is done; who frees a buffer, and holds the tree's lock, closes
/// the gate for that moment and so waits for the copies under way, of at most one request's size each.
///
/// Lock order: the tree's lock, then the gate. Inside it only the memory's own lock is taken, for a moment.
final class MemoryGate: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_rwlock_t>

  init() {
    lock = .allocate(capacity: 1)
    pthread_rwlock_init(lock, nil)
  }

  deinit {
    pthread_rwlock_destroy(lock)
    lock.deallocate()
  }

  /// Begins a copy.
  func enter() { pthread_rwlock_rdlock(lock) }

  /// Ends a copy.
  func leave() { pthread_rwlock_unlock(lock) }

  /// Runs `body` while nobody copies.
  func closed<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    pthread_rwlock_wrlock(lock)
    defer { pthread_rwlock_unlock(lock) }
    return try body()
  }
}
