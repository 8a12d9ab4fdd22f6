import FUSEKit
import StateTree
import Synchronization

/// The waits of callers in poll(2): one for each open file, since the kernel passes a wake-up on to all of them.
final class PollWaits: Sendable {
  private let waits = Mutex<[FileHandle: any ReadWait]>([:])

  /// Puts a wait in the place of an earlier one of the same open file.
  func replace(_ handle: FileHandle, by wait: (any ReadWait)?) {
    let earlier = waits.withLock { waits in
      defer { waits[handle] = wait }
      return waits[handle]
    }
    earlier?.cancel()
  }

  /// Forgets an open file.
  func end(_ handle: FileHandle) {
    replace(handle, by: nil)
  }
}
