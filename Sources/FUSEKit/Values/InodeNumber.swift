/// The number by which the kernel names a file; the filesystem chooses it when it answers a lookup.
public struct InodeNumber: RawRepresentable, Hashable, Sendable {
  /// The number.
  ///
  /// Zero names nothing.
  public let rawValue: UInt64

  /// The inode of the number `rawValue`.
  @inlinable
  public init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// The directory at the mount point; it is never looked up and never forgotten.
  public static var root: InodeNumber { InodeNumber(rawValue: 1) }
}
