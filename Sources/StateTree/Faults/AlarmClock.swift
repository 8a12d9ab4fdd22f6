#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Calls functions later, on a thread of its own that begins with the first of them and ends when none is left.
final class AlarmClock: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  // Guarded by `mutex`: what is to be called when, in nanoseconds of the monotonic clock, soonest last.
  private var alarms: [(time: UInt64, body: @Sendable () -> Void)] = []
  private var isRunning = false

  init() {
    mutex = .allocate(capacity: 1)
    condition = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(condition, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Calls `body` once, so many milliseconds from now.
  func call(after milliseconds: UInt64, _ body: @escaping @Sendable () -> Void) {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    let time = Self.now &+ milliseconds &* 1_000_000
    let index = alarms.firstIndex { $0.time <= time } ?? alarms.count
    alarms.insert((time, body), at: index)
    if isRunning {
      pthread_cond_signal(condition)
    } else {
      isRunning = start()
    }
  }

  /// The monotonic clock in nanoseconds.
  static var now: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
  }

  /// Starts the thread, which holds on to this object until it ends.
  private func start() -> Bool {
    var thread = pthread_t()
    let context = Unmanaged.passRetained(self)
    let result = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<AlarmClock>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context.toOpaque())
    guard result == 0 else {
      context.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  private func run() {
    pthread_mutex_lock(mutex)
    while let next = alarms.last {
      if next.time <= Self.now {
        alarms.removeLast()
        pthread_mutex_unlock(mutex)
        next.body()
        pthread_mutex_lock(mutex)
      } else {
        var deadline = timespec(
          tv_sec: Int(next.time / 1_000_000_000), tv_nsec: Int(next.time % 1_000_000_000))
        pthread_cond_timedwait(condition, mutex, &deadline)
      }
    }
    isRunning = false
    pthread_mutex_unlock(mutex)
  }
}
