/// A range of physical addresses that has bytes behind it, and where those bytes lie in the memory file.
public struct MemoryWindow: Sendable, Hashable {
  /// The first physical address of the window.
  public var base: UInt64
  /// The number of bytes in the window.
  public var size: UInt64
  /// The offset in the memory file of the byte at `base`.
  public var fileOffset: UInt64

  /// A window of `size` bytes at `base`, kept at `fileOffset` of the memory file.
  public init(base: UInt64, size: UInt64, fileOffset: UInt64) {
    self.base = base
    self.size = size
    self.fileOffset = fileOffset
  }

  /// The last physical address of the window; `nil` if the window is empty or passes the end of the address space.
  public var last: UInt64? {
    guard size > 0 else { return nil }
    let (last, overflow) = base.addingReportingOverflow(size - 1)
    return overflow ? nil : last
  }

  /// The offset just after the window in the memory file; `nil` if it passes 2^63 - 1, the largest file offset.
  var fileEnd: UInt64? {
    let (end, overflow) = fileOffset.addingReportingOverflow(size)
    return overflow || end > UInt64(Int64.max) ? nil : end
  }
}
