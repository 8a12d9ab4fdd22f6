internal import CFuse
internal import Synchronization

/// A caller that sleeps in poll(2), select(2) or epoll_wait(2) and wants to be woken.
///
/// `@unchecked Sendable`: the pointer is only read after `init`, and libfuse locks what it sends.
public final class PollHandle: @unchecked Sendable {
  private let handle: OpaquePointer
  private let connection: Connection

  init(_ handle: OpaquePointer, connection: Connection) {
    self.handle = handle
    self.connection = connection
  }

  /// Wakes the caller, who then asks again.
  ///
  /// Safe from anywhere, also from within a request and with locks held: the kernel only looks up the file
  /// and wakes its queue.
  public func wake() {
    guard connection.isOpen.load(ordering: .acquiring) else { return }
    fuse_lowlevel_notify_poll(handle)
  }

  deinit {
    fuse_pollhandle_destroy(handle)
  }
}
