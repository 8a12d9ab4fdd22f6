internal import CFuse
internal import Glibc
internal import Synchronization

/// A thread that does one job after the other, from `start` to `close`.
final class JobThread: Sendable {
  typealias Job = @Sendable () -> Void

  private struct State {
    var jobs: [Job] = []
    var thread: PosixThread?
    var isClosed = false
  }

  private let name: String
  private let state = Mutex(State())
  private let work = Semaphore()

  init(name: String) {
    self.name = name
  }

  /// Starts the thread; false where the system has none left.
  func start() -> Bool {
    guard let thread = PosixThread.start(name, { [self] in run() }) else { return false }
    state.withLock { $0.thread = thread }
    return true
  }

  /// Has `job` done later, on the thread; after `close` at once and here, where nothing can be waited for any
  /// more.
  func add(_ job: @escaping Job) {
    let isQueued = state.withLock { state in
      guard !state.isClosed else { return false }
      state.jobs.append(job)
      return true
    }
    if isQueued { work.signal() } else { job() }
  }

  /// Waits until what was added before is done; does nothing while there is no thread.
  func drain() {
    guard state.withLock({ $0.thread != nil && !$0.isClosed }) else { return }
    let done = Semaphore()
    add { done.signal() }
    done.wait()
  }

  /// Does what is left and ends the thread; one that hangs in the kernel is left to itself after two seconds.
  func close() {
    let (thread, jobs) = state.withLock { state in
      state.isClosed = true
      let thread = state.thread.take()
      guard thread == nil else { return (thread, [Job]()) }
      defer { state.jobs = [] }
      return (thread, state.jobs)
    }
    for job in jobs { job() }
    work.signal()
    thread?.join(atMost: 2)
  }

  private func run() {
    while true {
      work.wait()
      let (jobs, isClosed) = state.withLock { state in
        defer { state.jobs = [] }
        return (state.jobs, state.isClosed)
      }
      for job in jobs { job() }
      if isClosed { return }
    }
  }
}

/// A counting semaphore of the C library's.
///
/// `@unchecked Sendable`: sem_post and sem_wait may be called from anywhere; the memory lives as long as the
/// object.
final class Semaphore: @unchecked Sendable {
  private let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    semaphore = .allocate(capacity: 1)
    sem_init(semaphore, 0, 0)
  }

  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }

  func signal() {
    sem_post(semaphore)
  }

  func wait() {
    while sem_wait(semaphore) != 0 && errno == EINTR {}
  }
}
