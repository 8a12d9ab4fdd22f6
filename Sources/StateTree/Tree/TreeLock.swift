#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// The lock of a tree's state, of an open text or of a stream.
///
/// A lock by itself and not a `Mutex` around what it guards, because calls carry pointers and objects of the engine across
/// its border, which `Mutex.withLock` rightly refuses to check.
struct TreeLock: ~Copyable, @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init() {
    mutex = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func lock() { pthread_mutex_lock(mutex) }

  func unlock() { pthread_mutex_unlock(mutex) }
}
