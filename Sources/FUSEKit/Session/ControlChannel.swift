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
    /// The mount has answered a question.
    case answered
    /// The mount has refused to answer, with this error.
    case refused(Int32)

    /// A signal's number, one of a few others, or an errno (below 256 for all that stat(2) gives) in two
    /// bytes.
    var bytes: [UInt8] {
      switch self {
      case .signal(let number): [UInt8(truncatingIfNeeded: number & 0x7F)]
      case .stop: [0x80]
      case .answering: [0x81]
      case .ended: [0x82]
      case .answered: [0x83]
      case .refused(let number): [0x84, UInt8(clamping: number)]
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
    let bytes = message.bytes
    _ = write(writeEnd, bytes, bytes.count)
  }

  /// The next message; nil when none came within `milliseconds` (-1: wait for ever).
  func receive(milliseconds: Int32) -> Message? {
    var poller = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    guard poll(&poller, 1, milliseconds) > 0, let byte = receiveByte() else { return nil }
    switch byte {
    case 0x80: return .stop
    case 0x81: return .answering
    case 0x82: return .ended
    case 0x83: return .answered
    case 0x84: return receiveByte().map { .refused(Int32($0)) }
    default: return .signal(Int32(byte & 0x7F))
    }
  }

  /// The next byte, which is there: a message is written at once.
  private func receiveByte() -> UInt8? {
    var byte: UInt8 = 0
    return read(readEnd, &byte, 1) == 1 ? byte : nil
  }
}
