internal import CFuse
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
    /// The jobs for threads that have nothing else to do, oldest first.
    var beforehand: [Job] = []
    var threads: [PosixThread] = []
    /// How many jobs are being done, without those beforehand.
    var busy = 0
    /// How many of the threads do anything.
    var working = 0
    var isClosed = false

    var waiting: Int { jobs.count - next }

    /// What becomes of a job.
    enum Placing {
      case queued, alone, refused
    }

    /// Queues a job, unless it is the only one; starts a thread where there are too few.
    mutating func place(
      _ job: @escaping Job, limit: Int, _ serve: @escaping @Sendable () -> Void
    ) -> Placing {
      guard !isClosed else { return .refused }
      if busy == 0, waiting == 0 {
        busy = 1
        return .alone
      }
      startThread(limit, serve)
      guard !threads.isEmpty else { return .refused }
      jobs.append(job)
      return .queued
    }

    /// Queues a job if a thread has nothing else to do.
    mutating func placeBeforehand(
      _ job: @escaping Job, limit: Int, _ serve: @escaping @Sendable () -> Void
    ) -> Bool {
      guard !isClosed, waiting == 0, working + beforehand.count < limit else { return false }
      startThread(limit, serve)
      guard working + beforehand.count < threads.count else { return false }
      beforehand.append(job)
      return true
    }

    /// Starts a thread where all have something to do.
    private mutating func startThread(_ limit: Int, _ serve: @escaping @Sendable () -> Void) {
      guard working + waiting + beforehand.count >= threads.count, threads.count < limit,
        let thread = PosixThread.start("fuse-long", serve)
      else { return }
      threads.append(thread)
    }

    /// The oldest job, and whether it is one that somebody waits for.
    mutating func take() -> (job: Job, isAwaited: Bool)? {
      guard waiting > 0 else {
        guard !beforehand.isEmpty else { return nil }
        working += 1
        return (beforehand.removeFirst(), false)
      }
      busy += 1
      working += 1
      defer {
        next += 1
        if next == jobs.count { (jobs, next) = ([], 0) }
      }
      return jobs[next].take().map { ($0, true) }
    }

    /// A job that a thread took is done.
    mutating func finish(isAwaited: Bool) {
      working -= 1
      if isAwaited { busy -= 1 }
    }
  }

  /// A job that is done before somebody needs it.
  public final class Beforehand: Sendable {
    private enum Progress {
      case waiting, running, done, takenBack
    }

    private let progress = Mutex(Progress.waiting)
    private let end = Semaphore()

    fileprivate func run(_ job: Job) {
      let mayRun = progress.withLock { progress in
        guard progress == .waiting else { return false }
        progress = .running
        return true
      }
      guard mayRun else { return }
      job()
      progress.withLock { $0 = .done }
      end.signal()
    }

    /// Waits for the job's end if it has begun, else takes it back; whether it was done.
    ///
    /// To be called once.
    public func finish() -> Bool {
      let found = progress.withLock { progress in
        defer { if progress == .waiting { progress = .takenBack } }
        return progress
      }
      guard found != .waiting else { return false }
      end.wait()
      return true
    }
  }

  private let limit: Int
  /// Whether there is a processor for what nobody waits for yet.
  private let worksBeforehand: Bool
  private let niceness: Int32
  private let state = Mutex(State())
  private let work = Semaphore()

  /// A pool without threads yet.
  ///
  /// - Parameters:
  ///   - threadCount: the most threads; by default one less than there are processors for the process, at least 1.
  ///   - niceness: what is added to the threads' nice value.
  public init(threadCount: Int? = nil, niceness: Int = 5) {
    let processors = Self.processorCount
    limit = max(1, threadCount ?? processors - 1)
    worksBeforehand = threadCount != nil || processors > 1
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

  /// Has a job done that nobody waits for yet, if one of the threads has nothing else to do; nil if not.
  ///
  /// Never where the process has one processor only.
  public func runBeforehand(_ job: @escaping Job) -> Beforehand? {
    guard worksBeforehand else { return nil }
    let handle = Beforehand()
    let isPlaced = state.withLock { $0.placeBeforehand({ handle.run(job) }, limit: limit, serve) }
    guard isPlaced else { return nil }
    work.signal()
    return handle
  }

  /// The processors that the process may use.
  private static var processorCount: Int {
    let count = Int(cfuse_processor_count())
    return count > 0 ? count : sysconf(Int32(_SC_NPROCESSORS_ONLN))
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
      guard let (job, isAwaited) = state.withLock({ $0.take() }) else { return }
      job()
      state.withLock { $0.finish(isAwaited: isAwaited) }
    }
  }
}
