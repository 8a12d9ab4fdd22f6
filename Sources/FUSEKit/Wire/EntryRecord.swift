/// `struct fuse_entry_out` of linux/fuse.h, 128 bytes in native byte order: what the kernel is told of a
/// name.
enum EntryRecord {
  static let size = 128

  /// Writes `entry` into the first 128 bytes of `buffer`.
  static func store(_ entry: Entry, into buffer: UnsafeMutableRawBufferPointer) {
    var writer = RecordWriter(buffer)
    let (entryTimeout, attributeTimeout) = (entry.entryTimeout.parts, entry.attributeTimeout.parts)
    let attributes = entry.attributes
    writer.append(attributes.inode.rawValue)
    writer.append(entry.generation)
    writer.append(entryTimeout.seconds)
    writer.append(attributeTimeout.seconds)
    writer.append(entryTimeout.nanoseconds)
    writer.append(attributeTimeout.nanoseconds)
    // struct fuse_attr, 88 bytes
    writer.append(attributes.inode.rawValue)
    writer.append(attributes.size)
    writer.append(attributes.blocks)
    writer.append(UInt64(bitPattern: attributes.accessTime.seconds))
    writer.append(UInt64(bitPattern: attributes.modificationTime.seconds))
    writer.append(UInt64(bitPattern: attributes.changeTime.seconds))
    writer.append(min(attributes.accessTime.nanoseconds, 999_999_999))
    writer.append(min(attributes.modificationTime.nanoseconds, 999_999_999))
    writer.append(min(attributes.changeTime.nanoseconds, 999_999_999))
    writer.append(attributes.mode.rawMode)
    writer.append(attributes.linkCount)
    writer.append(attributes.userID)
    writer.append(attributes.groupID)
    writer.append(attributes.deviceNumber)
    writer.append(attributes.blockSize)
    writer.append(UInt32(0))
  }
}

/// Stores numbers one behind the other.
struct RecordWriter {
  private let buffer: UnsafeMutableRawBufferPointer
  private var offset = 0

  init(_ buffer: UnsafeMutableRawBufferPointer) {
    self.buffer = buffer
  }

  mutating func append<Value: BitwiseCopyable & FixedWidthInteger>(_ value: Value) {
    let end = offset + MemoryLayout<Value>.size
    guard end <= buffer.count else { return }
    buffer.storeBytes(of: value, toByteOffset: offset, as: Value.self)
    offset = end
  }
}
