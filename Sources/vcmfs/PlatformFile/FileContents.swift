import Glibc

/// A small text file, read whole.
enum FileContents {
  /// Why a file cannot be read.
  struct Failure: Error, Equatable {
    /// Such as `No such file or directory`.
    let reason: String
  }

  /// The text of a file.
  ///
  /// - Parameter limit: the largest number of bytes.
  /// - Throws: ``Failure`` if it cannot be opened or read, is longer than the limit, or is not UTF-8.
  static func text(ofFileAt path: String, limit: Int) throws(Failure) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemFailure() }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw systemFailure() }
      if count == 0 { break }
      bytes += buffer[..<count]
      guard bytes.count <= limit else { throw Failure(reason: "longer than \(limit) bytes") }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(reason: "not UTF-8 text") }
    return text
  }

  private static func systemFailure() -> Failure {
    Failure(reason: String(cString: strerror(errno)))
  }
}
