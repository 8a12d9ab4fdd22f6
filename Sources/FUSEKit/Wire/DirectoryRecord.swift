/// `struct fuse_dirent` of linux/fuse.h: 24 bytes, the name, zeroes up to a multiple of 8.
enum DirectoryRecord {
  private static let headerSize = 24

  static func size(nameLength: Int) -> Int {
    (headerSize + nameLength + 7) & ~7
  }

  /// Fills `record`, whose size is that of `size(nameLength:)`.
  static func store(
    _ name: UnsafeRawBufferPointer, inode: InodeNumber, kind: FileKind, next: UInt64,
    into record: UnsafeMutableRawBufferPointer
  ) {
    // The padding lies in the last eight bytes; the rest of them is overwritten below.
    record.storeBytes(of: 0, toByteOffset: record.count - 8, as: UInt64.self)
    record.storeBytes(of: inode.rawValue, as: UInt64.self)
    record.storeBytes(of: next, toByteOffset: 8, as: UInt64.self)
    record.storeBytes(of: UInt32(truncatingIfNeeded: name.count), toByteOffset: 16, as: UInt32.self)
    record.storeBytes(of: kind.rawValue, toByteOffset: 20, as: UInt32.self)
    UnsafeMutableRawBufferPointer(rebasing: record[headerSize...]).copyMemory(from: name)
  }
}

/// The bytes of a directory reading, up to a fixed capacity, in a buffer that is used again.
struct RecordBuffer: ~Copyable, @unchecked Sendable {
  private let start: UnsafeMutableRawPointer?
  private let capacity: Int
  private var count = 0

  init(capacity: Int) {
    start = ScratchBuffer.take(count: max(capacity, 0))
    self.capacity = start == nil ? 0 : max(capacity, 0)
  }

  deinit {
    ScratchBuffer.putBack(start)
  }

  /// The next `size` bytes, not initialised; nil where they don't fit.
  mutating func append(_ size: Int) -> UnsafeMutableRawBufferPointer? {
    guard let start, size <= capacity - count else { return nil }
    defer { count += size }
    return UnsafeMutableRawBufferPointer(start: start + count, count: size)
  }

  /// What was appended.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

  /// Gives the bytes up: the end of their life where it has to be seen.
  consuming func end() {}
}
