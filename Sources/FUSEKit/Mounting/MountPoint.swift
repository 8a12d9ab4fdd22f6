internal import CFuse
internal import Glibc

/// A directory to mount on.
struct MountPoint: Sendable {
  /// Absolute and without links.
  let path: String

  /// Makes sure that `path` can be mounted on, and takes away what a killed daemon left there.
  init(_ path: String) throws(SessionError) {
    try Self.detachStaleMounts(at: path)
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw SessionError(.mountPoint, .current, "can't mount on \(path)")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw SessionError(.mountPoint, .notDirectory, "can't mount on \(path)")
    }
    guard let resolved = realpath(path, nil) else {
      throw SessionError(.mountPoint, .current, "can't mount on \(path)")
    }
    defer { free(resolved) }
    self.path = String(cString: resolved)
  }

  /// A mount whose process has gone answers ENOTCONN for ever; several may lie upon each other.
  private static func detachStaleMounts(at path: String) throws(SessionError) {
    for _ in 0..<64 {
      // stat(2) would be answered by what the kernel still has of the dead mount; nothing is kept of statvfs(3).
      var statistics = statvfs()
      guard statvfs(path, &statistics) != 0, errno == ENOTCONN || errno == ECONNABORTED else { return }
      let error = Errno.current
      guard detach(path) else {
        throw SessionError(.mountPoint, error, "can't take over the dead mount on \(path)")
      }
    }
  }

  /// Unmounts `path` now for new users, and for old ones when they are done.
  static func detach(_ path: String) -> Bool {
    if umount2(path, Int32(MNT_DETACH) | Int32(UMOUNT_NOFOLLOW)) == 0 { return true }
    guard errno == EPERM else { return false }
    return Command.run(["fusermount3", "-u", "-z", "-q", "--", path]) == 0
  }
}

/// Another program, run to its end.
enum Command {
  /// The exit status; 127 where the program is not found, and 128 and more for the signal that ended it.
  static func run(_ arguments: [String]) -> Int32 {
    var copies = arguments.map { strdup($0) }
    copies.append(nil)
    defer { for copy in copies { free(copy) } }
    var process = pid_t()
    guard posix_spawnp(&process, arguments[0], nil, nil, copies, environ) == 0 else { return 127 }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else { return 127 }
    }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}
