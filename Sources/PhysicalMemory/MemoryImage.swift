internal import Glibc

/// A file with an image of physical memory: a crash dump, an emulator's RAM, another mount's memory file.
public struct MemoryImage: Sendable, Hashable {
  /// The file: a regular file or a block device; of a pipe, all that comes out of it.
  public var path: String
  /// The physical address of the first byte.
  public var base: UInt64
  /// The offset in the file of that byte.
  public var fileOffset: UInt64
  /// The number of bytes; `nil` = up to the end of the file.
  public var byteCount: UInt64?
  /// Whether an ELF core file is taken apart: its segments then lie at the physical addresses that it says.
  public var mayBeCore = false

  /// The memory that a file holds: an ELF core file's segments, or else all of its bytes from address 0 on.
  public init(path: String) {
    self.init(path: path, base: 0)
    mayBeCore = true
  }

  /// The bytes of a file from `fileOffset` on, at `base`.
  public init(path: String, base: UInt64, fileOffset: UInt64 = 0, byteCount: UInt64? = nil) {
    self.path = path
    self.base = base
    self.fileOffset = fileOffset
    self.byteCount = byteCount
  }
}

/// An image whose file is open.
///
/// Whoever has it closes the descriptor.
struct OpenImage {
  /// The descriptor, open for reading.
  var descriptor: Int32
  /// Where its bytes appear, and where in the file they lie.
  var window: MemoryWindow
  /// What offsets of a mapping must be multiples of.
  var pageSize: UInt64
  /// The name for errors.
  var path: String

  /// Opens an image's file and finds out how long it is.
  init(_ image: MemoryImage) throws(PhysicalMemoryError) {
    path = image.path
    descriptor = Glibc.open(image.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(call: "open", path: image.path, errno: errno) }
    do throws(PhysicalMemoryError) {
      let end = try Self.length(&descriptor, path: image.path)
      let rest = end > image.fileOffset ? end - image.fileOffset : 0
      let size = image.byteCount ?? rest
      window = MemoryWindow(base: image.base, size: size, fileOffset: image.fileOffset)
      guard size <= rest, window.last != nil else { throw .badWindow(window) }
      pageSize = Self.pageSize(of: descriptor)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// An image's file, or for a core file one for each segment, all with the same descriptor.
  ///
  /// A segment that the file ends in, because the dump was cut, is as long as what there is of it.
  static func open(_ image: MemoryImage) throws(PhysicalMemoryError) -> [OpenImage] {
    let whole = try OpenImage(image)
    guard image.mayBeCore, let core = CoreFile(whole.descriptor) else { return [whole] }
    let end = whole.window.size
    var files: [OpenImage] = []
    for var window in core.segments where window.fileOffset < end {
      window.size = min(window.size, end - window.fileOffset)
      var file = whole
      file.window = window
      files.append(file)
    }
    guard !files.isEmpty else {
      close(whole.descriptor)
      throw .noSegments(path: image.path)
    }
    return files
  }

  /// The bytes of a file; a pipe is read into an anonymous file first, which takes its place.
  private static func length(_ descriptor: inout Int32, path: String) throws(PhysicalMemoryError) -> UInt64 {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(call: "fstat", path: path, errno: errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return UInt64(clamping: status.st_size)
    case S_IFBLK:
      let end = lseek(descriptor, 0, SEEK_END)
      guard end >= 0 else { throw .system(call: "lseek", path: path, errno: errno) }
      return UInt64(end)
    case S_IFIFO: return try drain(&descriptor, path: path)
    default: throw .system(call: "mmap", path: path, errno: ENODEV)
    }
  }

  private static func drain(_ descriptor: inout Int32, path: String) throws(PhysicalMemoryError) -> UInt64 {
    let copy = AnonymousFile.create()
    guard copy >= 0 else { throw .system(call: "memfd_create", path: path, errno: errno) }
    var total: UInt64 = 0
    let failure = withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer -> Int32 in
      while true {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        if count == 0 { return 0 }
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return errno }
        var written = 0
        while written < count {
          let part = write(copy, buffer.baseAddress.map { $0 + written }, count - written)
          if part < 0, errno == EINTR { continue }
          guard part > 0 else { return part < 0 ? errno : EIO }
          written += part
        }
        total &+= UInt64(count)
      }
    }
    guard failure == 0 else {
      close(copy)
      throw .system(call: "read", path: path, errno: failure)
    }
    close(descriptor)
    descriptor = copy
    return total
  }

  /// What the file system wants mappings aligned to: hugetlbfs its huge pages, others no more than that costs nothing.
  private static func pageSize(of descriptor: Int32) -> UInt64 {
    let standard = UInt64(clamping: getpagesize())
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return standard }
    let block = UInt64(clamping: status.st_blksize)
    return block.nonzeroBitCount == 1 && block <= 1 << 30 ? max(block, standard) : standard
  }
}
