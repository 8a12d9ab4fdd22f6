internal import Glibc
internal import Synchronization

/// Threads for answers that take long, so that the threads of the loop stay free for those that don't.
///
/// The kernel hands requests out in the order in which they came. Were long reads answered on the loop's
/// threads, a short write would wait for all the reads before it, and share a processor with them. Here it
/// meets a free thread, and the threads of long work, which have a lower priority, make room. A job that is
/// alone is done where it is, on one of the loop's threads, and so costs a lone reader nothing.
///
/// ```swift
/// let kept = KeptReply(reply)
/// longWork.run { kept.take()?.fill { render(into: $0) } }
/// ```
///
/// No thread is made before there is something to do. Jobs may wait for no other job.
public final class LongWork: Sendable {
  /// A job, which is done once.
  public typealias Job = @Sendable () -> Void

  private struct State {
    /// The jobs that wait, oldest first from `next` on; what is before is done.
    var jobs: [Job?] = []
    var next = 0
    var threads: [PosixThread] = []
    /// How many threads have a job.
    var busy = 0
    var isClosed = false

    /// The oldest job.
    mutating func take() -> Job? {
      guard next < jobs.count else { return nil }
      busy += 1
      defer {
        next += 1
        if next == jobs.count { (jobs, next) = ([], 0) }
      }
      return jobs[next].take()
    }
  }

  private let limit: Int
  private let niceness: Int32
  private let state = Mutex(State())
  private let work = Semaphore()
  /// Whether a caller of ``run(_:)`` does its job itself.
  private let isBusyHere = Atomic<Bool>(false)

  /// A pool without threads yet.
  ///
  /// - Parameters:
  ///   - threadCount: the most threads; by default one for each core, at least 2.
  ///   - niceness: what is added to the threads' nice value.
  public init(threadCount: Int? = nil, niceness: Int = 5) {
    limit = max(1, threadCount ?? max(2, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    self.niceness = Int32(clamping: niceness)
  }

  /// Has a job done: here and at once if no other is being done so, there is no thread for it, or after
  /// ``close()``; else later.
  public func run(_ job: @escaping Job) {
    if !isBusyHere.exchange(true, ordering: .acquiring) {
      job()
      isBusyHere.store(false, ordering: .releasing)
      return
    }
    let isQueued = state.withLock { state in
      guard !state.isClosed else { return false }
      let waiting = state.jobs.count - state.next
      if waiting >= state.threads.count - state.busy, state.threads.count < limit,
        let thread = PosixThread.start("fuse-long", { [self] in serve() })
      {
        state.threads.append(thread)
      }
      guard !state.threads.isEmpty else { return false }
      state.jobs.append(job)
      return true
    }
    if isQueued { work.signal() } else { job() }
  }

  /// Does what is left and ends the threads; one that hangs in the kernel is left to itself after two seconds.
  public func close() {
    let threads = state.withLock { state in
      state.isClosed = true
      defer { state.threads = [] }
      return state.threads
    }
    for _ in threads { work.signal() }
    for thread in threads { thread.join(atMost: 2) }
  }

  private func serve() {
    // Of the calling thread alone: Linux has a nice value for each.
    let own = getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, min(own + niceness, 19))
    while true {
      work.wait()
      guard let job = state.withLock({ $0.take() }) else { return }
      job()
      state.withLock { $0.busy -= 1 }
    }
  }
}
