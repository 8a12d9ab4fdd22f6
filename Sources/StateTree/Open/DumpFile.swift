internal import VCM

/// An open file whose content is long: one moment of it, read at any offset.
final class DumpFile: OpenFile, @unchecked Sendable {
  private let content: any DumpContent

  init(node: NodeID, content: any DumpContent) {
    self.content = content
    super.init(node: node)
  }

  override var isLong: Bool { true }

  override var liesInMemory: Bool { content.liesInMemory }

  override var isRendered: Bool { !content.liesInMemory }

  override func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(VCMError) -> ReadOutcome {
    offset < content.length ? .bytes(content.read(at: offset, into: buffer)) : .bytes(0)
  }

  override func withBytes(
    at offset: UInt64, room: UnsafeMutableRawBufferPointer, isForPages: Bool,
    _ body: ([UnsafeRawBufferPointer]) -> Void
  ) {
    content.withBytes(at: min(offset, content.length), room: room) { body([$0]) }
  }

  override func nextData(from offset: UInt64) throws(VCMError) -> UInt64 {
    guard offset < content.length else {
      throw VCMError(.noMemoryBehind, "there is no data behind offset \(offset)")
    }
    return offset
  }

  override func nextHole(from offset: UInt64) throws(VCMError) -> UInt64 {
    guard offset < content.length else {
      throw VCMError(.noMemoryBehind, "offset \(offset) is behind the end")
    }
    return content.length
  }
}
