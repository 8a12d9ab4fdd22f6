internal import CFuse
internal import Glibc

/// The fields that a setattr request (chmod, chown, truncate, utimensat) wants changed; nil where one is not
/// mentioned.
public struct AttributeChanges: Hashable, Sendable {
  /// A time to set.
  public enum TimeChange: Hashable, Sendable {
    /// The present, by the filesystem's clock.
    case now
    /// This moment.
    case at(Timestamp)
  }

  /// New permissions.
  public var permissions: UInt16?
  /// New owner.
  public var userID: UInt32?
  /// New group.
  public var groupID: UInt32?
  /// New length in bytes: truncate(2), ftruncate(2), and open(2) with O_TRUNC where that is not sent with the
  /// open.
  public var size: UInt64?
  /// New access time.
  public var accessTime: TimeChange?
  /// New modification time.
  public var modificationTime: TimeChange?
  /// New change time (only with write-back caching, which FUSEKit never asks for).
  public var changeTime: Timestamp?

  /// No change at all.
  public init() {}

  init(_ attributes: stat, fields: Int32) {
    func has(_ bit: Int32) -> Bool { fields & (1 << bit) != 0 }
    if has(0) { permissions = UInt16(truncatingIfNeeded: attributes.st_mode & 0o7777) }
    if has(1) { userID = attributes.st_uid }
    if has(2) { groupID = attributes.st_gid }
    if has(3) { size = UInt64(bitPattern: Int64(attributes.st_size)) }
    if has(4) { accessTime = .at(Timestamp(attributes.st_atim)) }
    if has(5) { modificationTime = .at(Timestamp(attributes.st_mtim)) }
    if has(7) { accessTime = .now }
    if has(8) { modificationTime = .now }
    if has(10) { changeTime = Timestamp(attributes.st_ctim) }
  }
}
