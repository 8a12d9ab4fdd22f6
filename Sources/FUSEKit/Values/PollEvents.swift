internal import Glibc

/// What a caller of poll(2) waits for, and what a file is ready for.
public struct PollEvents: OptionSet, Hashable, Sendable {
  /// The bits as in `poll.h`.
  public let rawValue: UInt32

  /// The events of the bits `rawValue`.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// POLLIN and POLLRDNORM: there is something to read.
  public static var readable: PollEvents { PollEvents(rawValue: 0x41) }
  /// POLLOUT and POLLWRNORM: a write would not wait.
  public static var writable: PollEvents { PollEvents(rawValue: 0x104) }
  /// POLLPRI: the file has changed (the way of sysfs: together with ``error``).
  public static var priority: PollEvents { PollEvents(rawValue: 0x2) }
  /// POLLERR.
  public static var error: PollEvents { PollEvents(rawValue: 0x8) }
  /// POLLHUP: the other end has gone.
  public static var hangUp: PollEvents { PollEvents(rawValue: 0x10) }
}
