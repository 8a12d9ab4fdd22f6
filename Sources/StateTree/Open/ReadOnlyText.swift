internal import VCM

/// A short text that was opened only to be read: the content at the time of opening.
final class ReadOnlyText: OpenFile, @unchecked Sendable {
  private let content: String

  init(node: NodeID, content: String, isConstant: Bool) {
    // Flat and in UTF-8, so that a read copies bytes and nothing else.
    var content = content
    content.makeContiguousUTF8()
    self.content = content
    super.init(node: node, isConstant: isConstant)
  }

  private var length: UInt64 { UInt64(content.utf8.count) }

  override func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(VCMError) -> ReadOutcome {
    guard offset < length else { return .bytes(0) }
    let start = Int(offset)
    let count = min(content.utf8.count - start, buffer.count)
    content.utf8.withContiguousStorageIfAvailable { bytes in
      buffer.copyMemory(
        from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[start..<(start + count)]))
    }
    return .bytes(count)
  }

  // A text uses no blocks, so that cp takes it for sparse and asks where its data is.
  override func nextData(from offset: UInt64) throws(VCMError) -> UInt64 {
    guard offset < length else { throw VCMError(.noMemoryBehind, "there is no data behind offset \(offset)") }
    return offset
  }

  override func nextHole(from offset: UInt64) throws(VCMError) -> UInt64 {
    guard offset < length else { throw VCMError(.noMemoryBehind, "offset \(offset) is behind the end") }
    return length
  }
}
