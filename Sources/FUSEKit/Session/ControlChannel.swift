internal import CFuse
internal import Glibc
internal import Synchronization

/// Single-byte messages to a session's control thread.
///
/// Sending is safe in a signal handler.
final class ControlChannel: Sendable {
  /// What the control thread is told.
  enum Message: Hashable, Sendable {
    /// A signal has come.
    case signal(Int32)
    /// Somebody called `stop`.
    case stop
    /// The kernel's INIT has been answered.
    case answering
    /// The loop has ended.
    case ended

    var byte: UInt8 {
      switch self {
      case .signal(let number): UInt8(truncatingIfNeeded: number & 0x7F)
      case .stop: 0x80
      case .answering: 0x81
      case .ended: 0x82
      }
    }

    init(byte: UInt8) {
      switch byte {
      case 0x80: self = .stop
      case 0x81: self = .answering
      case 0x82: self = .ended
      default: self = .signal(Int32(byte & 0x7F))
      }
    }
  }

  private let readEnd: Int32
  let writeEnd: Int32

  /// A channel; nil where no descriptors are left.
  init?() {
    var ends: [Int32] = [-1, -1]
    guard cfuse_pipe(&ends, O_CLOEXEC | O_NONBLOCK) == 0 else { return nil }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  deinit {
    close(readEnd)
    close(writeEnd)
  }

  func send(_ message: Message) {
    var byte = message.byte
    _ = write(writeEnd, &byte, 1)
  }

  /// The next message; nil when none came within `milliseconds` (-1: wait for ever).
  func receive(milliseconds: Int32) -> Message? {
    var poller = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    guard poll(&poller, 1, milliseconds) > 0 else { return nil }
    var byte: UInt8 = 0
    return read(readEnd, &byte, 1) == 1 ? Message(byte: byte) : nil
  }
}
