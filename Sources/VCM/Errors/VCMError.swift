/// What went wrong, in three forms: a code for programs, an errno for system calls, a sentence for people.
///
/// The sentence names the value that was wrong and, where there is one, the value that would be right. The
/// errno follows from the code by one total table (``Code-swift.enum/errno``).
public struct VCMError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What kind of failure it was.
  public let code: Code

  /// One sentence without a final newline that names the wrong value.
  public let sentence: String

  /// Makes an error.
  ///
  /// The sentence should name the value that was wrong.
  public init(_ code: Code, _ sentence: String) {
    self.code = code
    self.sentence = sentence
  }

  /// The error number that a system call gives for this failure.
  public var errno: Int32 { code.errno }

  /// The sentence, after the errno's symbolic name.
  public var description: String { "\(code.symbol): \(sentence)" }
}
