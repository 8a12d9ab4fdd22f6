internal import CFuse
internal import Glibc

/// Mounting by one's own mount(2), or by libfuse's fusermount3 where that is not allowed.
///
/// Our own first: its errno makes a sentence, where libfuse prints one of its own.
struct Mounting: Sendable {
  private let point: MountPoint
  private let mount: MountTable.Mount?
  private let isByLibrary: Bool

  /// Mounts the session of `connection` on `point`.
  ///
  /// The kernel's INIT request then waits for the loop.
  init(_ connection: Connection, on point: MountPoint) throws(SessionError) {
    self.point = point
    let options = connection.options
    if geteuid() == 0, !options.mount.unmountsAutomatically,
      let device = try Self.mountDirectly(options, on: point.path)
    {
      try connection.watchDevice(device)
      isByLibrary = false
    } else {
      try Self.mountByLibrary(connection, on: point.path)
      isByLibrary = true
    }
    mount = MountTable.mount(at: point.path)
  }

  /// The descriptor of the mounted device; nil where the kernel says that this process must not.
  private static func mountDirectly(_ options: SessionOptions, on path: String) throws(SessionError) -> Int32?
  {
    let device = open("/dev/fuse", O_RDWR | O_CLOEXEC)
    guard device >= 0 else {
      throw SessionError(.device, .current, "can't open /dev/fuse (is the kernel's module fuse loaded?)")
    }
    var data =
      "fd=\(device),rootmode=40000,user_id=\(geteuid()),group_id=\(getegid()),max_read=\(options.transferSize)"
    if options.mount.allowsOthers { data += ",allow_other" }
    if options.mount.checksPermissions { data += ",default_permissions" }
    let type = options.subtype.map { "fuse.\($0)" } ?? "fuse"
    if Glibc.mount(options.name, path, type, options.mount.flags, data) == 0 { return device }
    let error = Errno.current
    close(device)
    if error == .notPermitted { return nil }
    throw SessionError(.mount, error, "can't mount on \(path)")
  }

  private static func mountByLibrary(_ connection: Connection, on path: String) throws(SessionError) {
    guard let session = connection.session, fuse_session_mount(session, path) == 0 else {
      throw SessionError(.mount, nil, "can't mount on \(path): libfuse and fusermount3 could not")
    }
    try connection.watchDevice(fuse_session_fd(session))
  }

  /// Takes the mount away where it is still there.
  ///
  /// Whoever waits in the kernel for an answer, ourselves included, is released.
  func unmount(_ connection: Connection) {
    if isByLibrary {
      if let session = connection.session { fuse_session_unmount(session) }
      return
    }
    // Somebody else's mount may be there by now.
    guard let mount, MountTable.mount(at: point.path)?.identifier == mount.identifier else { return }
    _ = umount2(
      point.path,
      Int32(MNT_FORCE) | Int32(MNT_DETACH) | Int32(UMOUNT_NOFOLLOW))
  }

  /// Asks the mount for its root's attributes; the error, if there is one.
  func ask() -> Errno? {
    var status = stat()
    return stat(point.path, &status) == 0 ? nil : .current
  }

  /// What it means that `ask` gave `error`.
  func noAnswer(_ error: Errno) -> SessionError {
    SessionError(.notAnswering, error, "the mount on \(point.path) does not answer")
  }
}

extension MountOptions {
  /// mount(2)'s flags.
  var flags: UInt {
    var flags: UInt = 0
    if isReadOnly { flags |= UInt(MS_RDONLY) }
    if !allowsExecution { flags |= UInt(MS_NOEXEC) }
    if !allowsSetUserID { flags |= UInt(MS_NOSUID) }
    if !allowsDevices { flags |= UInt(MS_NODEV) }
    if isSynchronous { flags |= UInt(MS_SYNCHRONOUS) }
    if hasSynchronousDirectories { flags |= UInt(MS_DIRSYNC) }
    if ignoresAccessTimes { flags |= UInt(MS_NOATIME) }
    if ignoresDirectoryAccessTimes { flags |= UInt(MS_NODIRATIME) }
    return flags
  }

  /// The same as words for libfuse.
  var words: [String] {
    var words = [
      isReadOnly ? "ro" : "rw", allowsExecution ? "exec" : "noexec", allowsSetUserID ? "suid" : "nosuid",
      allowsDevices ? "dev" : "nodev", isSynchronous ? "sync" : "async",
      ignoresAccessTimes ? "noatime" : "atime",
    ]
    if hasSynchronousDirectories { words.append("dirsync") }
    if allowsOthers { words.append("allow_other") }
    if checksPermissions { words.append("default_permissions") }
    if unmountsAutomatically { words.append("auto_unmount") }
    return words
  }
}
