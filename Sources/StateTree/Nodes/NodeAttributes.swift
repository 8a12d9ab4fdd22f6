/// What `stat` shows of a node.
public struct NodeAttributes: Sendable, Hashable {
  /// What a node is to the system.
  public enum Kind: UInt8, Sendable, Hashable {
    /// A directory.
    case directory
    /// A regular file.
    case file
    /// A symbolic link.
    case symbolicLink
  }

  /// The node.
  public var id: NodeID
  /// Directory, file or link.
  public var kind: Kind
  /// The permission bits, as in `0o644`; no file type bits.
  public var permissions: UInt16
  /// The length in bytes of what a read would return now; of a link, of its target.
  public var size: UInt64
  /// Memory in use, in units of 512 bytes: what `du` counts.
  public var blocks: UInt64
  /// The number of names: 1 of a file; 2 and one for each directory inside, of a directory.
  public var linkCount: UInt32
  /// The owner.
  public var userID: UInt32
  /// The owner's group.
  public var groupID: UInt32
  /// When what the node shows changed last.
  public var modified: Timestamp
  /// Whether the kernel may keep this answer until an ``Invalidation`` names the node.
  ///
  /// A node whose answer depends on who asks, or on what changes without a call, says no.
  public var mayBeCached: Bool
  /// Whether the kernel may keep the name by which the node was found until it is removed there, or an ``Invalidation``
  /// names it.
  ///
  /// A directory that goes with an object elsewhere says no: nobody would be told in time when it is read under a name
  /// that leads nowhere, or to another one, by now.
  public var nameMayBeCached = true
}

/// A moment, as `stat` has it.
public struct Timestamp: Sendable, Hashable, Comparable {
  /// Seconds since 1970, UTC.
  public var seconds: Int64
  /// Nanoseconds within the second, 0 ..< 1,000,000,000.
  public var nanoseconds: UInt32

  /// A moment.
  public init(seconds: Int64, nanoseconds: UInt32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// Order in time.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
  }
}

/// Who asks.
public struct Caller: Sendable, Hashable {
  /// The user.
  public var userID: UInt32
  /// The group.
  public var groupID: UInt32
  /// The process; 0 if not known.
  public var processID: Int32

  /// Somebody who asks.
  public init(userID: UInt32, groupID: UInt32, processID: Int32 = 0) {
    self.userID = userID
    self.groupID = groupID
    self.processID = processID
  }
}

/// What `statfs`, and so `df`, shows: physical memory.
public struct TreeStatistics: Sendable, Hashable {
  /// Bytes a block; `total` and `free` are in these.
  public var blockSize: UInt64
  /// Blocks of all memory types.
  public var total: UInt64
  /// Blocks that are in no buffer and no table.
  public var free: UInt64
  /// Objects that exist: regions, reservations, devices, associations and buffers.
  public var objects: UInt64
}
