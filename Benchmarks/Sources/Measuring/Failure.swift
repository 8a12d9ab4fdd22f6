/// Why nothing could be measured.
public struct Failure: Error, CustomStringConvertible {
  /// The reason, in words.
  public let description: String

  /// A failure for a reason.
  public init(_ description: String) {
    self.description = description
  }
}
