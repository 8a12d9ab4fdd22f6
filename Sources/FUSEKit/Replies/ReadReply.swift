internal import CFuse
internal import Glibc

/// The answer to read: at most ``size`` bytes.
///
/// Fewer bytes mean the end of the file; through the page cache the kernel then takes the rest of the page
/// for zeroes.
public struct ReadReply: Reply, ~Copyable {
  var pending: PendingRequest
  /// The number of bytes that the caller wants.
  ///
  /// More are never sent.
  public let size: Int

  /// Sends the bytes of `bytes`, which must stay as they are until this returns.
  public consuming func succeed(_ bytes: UnsafeRawBufferPointer) {
    let count = min(bytes.count, size)
    pending.answer { request in
      fuse_reply_buf(request, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), count)
    }
  }

  /// Sends the bytes of `bytes`.
  public consuming func succeed(_ bytes: [UInt8]) {
    let reply = self
    bytes.withUnsafeBytes { _ = $0.count }
    reply.fill { (buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int in
      let count = min(bytes.count, buffer.count)
      bytes.withUnsafeBytes { buffer.copyBytes(from: $0.prefix(count)) }
      return count
    }
  }

  /// Sends what lies in `pieces`, one after the other, without copying it together first.
  ///
  /// The memory must stay mapped until this returns.
  public consuming func succeed(pieces: [UnsafeRawBufferPointer]) {
    let size = size
    pending.answer { request in Self.send(pieces, limit: size, to: request) }
  }

  /// Sends what `body` writes into the buffer that it is given, of ``size`` bytes; it returns how many it
  /// wrote.
  ///
  /// The buffer belongs to the thread and is used again: nothing is allocated. `body` runs before this
  /// returns; what it throws is the answer.
  public consuming func fill(_ body: (UnsafeMutableRawBufferPointer) throws(Errno) -> Int) {
    let size = size
    pending.answer { request in
      ScratchBuffer.withBytes(count: size) { buffer in
        guard let buffer else { return fuse_reply_err(request, ENOMEM) }
        do throws(Errno) {
          let count = min(max(try body(buffer), 0), size)
          return fuse_reply_buf(request, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), count)
        } catch {
          return fuse_reply_err(request, error.wireValue)
        }
      }
    }
  }

  /// Sends the pieces that `body` gathers, one after the other, without copying them together first.
  ///
  /// `body` is given room of ``size`` bytes for what has to be made, which belongs to the thread and is used again, and calls
  /// `send` once with the pieces, in the room or anywhere else; they need to stay there until `send` returns. What it throws
  /// before that is the answer. `body` runs before this returns.
  ///
  /// A piece that the kernel cannot read, such as a mapped file behind its end, makes the answer `EIO`.
  public consuming func gather(
    _ body: (
      _ room: UnsafeMutableRawBufferPointer, _ send: ([UnsafeRawBufferPointer]) -> Void
    ) throws(Errno) -> Void
  ) {
    let size = size
    pending.answer { request in
      ScratchBuffer.withBytes(count: size) { room in
        guard let room else { return fuse_reply_err(request, ENOMEM) }
        var result: Int32?
        do throws(Errno) {
          try body(room) { pieces in
            if result == nil { result = Self.send(pieces, limit: size, to: request) }
          }
          return result ?? fuse_reply_err(request, EIO)
        } catch {
          return result ?? fuse_reply_err(request, error.wireValue)
        }
      }
    }
  }

  /// IOV_MAX is 1024; libfuse needs one for the header.
  private static let pieceLimit = 1000

  private static func send(
    _ pieces: [UnsafeRawBufferPointer], limit: Int, to request: OpaquePointer
  ) -> Int32 {
    guard pieces.count <= pieceLimit else { return gather(pieces, limit: limit, to: request) }
    return withUnsafeTemporaryAllocation(of: iovec.self, capacity: pieces.count) { vector in
      var left = limit
      var used = 0
      for piece in pieces where left > 0 && !piece.isEmpty {
        let count = min(piece.count, left)
        // writev(2) only reads; the C type has no const.
        let base = UnsafeMutableRawPointer(mutating: piece.baseAddress)
        vector.initializeElement(at: used, to: iovec(iov_base: base, iov_len: count))
        left -= count
        used += 1
      }
      guard used > 0 else { return fuse_reply_buf(request, nil, 0) }
      return fuse_reply_iov(request, vector.baseAddress, Int32(used))
    }
  }

  private static func gather(
    _ pieces: [UnsafeRawBufferPointer], limit: Int, to request: OpaquePointer
  ) -> Int32 {
    ScratchBuffer.withBytes(count: limit) { buffer in
      guard let buffer else { return fuse_reply_err(request, ENOMEM) }
      var used = 0
      for piece in pieces where used < limit {
        let count = min(piece.count, limit - used)
        UnsafeMutableRawBufferPointer(rebasing: buffer[used..<(used + count)])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: piece[..<count]))
        used += count
      }
      return fuse_reply_buf(request, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), used)
    }
  }
}

extension ReadReply {
  /// Refuses the request with `error`.
  public consuming func fail(_ error: Errno) {
    pending.fail(error)
  }

  /// Has `handler` called when the caller is interrupted; see ``Reply/onInterrupt(_:)``.
  public mutating func onInterrupt(_ handler: @escaping @Sendable () -> Void) -> Bool {
    pending.onInterrupt(handler)
  }

  /// Whether the caller has been interrupted.
  public var isInterrupted: Bool { pending.isInterrupted }
}
