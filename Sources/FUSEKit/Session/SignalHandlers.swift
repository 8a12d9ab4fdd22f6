internal import CFuse
internal import Glibc
internal import Synchronization

/// SIGTERM, SIGINT and SIGHUP sent on to a session's control channel.
///
/// One session of a process can have them.
///
/// libfuse's own handlers only set a mark that the loop sees when it is woken, which a signal taken by
/// another thread never does.
final class SignalHandlers: Sendable {
  /// Where the handler writes; -1 while no session has the signals.
  private static let channel = Atomic<Int32>(-1)
  private static let ending = [SIGTERM, SIGINT, SIGHUP]

  private struct Saved: @unchecked Sendable {
    // sigaction holds a C function pointer, which is safe to share.
    let number: Int32
    let action: sigaction
  }

  private let saved: [Saved]

  /// Takes the signals that have their default action; nil where another session has them.
  init?(_ channel: ControlChannel) {
    let (taken, _) = Self.channel.compareExchange(
      expected: -1, desired: channel.writeEnd, ordering: .sequentiallyConsistent)
    guard taken else { return nil }
    var saved: [Saved] = []
    for number in Self.ending {
      let handler: @convention(c) (Int32) -> Void = { SignalHandlers.handle($0) }
      if let action = Self.replaceDefault(of: number, by: handler) {
        saved.append(Saved(number: number, action: action))
      }
    }
    if let action = Self.replaceDefault(of: SIGPIPE, by: SIG_IGN) {
      saved.append(Saved(number: SIGPIPE, action: action))
    }
    self.saved = saved
  }

  /// Gives the signals back.
  func remove() {
    for item in saved {
      var action = item.action
      sigaction(item.number, &action, nil)
    }
    Self.channel.store(-1, ordering: .sequentiallyConsistent)
  }

  /// Runs in the handler: nothing but one write(2), which leaves errno as it was.
  private static func handle(_ number: Int32) {
    let descriptor = channel.load(ordering: .relaxed)
    guard descriptor >= 0 else { return }
    let error = errno
    // The message for a signal is its number; nothing may be allocated here.
    var byte = UInt8(truncatingIfNeeded: number & 0x7F)
    _ = write(descriptor, &byte, 1)
    errno = error
  }

  /// The action before, where it was the default and so was replaced.
  private static func replaceDefault(of number: Int32, by handler: __sighandler_t?) -> sigaction? {
    var before = sigaction()
    guard sigaction(number, nil, &before) == 0 else { return nil }
    // SIG_DFL is the null pointer.
    guard before.__sigaction_handler.sa_handler == nil else { return nil }
    var action = sigaction()
    action.__sigaction_handler.sa_handler = handler
    return sigaction(number, &action, nil) == 0 ? before : nil
  }
}
