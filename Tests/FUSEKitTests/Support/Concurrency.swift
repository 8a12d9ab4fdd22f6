import Glibc
import Synchronization

/// A POSIX thread: what blocks in the kernel must not sit on Swift's own.
final class BackgroundThread: @unchecked Sendable {
  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private var identifier = pthread_t()

  init(_ body: @escaping @Sendable () -> Void) {
    let start = Unmanaged.passRetained(Start(body))
    pthread_create(
      &identifier, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Start>.fromOpaque(context).takeRetainedValue().body()
        return nil
      }, start.toOpaque())
  }

  func join() {
    pthread_join(identifier, nil)
  }
}

/// Something that happens once, and that others wait for.
final class Flag: Sendable {
  private let value = Atomic<Bool>(false)

  func set() {
    value.store(true, ordering: .sequentiallyConsistent)
  }

  var isSet: Bool { value.load(ordering: .sequentiallyConsistent) }

  /// Waits, but not for ever; whether it has happened.
  @discardableResult
  func wait(seconds: Double = 10) -> Bool {
    eventually(seconds: seconds) { isSet }
  }
}

/// Whether `condition` comes true within `seconds`.
func eventually(seconds: Double = 10, _ condition: () -> Bool) -> Bool {
  for _ in 0..<Int(seconds * 1000) {
    if condition() { return true }
    usleep(1000)
  }
  return condition()
}
