internal import CFuse
internal import Glibc
internal import Synchronization

/// Going into the background: the command returns to the shell only when the mount answers, or has failed.
///
/// ```swift
/// let daemon = try Daemon.start(name: "hello")      // the first thing that the process does
/// do {
///   try Session(…).run(at: path) { daemon.ready() }
/// } catch {
///   daemon.fail("\(error)")
/// }
/// ```
///
/// fork(2) copies only the calling thread: call ``start(name:)`` before anything has used Dispatch, Swift's
/// concurrency or a thread, and before any session. What comes after runs in the child.
public final class Daemon: Sendable {
  private let pipe: Atomic<Int32>

  private init(pipe: Int32) {
    self.pipe = Atomic(pipe)
  }

  /// Forks.
  ///
  /// Only the child returns; the parent waits for its word, prints a failure as `NAME: sentence` on
  /// standard error, and exits: 0 after ``ready()``, with the given status after ``fail(_:status:)``, and 1
  /// when the child ended without a word.
  ///
  /// - Throws: `.daemon` where there is no pipe or process to be had.
  public static func start(name: String) throws(SessionError) -> Daemon {
    StandardDescriptors.ensureOpen()
    var ends: [Int32] = [-1, -1]
    guard cfuse_pipe(&ends, O_CLOEXEC) == 0 else {
      throw SessionError(.daemon, .current, "can't make a pipe")
    }
    fflush(nil)
    let process = cfuse_fork()
    guard process >= 0 else { throw SessionError(.daemon, .current, "can't fork") }
    guard process == 0 else {
      close(ends[1])
      waitForWord(name: name, pipe: ends[0], process: process)
    }
    close(ends[0])
    setsid()
    return Daemon(pipe: ends[1])
  }

  /// The mount answers: the parent exits with 0, and this process lets go of its terminal and of its
  /// working directory.
  ///
  /// The first of `ready` and `fail` counts.
  public func ready() {
    guard let pipe = take() else { return }
    Self.leaveTerminal()
    Self.send([0], to: pipe)
    close(pipe)
  }

  /// The mount failed: the parent prints `sentence` and exits with `status` (1...255).
  ///
  /// The first of `ready` and `fail` counts; a failure after `ready` has nobody left to hear it.
  public func fail(_ sentence: String, status: UInt8 = 1) {
    guard let pipe = take() else { return }
    Self.leaveTerminal()
    Self.send([max(status, 1)] + Array(sentence.utf8), to: pipe)
    close(pipe)
  }

  private static func leaveTerminal() {
    _ = chdir("/")
    StandardDescriptors.redirectToNull()
  }

  private func take() -> Int32? {
    let descriptor = pipe.exchange(-1, ordering: .acquiringAndReleasing)
    return descriptor >= 0 ? descriptor : nil
  }

  private static func send(_ bytes: [UInt8], to pipe: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(pipe, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else { return }
      rest = rest.dropFirst(max(count, 0))
    }
  }

  /// The parent's end.
  private static func waitForWord(name: String, pipe: Int32, process: pid_t) -> Never {
    var word: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(pipe, &piece, piece.count)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { break }
      word += piece[..<count]
    }
    if word.first == 0 { _exit(0) }
    let sentence = word.isEmpty ? end(of: process) : String(decoding: word.dropFirst(), as: UTF8.self)
    let line = Array("\(name): \(sentence)\n".utf8)
    _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    _exit(Int32(word.first ?? 1))
  }

  private static func end(of process: pid_t) -> String {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0
      ? "ended with status \((status >> 8) & 0xFF) before it was ready"
      : "ended by signal \(signal) before it was ready"
  }
}
