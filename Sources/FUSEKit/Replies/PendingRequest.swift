internal import CFuse
internal import Glibc

/// One request of the kernel that has not been answered yet.
///
/// Answering consumes it; dropping it answers EIO.
///
/// `@unchecked Sendable`: libfuse allows an answer from any thread, and there is only one owner.
struct PendingRequest: ~Copyable, @unchecked Sendable {
  private let request: OpaquePointer
  private let connection: Unmanaged<Connection>
  private var interruptID: UInt = 0

  init(_ request: OpaquePointer, _ connection: Connection) {
    self.request = request
    self.connection = .passRetained(connection)
  }

  /// Answers by `body`, which must hand the request to exactly one of libfuse's fuse_reply functions.
  ///
  /// - Returns: Whether the kernel took the answer.
  @discardableResult
  consuming func answer(_ body: (OpaquePointer) -> Int32) -> Bool {
    let (request, connection, interruptID) = (request, connection, interruptID)
    discard self
    let result = body(request)
    if interruptID != 0 { connection._withUnsafeGuaranteedRef { $0.interrupts.remove(interruptID) } }
    connection.release()
    return result == 0
  }

  @discardableResult
  consuming func fail(_ error: Errno) -> Bool {
    answer { fuse_reply_err($0, error.wireValue) }
  }

  /// Has `handler` called when the caller is interrupted; false where it has been already.
  mutating func onInterrupt(_ handler: @escaping @Sendable () -> Void) -> Bool {
    let connection = connection.takeUnretainedValue()
    if interruptID != 0 { connection.interrupts.remove(interruptID) }
    interruptID = connection.interrupts.begin()
    fuse_req_interrupt_func(
      request,
      { request, data in
        guard let request, let context = fuse_req_userdata(request) else { return }
        let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
        connection.interrupts.fire(UInt(bitPattern: data))
      }, UnsafeMutableRawPointer(bitPattern: interruptID))
    return connection.interrupts.activate(interruptID, handler)
  }

  /// The connection that the request came by.
  var owner: Connection { connection.takeUnretainedValue() }

  var isInterrupted: Bool { fuse_req_interrupted(request) != 0 }

  deinit {
    connection._withUnsafeGuaranteedRef { if interruptID != 0 { $0.interrupts.remove(interruptID) } }
    fuse_reply_err(request, EIO)
    connection.release()
  }
}
