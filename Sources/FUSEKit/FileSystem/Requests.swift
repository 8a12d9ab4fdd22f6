/// What is to be opened, and how.
public struct OpenRequest: Hashable, Sendable {
  /// The file or directory.
  public let inode: InodeNumber
  /// The flags of open(2).
  ///
  /// With `default_permissions` the kernel has checked the permissions already.
  public let flags: OpenFlags
}

/// A piece of an open file to read.
public struct ReadRequest: Hashable, Sendable {
  /// The file.
  public let inode: InodeNumber
  /// Which opening of it.
  public let handle: FileHandle
  /// The first byte; any value.
  public let offset: UInt64
  /// How many bytes: 1 MiB and more may come.
  public let size: Int
  /// The opening's flags as they are now (O_NONBLOCK may have been changed by fcntl).
  public let flags: OpenFlags
  /// Whether the bytes are for the page cache, as those of a mapping are.
  ///
  /// They are whole pages then, perhaps more of them than anybody has asked for. A short answer is the end of the file to it, behind which the kernel fills with zeros.
  ///
  /// Only a read(2) has an owner (linux/fs/fuse/file.c: fuse_send_read, fuse_do_readfolio).
  public let isForPageCache: Bool
}

/// A piece of an open file to write; the bytes come beside it.
public struct WriteRequest: Hashable, Sendable {
  /// The file.
  public let inode: InodeNumber
  /// Which opening of it.
  public let handle: FileHandle
  /// The first byte; any value.
  ///
  /// With O_APPEND, the end of the file as the kernel knows it.
  public let offset: UInt64
  /// The opening's flags as they are now.
  public let flags: OpenFlags
  /// Whether the bytes come from a shared mapping's pages, at some time after the store: the context is then
  /// nobody's.
  public let isFromPageCache: Bool
}

/// A new name for a file.
public struct RenameRequest: Hashable, Sendable {
  /// The old name.
  public let name: FileName
  /// The directory of the old name.
  public let parent: InodeNumber
  /// The new name.
  public let newName: FileName
  /// The directory of the new name.
  public let newParent: InodeNumber
  /// What to do where the new name is taken; none: replace it.
  public let flags: RenameFlags
}

/// A part of an open directory to read.
public struct ReadDirectoryRequest: Hashable, Sendable {
  /// The directory.
  public let inode: InodeNumber
  /// Which opening of it.
  public let handle: FileHandle
  /// Zero for the beginning; else a `next` that was sent with an entry: go on behind that one.
  ///
  /// Any value may come (lseek(2)).
  public let offset: UInt64
}

/// Bytes to copy from one open file to another (copy_file_range(2)).
public struct CopyRequest: Hashable, Sendable {
  /// The file to read.
  public let source: InodeNumber
  /// Which opening of it.
  public let sourceHandle: FileHandle
  /// The first byte to read; any value.
  public let sourceOffset: UInt64
  /// The file to write.
  public let destination: InodeNumber
  /// Which opening of it.
  public let destinationHandle: FileHandle
  /// The first byte to write; any value.
  public let destinationOffset: UInt64
  /// How many bytes; any value.
  public let length: UInt64
}

/// A question whether an open file is ready.
public struct PollRequest: Sendable {
  /// The file.
  public let inode: InodeNumber
  /// Which opening of it.
  public let handle: FileHandle
  /// What the caller waits for; empty on kernels that don't say.
  public let events: PollEvents
  /// Where present, the caller is about to sleep: keep it, and wake it when the answer may have changed.
  ///
  /// It replaces the one of an earlier request of the same handle.
  public let waiter: PollHandle?
}

/// A search for data or a hole in an open file.
public struct SeekRequest: Hashable, Sendable {
  /// What is looked for.
  public enum Target: Hashable, Sendable {
    /// SEEK_DATA: the first byte at or after the offset that is data.
    case data
    /// SEEK_HOLE: the first byte at or after the offset that is in a hole; the end of the file is one.
    case hole
  }

  /// The file.
  public let inode: InodeNumber
  /// Which opening of it.
  public let handle: FileHandle
  /// Where to begin; any value.
  ///
  /// At or behind the end: ENXIO.
  public let offset: UInt64
  /// What is looked for.
  public let target: Target
}

/// An extended attribute to set.
public struct SetExtendedAttributeRequest: Hashable, Sendable {
  /// The file.
  public let inode: InodeNumber
  /// The attribute's whole name, as `user.comment`.
  public let name: FileName
  /// Whether it must not exist yet (XATTR_CREATE; else EEXIST).
  public let mustBeNew: Bool
  /// Whether it must exist (XATTR_REPLACE; else ENODATA).
  public let mustExist: Bool
}

/// Space to allocate or to give back in an open file (fallocate(2)).
public struct AllocateRequest: Hashable, Sendable {
  /// The file.
  public let inode: InodeNumber
  /// Which opening of it.
  public let handle: FileHandle
  /// The FALLOC_FL_ bits of linux/falloc.h.
  public let mode: Int32
  /// The first byte; any value.
  public let offset: UInt64
  /// How many bytes; any value.
  public let length: UInt64
}
