internal import CFuse

/// A file that the kernel reads, writes and maps in place of a file of this filesystem (FUSE passthrough,
/// Linux 6.9).
///
/// Keep it as long as an opening that names it may be answered; openings that exist keep the file themselves.
public final class BackingFile: Sendable {
  /// The kernel's number of it.
  let identifier: Int32
  private let connection: Connection

  init(fileDescriptor: Int32, connection: Connection) throws(Errno) {
    let identifier = cfuse_backing_open(connection.device, fileDescriptor)
    guard identifier > 0 else { throw .current }
    self.identifier = identifier
    self.connection = connection
  }

  deinit {
    _ = cfuse_backing_close(connection.device, UInt32(bitPattern: identifier))
  }
}
