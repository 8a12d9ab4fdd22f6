internal import CFuse
internal import Glibc

/// What `df` shows of a filesystem.
public struct FileSystemStatistics: Hashable, Sendable {
  /// Bytes in a unit of the next three.
  public var blockSize: UInt64 = 4096
  /// All units.
  public var blocks: UInt64 = 0
  /// Free units.
  public var freeBlocks: UInt64 = 0
  /// Units free to anybody.
  public var availableBlocks: UInt64 = 0
  /// All inodes.
  public var files: UInt64 = 0
  /// Free inodes.
  public var freeFiles: UInt64 = 0
  /// The longest name in bytes.
  public var maximumNameLength: UInt64 = 255

  /// The statistics of an empty filesystem.
  public init() {}

  var statvfsValue: statvfs {
    var result = statvfs()
    result.f_bsize = .init(truncatingIfNeeded: blockSize)
    result.f_frsize = .init(truncatingIfNeeded: blockSize)
    result.f_blocks = .init(truncatingIfNeeded: blocks)
    result.f_bfree = .init(truncatingIfNeeded: freeBlocks)
    result.f_bavail = .init(truncatingIfNeeded: availableBlocks)
    result.f_files = .init(truncatingIfNeeded: files)
    result.f_ffree = .init(truncatingIfNeeded: freeFiles)
    result.f_favail = .init(truncatingIfNeeded: freeFiles)
    result.f_namemax = .init(truncatingIfNeeded: maximumNameLength)
    return result
  }
}
