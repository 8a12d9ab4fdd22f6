internal import VCM

/// An open view: one moment of the graph in words.
///
/// The words are made at the first read, with the tree not locked.
final class ViewFile: OpenFile, @unchecked Sendable {
  private let content: ViewContent

  init(node: NodeID, content: ViewContent) {
    self.content = content
    super.init(node: node)
  }

  override func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(VCMError) -> ReadOutcome {
    let bytes = content.bytes
    guard offset < UInt64(bytes.count) else { return .bytes(0) }
    let rest = bytes[Int(offset)...].prefix(buffer.count)
    buffer.copyBytes(from: rest)
    return .bytes(rest.count)
  }

  // A text uses no blocks, so that cp takes it for sparse and asks where its data is.
  override func nextData(from offset: UInt64) throws(VCMError) -> UInt64 {
    guard offset < UInt64(content.bytes.count) else {
      throw VCMError(.noMemoryBehind, "there is no data behind offset \(offset)")
    }
    return offset
  }

  override func nextHole(from offset: UInt64) throws(VCMError) -> UInt64 {
    let length = UInt64(content.bytes.count)
    guard offset < length else { throw VCMError(.noMemoryBehind, "offset \(offset) is behind the end") }
    return length
  }
}
