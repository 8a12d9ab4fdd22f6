/// What was agreed with the kernel, and the ways to reach it without being asked.
public struct ConnectionInfo: Sendable {
  /// The kernel's protocol version, as (7, 45).
  public let protocolVersion: (major: UInt32, minor: UInt32)
  /// Whether ``OpenReply`` may name a ``BackingFile``.
  public let passthrough: Bool
  /// Whether files opened with ``OpenOptions/directIO`` can be mapped MAP_SHARED.
  public let directIOMemoryMapping: Bool
  /// Whether the kernel reads directories with attributes.
  public let directoriesWithAttributes: Bool
  /// Whether the kernel keeps the targets of links.
  public let cachesLinkTargets: Bool
  /// Whether O_TRUNC comes with the open.
  public let atomicTruncation: Bool
  /// Whether the kernel, once it is told ENOSYS for an openDirectory, opens all directories by itself, with
  /// ``OpenOptions/cacheDirectory``.
  public let directoriesNeedNoOpening: Bool
  /// The largest read and write in bytes.
  public let maximumTransfer: Int
  /// Takes things out of the kernel's caches, and wakes pollers.
  public let notifier: Notifier

  let connection: Connection

  /// Registers an open file as the backing of files of this filesystem.
  ///
  /// Not from within `initialize`: the kernel allows it when it has the answer to that, so mostly at the
  /// first open.
  ///
  /// - Parameter fileDescriptor: A regular file, or a memfd; it may be closed afterwards.
  /// - Throws: ENOTSUP where ``passthrough`` is not; EPERM without CAP_SYS_ADMIN or within `initialize`;
  ///   ELOOP for a file of a stacked filesystem; EBADF.
  public func backingFile(fileDescriptor: Int32) throws(Errno) -> BackingFile {
    guard passthrough else { throw .notSupported }
    return try BackingFile(fileDescriptor: fileDescriptor, connection: connection)
  }
}
