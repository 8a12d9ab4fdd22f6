internal import CFuse

/// The answer to a lookup: which file a name stands for, and how long the kernel may believe it.
///
/// Each entry that is sent (by lookup, mkdir, symlink, mknod, link, create, and by a directory reading with
/// attributes) raises the inode's lookup count in the kernel by one; `FileSystem.forget` lowers it. See
/// ``LookupCounter``.
public struct Entry: Hashable, Sendable {
  /// The file's attributes; their `inode` is the number by which the kernel will name the file.
  public var attributes: FileAttributes
  /// Tells apart files that had the same number one after the other.
  public var generation: UInt64 = 0
  /// How long the name may be believed.
  public var entryTimeout: CacheTimeout
  /// How long the attributes may be believed.
  public var attributeTimeout: CacheTimeout

  /// An entry of `attributes` that the kernel may keep for the given times.
  public init(
    attributes: FileAttributes, entryTimeout: CacheTimeout = .zero, attributeTimeout: CacheTimeout = .zero
  ) {
    self.attributes = attributes
    self.entryTimeout = entryTimeout
    self.attributeTimeout = attributeTimeout
  }

  var parameters: fuse_entry_param {
    var result = fuse_entry_param()
    result.ino = attributes.inode.rawValue
    result.generation = generation
    result.attr = attributes.statValue
    result.attr_timeout = attributeTimeout.seconds
    result.entry_timeout = entryTimeout.seconds
    return result
  }
}
