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

  /// Cuts the bytes of `[physicalAddress, physicalAddress + byteCount)` into runs that can be loaded through the mapping
  /// without making a hole of the file a page, and runs of which that is not known.
  ///
  /// For the second kind `pread` of the file leaves holes as they are.
  ///
  /// - Parameters:
  ///   - asked: what has been asked of the system for this read: nothing at first, then what the last call left there.
  ///   - body: called with each run in order, as far as memory goes, and whether it may be loaded.
  /// - Complexity: O(log windows + pages / 64); a system call for each 64 pages that are not known.
  public func forEachRun(
    from physicalAddress: UInt64, byteCount: UInt64, asked: inout AskedPages,
    _ body: (_ bytes: UnsafeRawBufferPointer, _ mayBeLoaded: Bool) -> Void
  ) {
    guard let span = spans.span(holding: physicalAddress) else { return }
    let into = physicalAddress &- span.base
    // The span lies inside the mapping, whose size is an Int.
    var offset = Int(truncatingIfNeeded: span.fileOffset &+ into)
    var rest = Int(truncatingIfNeeded: min(span.size &- into, byteCount))
    while rest > 0 {
      let run = populated?.run(at: offset, limit: rest, asked: &asked) ?? (isKnown: true, count: rest)
      body(UnsafeRawBufferPointer(start: spans.mapping + offset, count: run.count), run.isKnown)
      offset += run.count
      rest -= run.count
    }
  }
}
