/// Why a filesystem could not be mounted or served, in a sentence for a person.
public struct SessionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kind of failure.
  public enum Code: Hashable, Sendable {
    /// libfuse refused the options.
    case options
    /// The mount point does not exist, is no directory, or can't be reached.
    case mountPoint
    /// There is no usable /dev/fuse.
    case device
    /// mount(2) or fusermount3 refused.
    case mount
    /// The mount never answered.
    case notAnswering
    /// The loop ended by an error.
    case loop
    /// The process could not go into the background.
    case daemon
  }

  /// The kind of failure.
  public let code: Code
  /// What the system call said, if one did.
  public let errno: Errno?
  /// The whole sentence.
  public let description: String

  init(_ code: Code, _ errno: Errno?, _ sentence: String) {
    self.code = code
    self.errno = errno
    description = errno.map { "\(sentence): \($0)" } ?? sentence
  }
}
