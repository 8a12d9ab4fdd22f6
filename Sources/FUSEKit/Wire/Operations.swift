internal import CFuse

/// libfuse's callbacks: each wraps the C values and calls the filesystem.
///
/// They capture nothing; the connection is the session's user data.
///
/// Left out, so that libfuse answers ENOSYS: access (see `default_permissions`), getlk, setlk and flock (the
/// kernel's local locks are right for one machine), bmap (block devices), ioctl, retrieve_reply, and
/// write_buf (splicing costs more than copying).
enum Operations {
  static func table(for options: SessionOptions) -> fuse_lowlevel_ops {
    var table = fuse_lowlevel_ops()
    table.`init` = { context, parameters in
      guard let context, let parameters else { return }
      Unmanaged<Connection>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.negotiate(parameters) }
    }
    setNames(&table)
    setAttributes(&table)
    setFiles(&table)
    setContents(&table)
    setDirectories(&table)
    if options.directoryAttributes != .never { setDirectoriesWithAttributes(&table) }
    setExtendedAttributes(&table)
    return table
  }

  /// Hands `body` what every method needs.
  ///
  /// Without a filesystem (never while the loop runs) the request gets EIO.
  static func serve(
    _ request: OpaquePointer?,
    _ body: (any FileSystem, RequestContext, consuming PendingRequest) -> Void
  ) {
    guard let request, let context = fuse_req_userdata(request) else { return }
    let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
    let pending = PendingRequest(request, connection)
    guard let fileSystem = connection.fileSystem else { return }
    body(fileSystem, RequestContext(request), pending)
  }

  /// Hands `body` the filesystem for what has no reply.
  static func tell(_ request: OpaquePointer?, _ body: (any FileSystem) -> Void) {
    guard let request, let context = fuse_req_userdata(request) else { return }
    let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
    if let fileSystem = connection.fileSystem { body(fileSystem) }
  }

  /// The name at `pointer`; empty where there is none.
  static func name(_ pointer: UnsafePointer<CChar>?) -> FileName {
    pointer.map { FileName($0) } ?? FileName("")
  }

  static func handle(_ info: UnsafeMutablePointer<fuse_file_info>?) -> FileHandle {
    FileHandle(wireValue: info?.pointee.fh ?? 0)
  }

  static func flags(_ info: UnsafeMutablePointer<fuse_file_info>?) -> OpenFlags {
    OpenFlags(rawValue: info?.pointee.flags ?? 0)
  }

  /// The kernel sends offsets of 64 bits without a sign; C gives them one.
  static func offset(_ value: off_t) -> UInt64 {
    UInt64(bitPattern: Int64(value))
  }
}
