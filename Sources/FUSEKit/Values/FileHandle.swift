/// What the filesystem calls one open file or directory; chosen when it answers an open, given back with each
/// use of it.
public struct FileHandle: RawRepresentable, Hashable, Sendable {
  /// Any value; zero is as good as another.
  public let rawValue: UInt64

  /// The handle of the value `rawValue`.
  @inlinable
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// For a filesystem that keeps nothing for an open file.
  public static var none: FileHandle { FileHandle(rawValue: 0) }
}
