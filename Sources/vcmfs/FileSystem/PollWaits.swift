import FUSEKit
import StateTree
import Synchronization

/// The waits of callers in poll(2): one for each open file, since the kernel passes a wake-up on to all of them.
final class PollWaits: Sendable {
  private let waits = Mutex<[FileHandle: any ReadWait]>([:])
  /// Whether anybody has waited yet: most mounts are never polled.
  private let isUsed = Atomic<Bool>(false)

  /// Puts a wait in the place of an earlier one of the same open file.
  func replace(_ handle: FileHandle, by wait: (any ReadWait)?) {
    if wait != nil { isUsed.store(true, ordering: .releasing) }
    let earlier = waits.withLock { waits in
      defer { waits[handle] = wait }
      return waits[handle]
    }
    earlier?.cancel()
  }

  /// Forgets an open file.
  func end(_ handle: FileHandle) {
    guard isUsed.load(ordering: .acquiring) else { return }
    replace(handle, by: nil)
  }
}
