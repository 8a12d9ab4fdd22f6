import Glibc

/// A file that much is written to, in large pieces.
final class OutputStream {
  private let descriptor: Int32
  private var pending: [UInt8] = []
  private var written: UInt64 = 0
  /// Why a write failed; nothing more is written then.
  private(set) var failure: OutputFailure?

  /// Writes to an open file.
  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// Writes bytes, and shows how far this is; false if writing has failed.
  func write(_ bytes: UnsafeRawBufferPointer, _ progress: ProgressLine) -> Bool {
    pending.append(contentsOf: bytes)
    written &+= UInt64(bytes.count)
    if pending.count >= 1 << 16 {
      progress.clear(ifShown: isTerminal)
      flush()
      progress.show(written: written)
    }
    return failure == nil
  }

  /// Writes text.
  func write(_ text: String) {
    pending.append(contentsOf: text.utf8)
    if pending.count >= 1 << 16 { flush() }
  }

  /// Writes what is pending.
  func flush() {
    defer { pending.removeAll(keepingCapacity: true) }
    var rest = pending[...]
    while !rest.isEmpty, failure == nil {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        failure = OutputFailure(errno: errno)
        return
      }
      rest = rest.dropFirst(count)
    }
  }

  private lazy var isTerminal = isatty(descriptor) == 1
}

/// The output could not be written.
struct OutputFailure: Complaint {
  /// Of write(2).
  let errno: Int32

  var sentence: String { "writing the output failed: \(String(cString: strerror(errno)))" }
  var exitStatus: Int32 { ExitStatus.badOutput }
}
