internal import PhysicalMemory
internal import VCM

/// An open file whose bytes are memory.
///
/// Where the bytes lie is asked anew for every call, so that a file that stays open follows what is behind it.
final class MemoryFile: OpenFile, @unchecked Sendable {
  private let tree: Tree
  private let caller: Caller
  private let behaviour: MemoryBehaviour
  private let options: OpenOptions
  private let memory: PhysicalMemory
  private let gate: MemoryGate

  init(
    tree: Tree, node: NodeID, behaviour: MemoryBehaviour, state: TreeState, options: OpenOptions,
    caller: Caller
  ) {
    self.tree = tree
    self.caller = caller
    self.behaviour = behaviour
    self.options = options
    memory = state.engine.memory
    gate = state.memoryGate
    super.init(node: node)
    state.openMemory[node, default: 0] += 1
  }

  override func close() {
    _ = try? tree.reading { state throws(VCMError) in state.closeMemory(node) }
  }

  override var isMemory: Bool { true }

  override var hasPages: Bool { options.contains(.write) }

  /// The pieces of a range of the file, as far as the file goes.
  ///
  /// On return the gate is entered.
  private func enter(at offset: UInt64, count: Int) throws(VCMError) -> [FilePiece] {
    try tree.reading { state throws(VCMError) in
      let (subject, _) = try state.resolve(node)
      let length = behaviour.length(subject, state)
      var pieces: [FilePiece] = []
      if offset < length {
        let end = offset + min(length - offset, UInt64(clamping: count))
        behaviour.forEachPiece(subject, state, offset..<end) {
          pieces.append($0)
          return true
        }
      }
      gate.enter()
      return pieces
    }
  }

  override func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(VCMError) -> ReadOutcome {
    let pieces = try enter(at: offset, count: buffer.count)
    defer { gate.leave() }
    var done = 0
    for piece in pieces {
      let target = UnsafeMutableRawBufferPointer(rebasing: buffer[done..<(done + Int(piece.length))])
      MemoryCopy.read(memory, piece, into: target)
      done += target.count
    }
    return .bytes(done)
  }

  override func readPages(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(VCMError) -> ReadOutcome {
    try noteReader()
    return try read(at: offset, into: buffer)
  }

  /// Before bytes are read for the page cache: who changes them afterwards must know that the kernel has them.
  private func noteReader() throws(VCMError) {
    try tree.reading { state throws(VCMError) in state.leases.note(node) }
  }

  override func copy(
    from source: OpenFile, at sourceOffset: UInt64, to offset: UInt64, length: UInt64
  ) throws(VCMError) -> Int? {
    guard source is MemoryFile else { return nil }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Int(min(length, Self.longestCopy)), alignment: 16)
    defer { buffer.deallocate() }
    guard case .bytes(let count) = try source.read(at: sourceOffset, into: buffer), count > 0 else {
      return 0
    }
    return try write(UnsafeRawBufferPointer(rebasing: buffer[..<count]), at: offset)
  }

  /// How much one call copies: its caller comes back for the rest.
  private static let longestCopy: UInt64 = 4 << 20

  override func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(VCMError) -> Int {
    try write(bytes, at: offset, isFromPages: false)
  }

  override func writePages(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(VCMError) -> Int {
    try write(bytes, at: offset, isFromPages: true)
  }

  private func write(
    _ bytes: UnsafeRawBufferPointer, at offset: UInt64, isFromPages: Bool
  ) throws(VCMError) -> Int {
    let done = try copyIn(bytes, at: offset)
    try tree.changing(caller, .write, about: node) { state throws(VCMError) in
      let (subject, _) = try state.resolve(node)
      let length = behaviour.length(subject, state)
      guard done >= 0, length > 0 || bytes.isEmpty else {
        throw VCMError(.noMemoryBehind, "\(state.path(of: node)) has no memory at offset \(offset)")
      }
      guard done > 0 || bytes.isEmpty else {
        throw VCMError(
          .noSpace, "\(state.path(of: node)) has \(length) bytes: there is no place at offset \(offset)")
      }
      if done > 0 {
        behaviour.wasWritten(subject, state)
        state.memoryWasWritten(by: node, in: subject)
        // The kernel goes on to have the file's pages, so whoever writes by another way must go on to tell it.
        if isFromPages { state.leases.note(node) }
      }
    }
    return done
  }

  /// Copies bytes into memory: how many, as far as the file goes and has memory; -1 if it has none at the beginning.
  private func copyIn(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(VCMError) -> Int {
    let pieces = try enter(at: offset, count: bytes.count)
    defer { gate.leave() }
    var done = 0
    for piece in pieces {
      let count = Int(piece.length)
      guard let address = piece.physicalAddress,
        let target = memory.pointer(to: address, byteCount: piece.length)
      else { return done == 0 ? -1 : done }
      UnsafeMutableRawBufferPointer(start: target, count: count)
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[done..<(done + count)]))
      done += count
    }
    return done
  }

  override func withBytes(
    at offset: UInt64, room: UnsafeMutableRawBufferPointer, isForPages: Bool,
    _ body: ([UnsafeRawBufferPointer]) -> Void
  ) throws(VCMError) {
    if isForPages { try noteReader() }
    let pieces = try enter(at: offset, count: room.count)
    defer { gate.leave() }
    body(MemoryGathering.gather(memory, pieces, room: room))
  }

  override func nextData(from offset: UInt64) throws(VCMError) -> UInt64 {
    try seek(from: offset, toData: true)
  }

  override func nextHole(from offset: UInt64) throws(VCMError) -> UInt64 {
    try seek(from: offset, toData: false)
  }

  private func seek(from offset: UInt64, toData: Bool) throws(VCMError) -> UInt64 {
    try tree.reading { state throws(VCMError) in
      let (subject, _) = try state.resolve(node)
      let length = behaviour.length(subject, state)
      var position = offset
      var found: UInt64?
      behaviour.forEachPiece(subject, state, offset..<max(offset, length)) { piece in
        found = MemoryCopy.seek(memory, piece.physicalAddress, piece.length, toData: toData)
        if found == nil { position += piece.length }
        return found == nil
      }
      if let found { return position + found }
      guard !toData && offset < length else {
        throw VCMError(.noMemoryBehind, "there is nothing behind offset \(offset)")
      }
      return length
    }
  }

  override var isWholeMemory: Bool { node.objectKey == Subject.tree.key }

  override func memoryFileRange() throws(VCMError) -> MemoryFileRange? {
    try tree.reading { state throws(VCMError) in
      let (subject, _) = try state.resolve(node)
      let length = behaviour.length(subject, state)
      guard length > 0 else { return nil }
      var first: FilePiece?
      behaviour.forEachPiece(subject, state, 0..<length) {
        first = $0
        return false
      }
      guard let piece = first, let address = piece.physicalAddress, piece.length == length,
        let offset = memory.fileOffset(of: address)
      else { return nil }
      return MemoryFileRange(fileDescriptor: memory.fileDescriptor, offset: offset, length: length)
    }
  }
}
