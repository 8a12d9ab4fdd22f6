internal import VCM

/// An open file that shows lines as they come.
final class StreamFile: OpenFile, @unchecked Sendable {
  private let stream: LineStream

  // Guarded by `lock`.
  private let lock = TreeLock()
  private var position: UInt64
  private var rest: [UInt8] = []
  private var isClosed = false

  override var isSeekable: Bool { false }

  init(node: NodeID, stream: LineStream, options: OpenOptions) {
    self.stream = stream
    position = stream.open()
    super.init(
      node: node, isNonBlocking: options.contains(.nonBlocking))
  }

  deinit {
    if !isClosed { stream.close() }
  }

  /// Whole lines as far as they fit, and of a line that is longer than the buffer a part.
  override func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(VCMError) -> ReadOutcome {
    lock.lock()
    defer { lock.unlock() }
    var done = 0
    while done < buffer.count {
      if rest.isEmpty {
        var next = position
        guard let line = stream.next(&next) else { break }
        if done > 0 && line.utf8.count > buffer.count - done { break }
        position = next
        rest = Array(line.utf8)
      }
      let part = rest.prefix(buffer.count - done)
      UnsafeMutableRawBufferPointer(rebasing: buffer[done...]).copyBytes(from: part)
      done += part.count
      rest.removeFirst(part.count)
    }
    return done > 0 || buffer.isEmpty ? .bytes(done) : .wouldBlock
  }

  override var readiness: Readiness {
    lock.lock()
    defer { lock.unlock() }
    return rest.isEmpty && !stream.isReadable(position) ? [] : .readable
  }

  override func whenReadable(_ body: @escaping @Sendable () -> Void) -> (any ReadWait)? {
    lock.lock()
    defer { lock.unlock() }
    return rest.isEmpty ? stream.wait(position, body) : nil
  }

  override func close() {
    lock.lock()
    defer { lock.unlock() }
    if !isClosed { stream.close() }
    isClosed = true
  }
}
