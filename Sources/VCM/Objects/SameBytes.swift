extension UnsafeBufferPointer<UInt8> {
  /// Whether another buffer has the same bytes: eight at a time, and without a call.
  ///
  /// O(count).
  package func hasSameBytes(as other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard count == other.count else { return false }
    let (own, others) = (UnsafeRawBufferPointer(self), UnsafeRawBufferPointer(other))
    var offset = 0
    while count &- offset >= 8 {
      guard
        own.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          == others.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      else { return false }
      offset &+= 8
    }
    while offset < count {
      guard own[offset] == others[offset] else { return false }
      offset &+= 1
    }
    return true
  }
}
