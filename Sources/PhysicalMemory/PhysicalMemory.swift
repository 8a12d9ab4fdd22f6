internal import CLostPages
internal import Glibc

/// The physical memory of a platform: one sparse file, mapped once, whose bytes appear at physical addresses.
///
/// Buffers' data and page tables both lie in it, so that another process which maps the same file sees the same memory
/// and walks the same tables. This type owns the file descriptor and the mapping, and has no policy: who may use which
/// address is decided above.
///
/// ```swift
/// let memory = try PhysicalMemory(memfdWith: [MemoryWindow(base: 0x8000_0000, size: 1 << 28, fileOffset: 0)])
/// memory.pointer(to: 0x8000_1000, byteCount: 4)?.storeBytes(of: 42, as: UInt32.self)
/// ```
///
/// Concurrent use is safe as far as this type goes: everything it holds is immutable. The bytes themselves are shared
/// memory, and whoever writes them must agree with other writers.
public final class PhysicalMemory: Sendable {
  /// The windows, ascending by physical address.
  public let windows: [MemoryWindow]
  /// The descriptor of the memory file, open for reading and writing for as long as this object lives; -1 for images.
  public let fileDescriptor: Int32
  /// The length of the file in bytes: the end of the last window, rounded up to the file system's page; of images, of all
  /// their mappings together.
  public let fileSize: UInt64

  /// The windows with neighbours joined that adjoin both in address and in the file.
  @usableFromInline let spans: MemorySpans
  /// Which pages of the file may be read through the mapping; nil of images, of which all may.
  let populated: PopulatedPages?

  /// What the mapping's lost pages are counted by.
  private let watch: Int32

  /// A memory in an anonymous file (memfd), which is gone when the last descriptor and mapping are.
  ///
  /// - Parameter windows: non-empty, not overlapping, in any order.
  /// - Throws: `noWindows`, `badWindow`, `overlappingWindows`, or `system` with the refused call.
  public convenience init(memfdWith windows: [MemoryWindow]) throws(PhysicalMemoryError) {
    let sorted = try Self.checked(windows)
    let descriptor = AnonymousFile.create()
    guard descriptor >= 0 else {
      throw .system(call: "memfd_create", path: "(anonymous)", errno: errno)
    }
    try self.init(adopting: descriptor, path: "(anonymous)", windows: sorted)
  }

  /// A memory in the file at `path`, which is created or made longer as needed; bytes already there are kept.
  ///
  /// - Parameters:
  ///   - path: a regular file, best on tmpfs or hugetlbfs.
  ///   - windows: non-empty, not overlapping, in any order.
  /// - Throws: `noWindows`, `badWindow`, `overlappingWindows`, or `system` with the refused call.
  public convenience init(file path: String, windows: [MemoryWindow]) throws(PhysicalMemoryError) {
    let sorted = try Self.checked(windows)
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .system(call: "open", path: path, errno: errno) }
    try self.init(adopting: descriptor, path: path, windows: sorted)
  }

  /// Takes over `descriptor`, which is closed again if anything fails.
  private init(adopting descriptor: Int32, path: String, windows: [MemoryWindow]) throws(PhysicalMemoryError)
  {
    let needed = windows.reduce(0) { max($0, $1.fileEnd ?? 0) }
    let mapped: (base: UnsafeMutableRawPointer, size: UInt64)
    do {
      mapped = try Self.map(descriptor, path: path, needed: needed)
      populated = try Self.nothingKnown(of: mapped.base, Int(mapped.size), path)
    } catch {
      close(descriptor)
      throw error
    }
    self.windows = windows
    fileDescriptor = descriptor
    fileSize = mapped.size
    spans = MemorySpans(windows: windows, mapping: mapped.base, mappedSize: mapped.size)
    watch = lost_pages_watch(mapped.base, Int(mapped.size))
  }

  /// Takes over a mapping of images, which have no file of their own.
  init(windows: [MemoryWindow], mapping: UnsafeMutableRawPointer, mappedSize: UInt64) {
    self.windows = windows
    fileDescriptor = -1
    fileSize = mappedSize
    populated = nil
    spans = MemorySpans(windows: windows, mapping: mapping, mappedSize: mappedSize)
    watch = -1
  }

  deinit {
    lost_pages_forget(watch)
    munmap(spans.mapping, Int(fileSize))
    if fileDescriptor >= 0 { close(fileDescriptor) }
  }

  /// How many pages were not there when they were touched through the mapping: somebody made the file shorter, or its file
  /// system has no room for them.
  ///
  /// They are private zeros since, and what is stored in them is in no file. O(1).
  public var lostPageCount: Int { lost_pages_count(watch) }

  /// Bytes of host memory that the file occupies now.
  ///
  /// One system call.
  public var allocatedBytes: UInt64 {
    var status = stat()
    guard fstat(fileDescriptor, &status) == 0 else { return 0 }
    return UInt64(clamping: status.st_blocks) &* 512
  }

  /// Gives the host pages under a range back to the system; the range reads as zero afterwards.
  ///
  /// Bytes of the range outside every window are skipped. Pages that the range covers only in part, and pages of a file
  /// system that cannot punch holes, are overwritten with zero instead. O(pages that were in use).
  public func punchHole(physicalAddress: UInt64, length: UInt64) {
    var address = physicalAddress
    var rest = length
    while rest > 0, let piece = spans.nextPiece(from: address, limit: rest) {
      clear(fileOffset: piece.fileOffset, length: piece.length)
      let step = piece.skipped &+ piece.length
      rest = rest &- step
      let (next, overflow) = address.addingReportingOverflow(step)
      if overflow { return }
      address = next
    }
  }

  /// Punches out the whole pages of a piece of the file and zeroes what is left of it.
  private func clear(fileOffset: UInt64, length: UInt64) {
    let start = Int(fileOffset)
    let end = start + Int(length)
    let page = Int(getpagesize())
    let firstPage = (start + page - 1) / page * page
    let lastPage = end / page * page
    // Inside the mapping: the piece comes from a span, and spans lie in the file.
    guard firstPage < lastPage, punch(firstPage, lastPage) else {
      memset(spans.mapping + start, 0, end - start)
      return
    }
    memset(spans.mapping + start, 0, firstPage - start)
    memset(spans.mapping + lastPage, 0, end - lastPage)
  }

  private func punch(_ firstPage: Int, _ lastPage: Int) -> Bool {
    let remove = { [spans] in madvise(spans.mapping + firstPage, lastPage - firstPage, MADV_REMOVE) == 0 }
    return populated?.forget(from: firstPage, to: lastPage, remove) ?? remove()
  }
}

extension PhysicalMemory {
  /// Sorts the windows and refuses what cannot be a memory.
  static func checked(_ windows: [MemoryWindow]) throws(PhysicalMemoryError) -> [MemoryWindow] {
    guard !windows.isEmpty else { throw .noWindows }
    for window in windows where window.last == nil || window.fileEnd == nil { throw .badWindow(window) }
    let sorted = windows.sorted { $0.base < $1.base }
    for (first, second) in zip(sorted, sorted.dropFirst()) where second.base &- first.base < first.size {
      throw .overlappingWindows(first, second)
    }
    let byOffset = windows.sorted { $0.fileOffset < $1.fileOffset }
    for (first, second) in zip(byOffset, byOffset.dropFirst())
    where second.fileOffset &- first.fileOffset < first.size {
      throw .overlappingWindows(first, second)
    }
    return sorted
  }

  /// Knows nothing yet of the pages of a mapping, which goes if that fails.
  private static func nothingKnown(
    of mapping: UnsafeMutableRawPointer, _ size: Int, _ path: String
  ) throws(PhysicalMemoryError) -> PopulatedPages {
    do {
      return try PopulatedPages(mapping, byteCount: size, path: path)
    } catch {
      munmap(mapping, size)
      throw error
    }
  }

  /// Makes the file long enough and maps all of it.
  private static func map(
    _ descriptor: Int32, path: String, needed: UInt64
  ) throws(PhysicalMemoryError) -> (base: UnsafeMutableRawPointer, size: UInt64) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(call: "fstat", path: path, errno: errno) }
    let page = max(UInt64(clamping: status.st_blksize), 4096)
    let (padded, overflow) = needed.addingReportingOverflow(page - 1)
    let size = padded / page * page
    guard !overflow, size <= UInt64(Int64.max) else {
      throw .system(call: "ftruncate", path: path, errno: EFBIG)
    }
    if UInt64(clamping: status.st_size) < size {
      guard ftruncate(descriptor, off_t(size)) == 0 else {
        throw .system(call: "ftruncate", path: path, errno: errno)
      }
    }
    let base = mmap(nil, Int(size), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, descriptor, 0)
    guard let base, base != MAP_FAILED else { throw .system(call: "mmap", path: path, errno: errno) }
    return (base, size)
  }
}
