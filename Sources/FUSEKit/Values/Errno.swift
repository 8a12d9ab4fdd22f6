internal import Glibc

/// A reason to refuse a request: the number that the caller finds in `errno`.
///
/// ```swift
/// reply.fail(.noEntry)
/// reply.fail(Errno(rawValue: 27))
/// ```
///
/// An error number that the kernel would not take from a filesystem (zero, negative, above 511) is sent as
/// EIO, so that no value can leave a caller waiting (Linux fs/fuse/dev.c, fuse_dev_do_write).
public struct Errno: Error, RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The number, as in `errno.h`.
  public let rawValue: Int32

  /// The error of the number `rawValue`.
  public init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// The C library's text of this error.
  public var description: String {
    guard let text = strerror(rawValue) else { return "error \(rawValue)" }
    return String(cString: text)
  }

  /// What the calling thread's last failed system call left in `errno`.
  static var current: Errno { Errno(rawValue: errno) }

  /// The number as the kernel takes it: 1...511.
  var wireValue: Int32 { (1...511).contains(rawValue) ? rawValue : EIO }
}

extension Errno {
  /// EPERM: the operation is not permitted to anybody.
  public static var notPermitted: Errno { Errno(rawValue: EPERM) }
  /// ENOENT: no such name.
  public static var noEntry: Errno { Errno(rawValue: ENOENT) }
  /// EINTR: the caller was interrupted by a signal.
  public static var interrupted: Errno { Errno(rawValue: EINTR) }
  /// EIO: something went wrong below.
  public static var inputOutput: Errno { Errno(rawValue: EIO) }
  /// EBADF: not an open handle, or not open for this.
  public static var badHandle: Errno { Errno(rawValue: EBADF) }
  /// EAGAIN: nothing to read yet, and the caller did not want to wait.
  public static var wouldBlock: Errno { Errno(rawValue: EAGAIN) }
  /// ENOMEM: out of memory.
  public static var noMemory: Errno { Errno(rawValue: ENOMEM) }
  /// EACCES: permission denied.
  public static var accessDenied: Errno { Errno(rawValue: EACCES) }
  /// EFAULT: a bad address.
  public static var badAddress: Errno { Errno(rawValue: EFAULT) }
  /// EBUSY: in use.
  public static var busy: Errno { Errno(rawValue: EBUSY) }
  /// EEXIST: the name is taken.
  public static var exists: Errno { Errno(rawValue: EEXIST) }
  /// EXDEV: not on the same filesystem.
  public static var crossDevice: Errno { Errno(rawValue: EXDEV) }
  /// ENODEV: no such device, or it can't do this.
  public static var noDevice: Errno { Errno(rawValue: ENODEV) }
  /// ENOTDIR: not a directory.
  public static var notDirectory: Errno { Errno(rawValue: ENOTDIR) }
  /// EISDIR: a directory.
  public static var isDirectory: Errno { Errno(rawValue: EISDIR) }
  /// EINVAL: an argument makes no sense here.
  public static var invalidArgument: Errno { Errno(rawValue: EINVAL) }
  /// EFBIG: the file would become too large.
  public static var fileTooLarge: Errno { Errno(rawValue: EFBIG) }
  /// ENOSPC: no room left.
  public static var noSpace: Errno { Errno(rawValue: ENOSPC) }
  /// EROFS: a read-only filesystem.
  public static var readOnly: Errno { Errno(rawValue: EROFS) }
  /// ERANGE: the result does not fit.
  public static var outOfRange: Errno { Errno(rawValue: ERANGE) }
  /// ENAMETOOLONG: the name is too long.
  public static var nameTooLong: Errno { Errno(rawValue: ENAMETOOLONG) }
  /// ENOSYS: not served at all.
  ///
  /// To most operations this answer is final: the kernel never asks again on this mount.
  public static var notImplemented: Errno { Errno(rawValue: ENOSYS) }
  /// ENOTEMPTY: the directory has entries.
  public static var notEmpty: Errno { Errno(rawValue: ENOTEMPTY) }
  /// ENODATA: no such extended attribute.
  public static var noData: Errno { Errno(rawValue: ENODATA) }
  /// EOPNOTSUPP: not supported on this file.
  public static var notSupported: Errno { Errno(rawValue: EOPNOTSUPP) }
  /// ENXIO: no data or hole at or after the offset.
  public static var noSuchAddress: Errno { Errno(rawValue: ENXIO) }
  /// ESTALE: the file has gone.
  public static var stale: Errno { Errno(rawValue: ESTALE) }
  /// ENOTCONN: the filesystem's process has gone.
  public static var notConnected: Errno { Errno(rawValue: ENOTCONN) }
}
