internal import PhysicalMemory

/// A run of physical memory and where it is mapped, found once so that walks need not ask for every entry.
struct MappedWindow {
  /// The first physical address.
  let base: UInt64
  /// The number of bytes; 0 if there is no such run.
  let size: UInt64
  /// The byte at the first address.
  private let bytes: UnsafeMutableRawPointer

  /// The run of memory that an address belongs to, from the beginning of its window on.
  init(around address: UInt64, in memory: PhysicalMemory) {
    let window = memory.windows.last { $0.base <= address && address - $0.base < $0.size }
    let first = window?.base ?? address
    let length = memory.contiguousBytes(from: first, limit: .max)
    base = first
    if let bytes = memory.pointer(to: first, byteCount: length), length > 0 {
      size = length
      self.bytes = bytes
    } else {
      size = 0
      self.bytes = UnsafeMutableRawPointer(bitPattern: 16).unsafelyUnwrapped
    }
  }

  /// The mapped bytes at an address; `nil` unless as many as `Word` has lie in this run.
  @inline(__always)
  func pointer<Word: FixedWidthInteger>(to address: UInt64, as type: Word.Type) -> UnsafeMutableRawPointer? {
    let offset = address &- base
    // A run is at least a page, so its size is no less than a word's; one of 0 holds nothing.
    guard offset < size, size &- offset >= UInt64(MemoryLayout<Word>.size) else { return nil }
    return bytes + Int(truncatingIfNeeded: offset)
  }
}
