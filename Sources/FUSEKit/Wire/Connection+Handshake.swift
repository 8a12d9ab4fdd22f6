internal import CFuse
internal import Glibc
internal import Synchronization

/// The INIT exchange, as far as libfuse 3.14 has no words for it: seen and completed on its way from and to
/// the device.
///
/// linux/fuse.h: `struct fuse_in_header` has 40 bytes, `struct fuse_out_header` 16, `struct fuse_init_out`
/// 64.
struct Handshake: Sendable {
  /// The kernel's number of the INIT request.
  var unique: UInt64?
  /// What the kernel offers: FUSE_ flags 0...63 of linux/fuse.h.
  var offered: UInt64 = 0
  /// What is added to libfuse's answer.
  var added: UInt64 = 0
  /// The kernel's version.
  var version: (major: UInt32, minor: UInt32) = (0, 0)

  static let initOpcode: UInt32 = 26
  static let parallelDirectoryOperations: UInt64 = 1 << 18
  static let handlesPrivilegeBits: UInt64 = 1 << 19
  static let extended: UInt64 = 1 << 30
  static let expiresEntries: UInt64 = 1 << 35
  static let directIOMemoryMapping: UInt64 = 1 << 36
  static let passthrough: UInt64 = 1 << 37

  /// Takes note of the INIT request `bytes`, header included.
  mutating func receive(_ bytes: UnsafeRawBufferPointer, options: SessionOptions) {
    guard bytes.count >= 56, bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self) == Self.initOpcode else {
      return
    }
    unique = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    version.major = bytes.loadUnaligned(fromByteOffset: 40, as: UInt32.self)
    version.minor = bytes.loadUnaligned(fromByteOffset: 44, as: UInt32.self)
    offered = UInt64(bytes.loadUnaligned(fromByteOffset: 52, as: UInt32.self))
    if offered & Self.extended != 0, bytes.count >= 60 {
      offered |= UInt64(bytes.loadUnaligned(fromByteOffset: 56, as: UInt32.self)) << 32
    }
    var wanted = Self.parallelDirectoryOperations | Self.handlesPrivilegeBits | Self.expiresEntries
    if options.wantsDirectIOMemoryMapping { wanted |= Self.directIOMemoryMapping }
    if options.wantsPassthrough, geteuid() == 0 { wanted |= Self.passthrough }
    added = wanted & offered
  }

  /// Completes `body`, libfuse's `struct fuse_init_out`.
  func complete(_ body: UnsafeMutableRawBufferPointer) {
    guard body.count >= 64 else { return }
    let flags = body.loadUnaligned(fromByteOffset: 12, as: UInt32.self)
    body.storeBytes(of: flags | UInt32(truncatingIfNeeded: added), toByteOffset: 12, as: UInt32.self)
    guard offered & Self.extended != 0 else { return }
    let more = body.loadUnaligned(fromByteOffset: 32, as: UInt32.self)
    body.storeBytes(of: more | UInt32(truncatingIfNeeded: added >> 32), toByteOffset: 32, as: UInt32.self)
    // max_stack_depth: backing files may lie on a real filesystem, not on a stacked one.
    if added & Self.passthrough != 0 { body.storeBytes(of: 1, toByteOffset: 36, as: UInt32.self) }
  }
}

extension Connection {
  /// Sends libfuse's input and output through this file's eyes.
  func watchDevice(_ descriptor: Int32) throws(SessionError) {
    var functions = fuse_custom_io()
    functions.read = { descriptor, buffer, size, context in
      let count = read(descriptor, buffer, size)
      // A thread may be cancelled in read(2): nothing is held there.
      guard count > 0, let buffer, let context else { return count }
      let bytes = UnsafeRawBufferPointer(start: buffer, count: count)
      Unmanaged<Connection>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.received(bytes) }
      return count
    }
    functions.writev = { descriptor, vector, count, context in
      guard let context else { return writev(descriptor, vector, count) }
      return Unmanaged<Connection>.fromOpaque(context)._withUnsafeGuaranteedRef {
        $0.send(descriptor, vector, count)
      }
    }
    guard let session, fuse_session_custom_io(session, &functions, descriptor) == 0 else {
      throw SessionError(.device, nil, "libfuse refused the device's descriptor")
    }
  }

  private func received(_ bytes: UnsafeRawBufferPointer) {
    requestCount.wrappingAdd(1, ordering: .relaxed)
    guard !handshakeDone.load(ordering: .relaxed) else { return }
    let (address, count) = (UInt(bitPattern: bytes.baseAddress), bytes.count)
    handshake.withLock { handshake in
      // The buffer outlives the call; as a number it may enter the lock's closure.
      let bytes = UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count)
      handshake.receive(bytes, options: options)
    }
  }

  private func send(_ descriptor: Int32, _ vector: UnsafeMutablePointer<iovec>?, _ count: Int32) -> Int {
    guard !handshakeDone.load(ordering: .relaxed), let vector, count == 2, vector[0].iov_len >= 16,
      let header = vector[0].iov_base, let body = vector[1].iov_base
    else { return writev(descriptor, vector, count) }
    let unique = header.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    let handshake = handshake.withLock { $0 }
    guard handshake.unique == unique else { return writev(descriptor, vector, count) }
    handshake.complete(UnsafeMutableRawBufferPointer(start: body, count: vector[1].iov_len))
    let result = writev(descriptor, vector, count)
    let error = errno
    handshakeDone.store(true, ordering: .releasing)
    if result > 0 { whenAnswering?() }
    errno = error
    return result
  }
}
