import FUSEKit
import Glibc
import Synchronization
import Testing

/// A filesystem that is mounted in a directory of its own for the length of a test.
final class Mounted<Served: FileSystem>: Sendable {
  let fileSystem: Served
  let session: Session
  let path: String
  private let thread: Mutex<BackgroundThread?>
  private let outcome: SharedOutcome

  init(_ fileSystem: Served, _ change: (inout SessionOptions) -> Void = { _ in }) throws {
    self.fileSystem = fileSystem
    var options = SessionOptions(name: "toy", subtype: "toy")
    options.handlesSignals = false
    change(&options)
    let session = try Session(fileSystem, options: options)
    let path = try temporaryDirectory()
    let outcome = SharedOutcome()
    let ready = Flag()
    let thread = BackgroundThread {
      let result = Result { () throws(SessionError) in try session.run(at: path) { ready.set() } }
      outcome.store(result)
      ready.set()
    }
    ready.wait()
    self.session = session
    self.path = path
    self.thread = Mutex(thread)
    self.outcome = outcome
    if case .failure(let error) = outcome.load() { throw error }
  }

  /// Ends the session and waits for its end.
  @discardableResult
  func unmount() -> Result<Session.Ending, SessionError>? {
    session.stop()
    return waitForEnd()
  }

  func waitForEnd() -> Result<Session.Ending, SessionError>? {
    let running = thread.withLock { thread -> BackgroundThread? in
      defer { thread = nil }
      return thread
    }
    running?.join()
    return outcome.load()
  }

  deinit {
    unmount()
    umount2(path, Int32(MNT_DETACH))
    rmdir(path)
  }
}

/// What a session's thread leaves behind.
final class SharedOutcome: Sendable {
  private let value = Mutex<Result<Session.Ending, SessionError>?>(nil)

  func store(_ result: Result<Session.Ending, SessionError>) {
    value.withLock { $0 = result }
  }

  func load() -> Result<Session.Ending, SessionError>? {
    value.withLock { $0 }
  }
}

/// Whether a filesystem can be mounted here at all.
enum Environment {
  static let canMount = access("/dev/fuse", R_OK | W_OK) == 0
  static let isRoot = geteuid() == 0
}

extension Trait where Self == ConditionTrait {
  static var needsFUSE: Self { .enabled(if: Environment.canMount, "there is no usable /dev/fuse here") }
  static var needsRoot: Self {
    .enabled(if: Environment.canMount && Environment.isRoot, "needs root and /dev/fuse")
  }
}

func temporaryDirectory() throws -> String {
  var template = Array("/tmp/fusekit-XXXXXX".utf8CString)
  guard let path = mkdtemp(&template) else { throw Errno(rawValue: errno) }
  return String(cString: path)
}
