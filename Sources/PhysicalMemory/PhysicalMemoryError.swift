/// Why a physical memory could not be made.
public enum PhysicalMemoryError: Error, Sendable, Hashable {
  /// No window was given: a physical memory without an address has no use.
  case noWindows
  /// The window is empty, passes the end of the address space, or passes the largest file offset.
  case badWindow(MemoryWindow)
  /// Two windows claim the same physical addresses or the same bytes of the file.
  case overlappingWindows(MemoryWindow, MemoryWindow)
  /// A core file holds no memory.
  case noSegments(path: String)
  /// The system refused `call` on the memory file.
  case system(call: String, path: String, errno: Int32)

  /// One sentence that names the wrong value.
  public var sentence: String {
    switch self {
    case .noWindows:
      "a physical memory needs at least one window"
    case .badWindow(let window):
      "memory at 0x\(String(window.base, radix: 16)) of \(window.size) bytes (file offset \(window.fileOffset))"
        + " is empty or passes the end of the address space"
    case .overlappingWindows(let first, let second):
      "memory at 0x\(String(first.base, radix: 16)) of \(first.size) bytes overlaps memory at"
        + " 0x\(String(second.base, radix: 16)) of \(second.size) bytes"
    case .noSegments(let path):
      "the core file \(path) has no segments of memory"
    case .system(let call, let path, let errno):
      "\(call) failed for the memory file \(path) (errno \(errno))"
    }
  }

  /// The errno of a failed system call; `nil` for a refused window.
  public var errno: Int32? {
    if case .system(_, _, let errno) = self { errno } else { nil }
  }
}
