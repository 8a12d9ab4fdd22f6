/// How a file is opened.
public struct OpenOptions: OptionSet, Sendable, Hashable {
  /// The set's bits.
  public let rawValue: UInt8

  /// A set from its bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// It will be read.
  public static let read = OpenOptions(rawValue: 1)
  /// It will be written.
  public static let write = OpenOptions(rawValue: 2)
  /// `O_TRUNC`: accepted and without effect where a value is replaced by every write; refused for memory.
  public static let truncate = OpenOptions(rawValue: 4)
  /// `O_NONBLOCK`: a read that would wait fails with `EAGAIN` instead.
  public static let nonBlocking = OpenOptions(rawValue: 8)
}

/// What may be changed of a node at once, as `setattr` has it; nil leaves a value alone.
public struct AttributeChanges: Sendable, Hashable {
  /// A new length (`truncate`).
  public var size: UInt64?
  /// New permission bits (`chmod`).
  public var permissions: UInt16?
  /// A new owner (`chown`).
  public var userID: UInt32?
  /// A new group (`chgrp`).
  public var groupID: UInt32?
  /// Whether times are to be set (`utimensat`).
  public var times: Bool

  /// A set of changes; without arguments, none.
  public init(
    size: UInt64? = nil, permissions: UInt16? = nil, userID: UInt32? = nil, groupID: UInt32? = nil,
    times: Bool = false
  ) {
    self.size = size
    self.permissions = permissions
    self.userID = userID
    self.groupID = groupID
    self.times = times
  }
}

/// How a rename treats what has the new name already, as `renameat2` has it.
public struct RenameOptions: OptionSet, Sendable, Hashable {
  /// The set's bits.
  public let rawValue: UInt8

  /// A set from its bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// `RENAME_NOREPLACE`: fail with `EEXIST`.
  ///
  /// Objects are never replaced, so this is how every rename behaves.
  public static let noReplace = RenameOptions(rawValue: 1)
  /// `RENAME_EXCHANGE`: always refused with `EINVAL`.
  public static let exchange = RenameOptions(rawValue: 2)
}
