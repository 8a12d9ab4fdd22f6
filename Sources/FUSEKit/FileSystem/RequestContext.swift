internal import CFuse

/// Who asks.
///
/// All zero for what the kernel does on its own account (forget, release, write-back).
public struct RequestContext: Hashable, Sendable {
  /// The caller's user, for permission checks (its fsuid).
  public let userID: UInt32
  /// The caller's group.
  public let groupID: UInt32
  /// The caller's thread, as this process's PID namespace numbers it; zero where it is not in there.
  public let processID: Int32
  /// The caller's umask; the kernel has applied it to the modes it sends.
  public let umask: UInt32

  /// A context of these values.
  public init(userID: UInt32, groupID: UInt32, processID: Int32, umask: UInt32 = 0) {
    self.userID = userID
    self.groupID = groupID
    self.processID = processID
    self.umask = umask
  }

  init(_ request: OpaquePointer) {
    guard let context = fuse_req_ctx(request) else {
      self.init(userID: 0, groupID: 0, processID: 0)
      return
    }
    let value = context.pointee
    self.init(userID: value.uid, groupID: value.gid, processID: value.pid, umask: value.umask)
  }
}
