import Glibc

/// Where complaints go.
enum StandardError {
  /// Writes a line, in one system call where the file takes it.
  static func write(_ line: String) {
    var bytes = Array((line + "\n").utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      // Nobody is left to hear of a failure to complain.
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
