extension PhysicalMemory {
  /// The mapped bytes of `[physicalAddress, physicalAddress + byteCount)`.
  ///
  /// - Parameters:
  ///   - physicalAddress: any address; windows that adjoin in address and in the file count as one.
  ///   - byteCount: the bytes that must all be there.
  /// - Returns: `nil` unless every byte lies in one window. The pointer is good while this object lives.
  /// - Complexity: O(1) for a platform with one run of memory, else O(log windows).
  @inlinable
  public func pointer(to physicalAddress: UInt64, byteCount: UInt64) -> UnsafeMutableRawPointer? {
    var span = spans.first
    var into = physicalAddress &- span.base
    if into >= span.size {
      guard let other = spans.span(holding: physicalAddress) else { return nil }
      span = other
      into = physicalAddress &- span.base
    }
    guard byteCount <= span.size &- into else { return nil }
    // The span lies inside the mapping, whose size is an Int, so the offset is one too.
    return spans.mapping + Int(truncatingIfNeeded: span.fileOffset &+ into)
  }

  /// How many bytes lie in one unbroken run from `physicalAddress` on, at most `limit`; 0 where there is no memory.
  ///
  /// - Complexity: O(log windows).
  public func contiguousBytes(from physicalAddress: UInt64, limit: UInt64) -> UInt64 {
    guard let span = spans.span(holding: physicalAddress) else { return 0 }
    return min(span.size &- (physicalAddress &- span.base), limit)
  }

  /// The offset in the memory file of the byte at `physicalAddress`; `nil` where there is no memory.
  ///
  /// - Complexity: O(log windows).
  public func fileOffset(of physicalAddress: UInt64) -> UInt64? {
    guard let span = spans.span(holding: physicalAddress) else { return nil }
    return span.fileOffset &+ (physicalAddress &- span.base)
  }
}
