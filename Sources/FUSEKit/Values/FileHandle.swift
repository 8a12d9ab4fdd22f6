/// What the filesystem calls one open file or directory; chosen when it answers an open, given back with each
/// use of it.
public struct FileHandle: RawRepresentable, Hashable, Sendable {
  /// Up to 2^63 - 1 (the highest bit is FUSEKit's own); zero is as good as another.
  public let rawValue: UInt64

  /// The handle of the value `rawValue`.
  @inlinable
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// The handle as the kernel keeps it: the lowest bit says whether the opening bypasses the page cache.
  func wireValue(isDirect: Bool) -> UInt64 {
    rawValue << 1 | (isDirect ? 1 : 0)
  }

  /// The handle in the kernel's value.
  init(wireValue: UInt64) {
    rawValue = wireValue >> 1
  }

  /// For a filesystem that keeps nothing for an open file.
  public static var none: FileHandle { FileHandle(rawValue: 0) }
}
