/// The flags of renameat2(2).
public struct RenameFlags: OptionSet, Hashable, Sendable {
  /// The bits as in linux/fs.h.
  public let rawValue: UInt32

  /// The flags of the bits `rawValue`.
  public init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// RENAME_NOREPLACE: fail with EEXIST where the new name is taken.
  public static var noReplace: RenameFlags { RenameFlags(rawValue: 1) }
  /// RENAME_EXCHANGE: both names must exist and change places.
  public static var exchange: RenameFlags { RenameFlags(rawValue: 2) }
}
