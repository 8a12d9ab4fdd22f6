import FUSEKit
import StateTree
import Synchronization
import VCM

/// Whether a thread that finds an object gone has just looked its path up for the second time.
///
/// ESTALE makes the kernel look a path up again, once; a second ESTALE it would hand to the user. Where the second look finds
/// an object gone as well, that was looked up within the call, so that its name was free for a moment of it: ENOENT is true.
final class SecondLooks: Sendable {
  /// An answer of ESTALE.
  private struct Answer {
    let gone: ObjectID
    let time: ContinuousClock.Instant
  }

  /// How many threads are remembered; they are forgotten all at once.
  static let limit = 256
  /// How long the kernel may take from one look to the next.
  static let span = Duration.seconds(1)

  private let answers = Mutex<[Int32: Answer]>([:])
  /// Whether any thread is remembered: mostly none is, and then nothing is locked.
  private let isUsed = Atomic<Bool>(false)

  /// Notes that a thread has been told of a node that is there: the call that looked twice is over, and what its next one
  /// finds gone is found for the first time.
  func end(thread: Int32) {
    guard isUsed.load(ordering: .acquiring) else { return }
    answers.withLock { answers in
      answers[thread] = nil
      if answers.isEmpty { isUsed.store(false, ordering: .releasing) }
    }
  }

  /// The number for a request about something that is gone.
  ///
  /// - Parameters:
  ///   - departure: what became of its name.
  ///   - thread: whose request it is; 0 is the kernel's own.
  ///   - time: when it is answered.
  func errno(for departure: Departure, thread: Int32, at time: ContinuousClock.Instant) -> Errno {
    switch departure {
    case .vanished: return .noEntry
    case .unknown: return .stale
    case .replaced(let gone):
      guard thread != 0 else { return .stale }
      return answers.withLock { answers in
        if let earlier = answers.removeValue(forKey: thread), earlier.gone != gone,
          time - earlier.time < Self.span
        {
          return .noEntry
        }
        if answers.count >= Self.limit { answers = [:] }
        answers[thread] = Answer(gone: gone, time: time)
        isUsed.store(true, ordering: .releasing)
        return .stale
      }
    }
  }
}
