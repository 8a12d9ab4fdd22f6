/// Where physical addresses lie in the mapped memory file: the windows, with neighbours joined.
///
/// Immutable after `init`; it points into the mapping that `PhysicalMemory` owns and must not outlive it.
@usableFromInline
struct MemorySpans: @unchecked Sendable {
  /// One unbroken run of addresses and of file bytes.
  @usableFromInline
  struct Span: Sendable {
    /// The first physical address.
    @usableFromInline let base: UInt64
    /// The number of bytes, at least 1; `base + size` may be 2^64.
    @usableFromInline let size: UInt64
    /// The offset in the file of the byte at `base`.
    @usableFromInline let fileOffset: UInt64
  }

  /// The whole mapped file.
  @usableFromInline let mapping: UnsafeMutableRawPointer
  /// The bytes in the mapping.
  let mappedSize: UInt64
  /// The first span, kept apart because most platforms have only this one.
  @usableFromInline let first: Span
  /// All spans, ascending by address, never touching one another.
  @usableFromInline let all: [Span]

  /// Joins `windows`, which are sorted, not empty and not overlapping.
  init(windows: [MemoryWindow], mapping: UnsafeMutableRawPointer, mappedSize: UInt64) {
    var joined: [Span] = []
    for window in windows {
      if let previous = joined.last, previous.base &+ previous.size == window.base,
        previous.fileOffset &+ previous.size == window.fileOffset
      {
        joined[joined.count - 1] = Span(
          base: previous.base, size: previous.size &+ window.size, fileOffset: previous.fileOffset)
      } else {
        joined.append(Span(base: window.base, size: window.size, fileOffset: window.fileOffset))
      }
    }
    self.mapping = mapping
    self.mappedSize = mappedSize
    first = joined.first ?? Span(base: 0, size: 0, fileOffset: 0)
    all = joined
  }

  /// The span that holds `address`.
  ///
  /// O(log spans).
  @usableFromInline
  func span(holding address: UInt64) -> Span? {
    guard let index = lastIndex(startingAtOrBelow: address) else { return nil }
    let span = all[index]
    return address &- span.base < span.size ? span : nil
  }

  /// The first piece of memory at or above `address` within `limit` bytes, cut to the limit.
  func nextPiece(
    from address: UInt64, limit: UInt64
  ) -> (skipped: UInt64, fileOffset: UInt64, length: UInt64)? {
    if let span = span(holding: address) {
      let into = address &- span.base
      return (0, span.fileOffset &+ into, min(span.size &- into, limit))
    }
    let next = lastIndex(startingAtOrBelow: address).map { $0 + 1 } ?? 0
    guard next < all.count else { return nil }
    let skipped = all[next].base &- address
    guard skipped < limit else { return nil }
    return (skipped, all[next].fileOffset, min(all[next].size, limit &- skipped))
  }

  /// The last span that begins at or below `address`.
  private func lastIndex(startingAtOrBelow address: UInt64) -> Int? {
    var low = 0
    var high = all.count
    while low < high {
      let middle = (low + high) / 2
      if all[middle].base <= address { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? low - 1 : nil
  }
}
