internal import Synchronization

/// The requests that want to know when their caller was interrupted.
///
/// libfuse calls back with a number instead of a pointer: a call that comes late, after the request was
/// answered, finds nothing, and no memory has to outlive the answer. Every operation is O(1).
final class InterruptRegistry: Sendable {
  typealias Handler = @Sendable () -> Void

  private enum Entry {
    case registering(interrupted: Bool)
    case active(Handler)
  }

  private struct State {
    var entries: [UInt: Entry] = [:]
    var lastID: UInt = 0
  }

  private let state = Mutex(State())

  /// A new number, not yet active: an interrupt is remembered instead of delivered.
  func begin() -> UInt {
    state.withLock { state in
      state.lastID &+= 1
      state.entries[state.lastID] = .registering(interrupted: false)
      return state.lastID
    }
  }

  /// Makes `id` active; false where the interrupt has come already (`id` is then forgotten).
  func activate(_ id: UInt, _ handler: @escaping Handler) -> Bool {
    state.withLock { state in
      if case .registering(interrupted: false) = state.entries[id] {
        state.entries[id] = .active(handler)
        return true
      }
      state.entries[id] = nil
      return false
    }
  }

  /// The kernel reports an interrupt.
  func fire(_ id: UInt) {
    let handler: Handler? = state.withLock { state in
      switch state.entries[id] {
      case .active(let handler):
        state.entries[id] = nil
        return handler
      case .registering:
        state.entries[id] = .registering(interrupted: true)
        return nil
      case nil:
        return nil
      }
    }
    handler?()
  }

  /// The request has been answered.
  func remove(_ id: UInt) {
    // The handler is let go outside the lock: it may hold the last reference to something with a deinit of
    // its own.
    let removed = state.withLock { $0.entries.removeValue(forKey: id) }
    withExtendedLifetime(removed) {}
  }
}
