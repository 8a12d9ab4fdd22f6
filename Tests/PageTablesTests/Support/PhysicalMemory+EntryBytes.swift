import PhysicalMemory

extension PhysicalMemory {
  /// The 4 or 8 bytes of an entry as they lie in memory, read by one load, as hardware reads an entry; zeros where
  /// there is no memory.
  ///
  /// So a decoder may read while another thread writes.
  func entryBytes(_ address: UInt64, _ count: Int) -> [UInt64] {
    guard address % UInt64(count) == 0, let place = pointer(to: address, byteCount: UInt64(count)) else {
      return Array(repeating: 0, count: count)
    }
    if count == 8 { return Self.bytes(of: place.load(as: UInt64.self)) }
    return Self.bytes(of: place.load(as: UInt32.self))
  }

  private static func bytes(of word: some FixedWidthInteger) -> [UInt64] {
    withUnsafeBytes(of: word) { bytes in bytes.map { UInt64($0) } }
  }
}
