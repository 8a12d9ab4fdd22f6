internal import Glibc

extension PhysicalMemory {
  /// A memory to look at, in the images that somebody else made.
  ///
  /// The files are mapped for reading only and never changed; nothing may be stored in this memory. Nothing is read but
  /// what is looked at, so files may be huge and sparse. Images that adjoin in address, and end and begin on pages, count as
  /// one run of memory.
  ///
  /// - Parameter images: non-empty, not overlapping, in any order.
  /// - Throws: `noWindows`, `badWindow` for an image without bytes, `overlappingWindows`,
  ///   `noSegments` for a core file without memory, or `system` with the refused call.
  public convenience init(reading images: [MemoryImage]) throws(PhysicalMemoryError) {
    var files: [OpenImage] = []
    // The segments of a core share their file.
    defer { for descriptor in Set(files.map(\.descriptor)) { close(descriptor) } }
    for image in images { files += try OpenImage.open(image) }
    files.sort { $0.window.base < $1.window.base }
    let mapping = try ImageMapping(files)
    do {
      try self.init(windows: Self.checked(mapping.windows), mapping: mapping.start, mappedSize: mapping.size)
    } catch {
      munmap(mapping.start, Int(mapping.size))
      throw error
    }
  }
}

/// Several files mapped one behind the other, in one range of our addresses.
private struct ImageMapping {
  /// The beginning.
  let start: UnsafeMutableRawPointer
  /// The bytes, whole pages.
  let size: UInt64
  /// Where the files' bytes appear; file offsets count from `start`.
  private(set) var windows: [MemoryWindow] = []

  init(_ files: [OpenImage]) throws(PhysicalMemoryError) {
    guard let first = files.first else { throw .noWindows }
    let alignment = files.reduce(UInt64(4096)) { max($0, $1.pageSize) }
    var size: UInt64 = 0
    for file in files {
      let (end, overflow) = size.addingReportingOverflow(Self.extent(of: file) &+ alignment)
      guard !overflow, end <= UInt64(Int64.max) - alignment else {
        throw .system(call: "mmap", path: file.path, errno: EFBIG)
      }
      size = end
    }
    // As much again as an alignment needs; what is not used is given back below.
    let reserved = mmap(
      nil, Int(size + alignment), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let reserved, reserved != MAP_FAILED else {
      throw .system(call: "mmap", path: first.path, errno: errno)
    }
    let head = Int(truncatingIfNeeded: (0 &- UInt64(UInt(bitPattern: reserved))) & (alignment - 1))
    start = reserved + head
    var used: UInt64 = 0
    for file in files {
      used = (used + file.pageSize - 1) / file.pageSize * file.pageSize
      let into = file.window.fileOffset % file.pageSize
      let place = mmap(
        start + Int(used), Int(Self.extent(of: file)), PROT_READ, MAP_SHARED | MAP_FIXED, file.descriptor,
        off_t(file.window.fileOffset - into))
      guard place != MAP_FAILED else {
        let failure = errno
        munmap(reserved, Int(size + alignment))
        throw .system(call: "mmap", path: file.path, errno: failure)
      }
      windows.append(MemoryWindow(base: file.window.base, size: file.window.size, fileOffset: used + into))
      used += Self.extent(of: file)
    }
    self.size = used
    if head > 0 { munmap(reserved, head) }
    let tail = Int(size + alignment) - head - Int(used)
    if tail > 0 { munmap(start + Int(used), tail) }
  }

  /// The whole pages of a file that a mapping of its window takes.
  private static func extent(of file: OpenImage) -> UInt64 {
    let bytes = file.window.fileOffset % file.pageSize &+ file.window.size
    return (bytes &+ file.pageSize &- 1) / file.pageSize &* file.pageSize
  }
}
