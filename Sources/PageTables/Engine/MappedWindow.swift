internal import PhysicalMemory

/// A run of physical memory and where it is mapped, found once so that walks need not ask for every entry.
struct MappedWindow {
  /// The first physical address.
  private let base: UInt64
  /// Below which offset an entry may begin; 0 if there is no such run.
  private let limit: UInt64
  /// The byte at the first address.
  private let bytes: UnsafeMutableRawPointer?

  /// The run of memory that an address belongs to, from the beginning of its window on.
  init(around address: UInt64, in memory: PhysicalMemory) {
    let window = memory.windows.last { $0.base <= address && address - $0.base < $0.size }
    base = window?.base ?? address
    let length = memory.contiguousBytes(from: base, limit: .max)
    bytes = memory.pointer(to: base, byteCount: length)
    // The widest entry has sixteen bytes.
    limit = bytes == nil || length < 16 ? 0 : length - 15
  }

  /// The mapped bytes of an entry at an address; `nil` if it is not sure that it lies in this run.
  @inline(__always)
  func pointer(to address: UInt64) -> UnsafeMutableRawPointer? {
    let offset = address &- base
    guard offset < limit else { return nil }
    return bytes.unsafelyUnwrapped + Int(truncatingIfNeeded: offset)
  }
}
