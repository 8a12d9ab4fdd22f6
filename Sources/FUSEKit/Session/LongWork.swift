internal import Glibc
internal import Synchronization

/// Threads for answers that take long, so that the threads of the loop stay free for those that don't.
///
/// The kernel hands requests out in the order in which they came. Were long reads answered on the loop's
/// threads, a short write would wait for all the reads before it, and share a processor with them. Here it
/// meets a free thread, and the threads of long work, which have a lower priority and leave a processor free,
/// make room. A job that is alone is done where it is, on one of the loop's threads, and so costs a lone
/// reader nothing.
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
    /// How many jobs are being done.
    var busy = 0
    var isClosed = false

    /// What becomes of a job.
    enum Placing {
      case queued, alone, refused
    }

    /// Queues a job, unless it is the only one; starts a thread where there are too few.
    mutating func place(
      _ job: @escaping Job, limit: Int, _ serve: @escaping @Sendable () -> Void
    ) -> Placing {
      guard !isClosed else { return .refused }
      let waiting = jobs.count - next
      if busy == 0, waiting == 0 {
        busy = 1
        return .alone
      }
      if waiting >= threads.count - busy, threads.count < limit,
        let thread = PosixThread.start("fuse-long", serve)
      {
        threads.append(thread)
      }
      guard !threads.isEmpty else { return .refused }
      jobs.append(job)
      return .queued
    }

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

  /// A pool without threads yet.
  ///
  /// - Parameters:
  ///   - threadCount: the most threads; by default one less than there are processors, at least 1.
  ///   - niceness: what is added to the threads' nice value.
  public init(threadCount: Int? = nil, niceness: Int = 5) {
    limit = max(1, threadCount ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1)
    self.niceness = Int32(clamping: niceness)
  }

  /// Has a job done: here and at once if no other is being done or waits, there is no thread for it, or after
  /// ``close()``; else later.
  public func run(_ job: @escaping Job) {
    switch state.withLock({ $0.place(job, limit: limit, serve) }) {
    case .queued: work.signal()
    case .alone:
      job()
      state.withLock { $0.busy -= 1 }
    case .refused: job()
    }
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
