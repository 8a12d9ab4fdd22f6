internal import Glibc

/// Files without a name, which live in memory for as long as somebody holds them open.
enum AnonymousFile {
  /// memfd_create(2) as C declares it.
  private typealias Create = @convention(c) (UnsafePointer<CChar>, UInt32) -> Int32

  /// MFD_CLOEXEC of linux/memfd.h, which Swift's view of the C library leaves out.
  private static let closeOnExec: UInt32 = 1

  /// Opens a new empty file; negative, with `errno` set, if the system refuses.
  ///
  /// Swift's view of the C library does not show memfd_create, so it is looked up by name in the C library already
  /// loaded. Where the C library has none, a POSIX shared memory object is made and unlinked at once.
  static func create() -> Int32 {
    guard let symbol = dlsym(nil, "memfd_create") else { return createShared() }
    // The symbol is the C library's own memfd_create, whose type is `Create`.
    return unsafeBitCast(symbol, to: Create.self)("vcmfs-memory", closeOnExec)
  }

  /// A shared memory object whose name is gone again.
  private static func createShared() -> Int32 {
    let name = "/vcmfs-memory-\(getpid())-\(UInt64.random(in: .min ... .max))"
    let descriptor = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0o600)
    if descriptor >= 0 {
      shm_unlink(name)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
    return descriptor
  }
}
