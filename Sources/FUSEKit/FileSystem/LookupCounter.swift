/// How often the kernel has looked up each inode and not yet forgotten it: for filesystems that free what is
/// named no more.
///
/// ```swift
/// counter.withLock { $0.increment(inode) }                   // with each Entry that the kernel took
/// if counter.withLock { $0.forget(inode, count: n) } { … }   // true: the kernel knows it no more
/// ```
///
/// Each operation is O(1) on average. The type has no lock of its own: it belongs to what it counts.
public struct LookupCounter: Sendable {
  private var counts: [InodeNumber: UInt64] = [:]

  /// A counter of nothing.
  public init() {}

  /// The kernel was given one more entry for `inode`.
  ///
  /// The root is not counted.
  public mutating func increment(_ inode: InodeNumber) {
    guard inode != .root, inode.rawValue != 0 else { return }
    counts[inode, default: 0] &+= 1
  }

  /// The kernel forgot `count` lookups of `inode`; more than there were are taken for all.
  ///
  /// - Returns: Whether none is left now, and there was one before.
  public mutating func forget(_ inode: InodeNumber, count: UInt64) -> Bool {
    guard let before = counts[inode] else { return false }
    guard count >= before else {
      counts[inode] = before - count
      return false
    }
    counts[inode] = nil
    return true
  }

  /// The lookups of `inode` that are not forgotten.
  public subscript(inode: InodeNumber) -> UInt64 { counts[inode] ?? 0 }

  /// The number of inodes that the kernel knows.
  public var inodeCount: Int { counts.count }

  /// Takes out all inodes that the kernel knew: at the end of a session, when it forgets without saying so.
  public mutating func removeAll() -> [InodeNumber] {
    defer { counts.removeAll() }
    return Array(counts.keys)
  }
}
