internal import CFuse
internal import Glibc

/// What `stat` shows of a file.
public struct FileAttributes: Hashable, Sendable {
  /// The file's number, as `ls -i` shows it.
  public var inode: InodeNumber
  /// Kind and permissions.
  public var mode: FileMode
  /// The number of names (for a directory: 2 and one for each subdirectory, or 1 for "not counted").
  public var linkCount: UInt32 = 1
  /// The owner.
  public var userID: UInt32 = 0
  /// The owning group.
  public var groupID: UInt32 = 0
  /// Length in bytes, at most `Int64.max`.
  public var size: UInt64 = 0
  /// Memory used, in units of 512 bytes.
  public var blocks: UInt64 = 0
  /// The preferred size of a transfer in bytes.
  public var blockSize: UInt32 = 4096
  /// The device that a device file stands for.
  public var deviceNumber: UInt32 = 0
  /// The last read.
  public var accessTime: Timestamp
  /// The last change of the content.
  public var modificationTime: Timestamp
  /// The last change of content or attributes.
  public var changeTime: Timestamp

  /// The attributes of an empty file of root's, all three times being `time`.
  public init(inode: InodeNumber, mode: FileMode, time: Timestamp = Timestamp(seconds: 0)) {
    self.inode = inode
    self.mode = mode
    accessTime = time
    modificationTime = time
    changeTime = time
  }

  /// The same as the C structure that libfuse takes.
  var statValue: stat {
    var result = stat()
    result.st_ino = .init(truncatingIfNeeded: inode.rawValue)
    result.st_mode = mode.rawMode
    result.st_nlink = .init(truncatingIfNeeded: linkCount)
    result.st_uid = userID
    result.st_gid = groupID
    result.st_size = .init(clamping: size)
    result.st_blocks = .init(clamping: blocks)
    result.st_blksize = .init(truncatingIfNeeded: blockSize)
    result.st_rdev = .init(truncatingIfNeeded: deviceNumber)
    result.st_atim = accessTime.timespecValue
    result.st_mtim = modificationTime.timespecValue
    result.st_ctim = changeTime.timespecValue
    return result
  }
}
