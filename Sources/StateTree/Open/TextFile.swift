internal import VCM

/// A short text that was opened to be written, and perhaps read.
///
/// What was written is answered from where the writing ended, because there a reader of the same descriptor goes on; a
/// reader that goes back before that place gets the answer from its beginning.
final class TextFile: OpenFile, @unchecked Sendable {
  private let tree: Tree
  private let caller: Caller
  private let behaviour: TextBehaviour
  private let options: OpenOptions

  // Guarded by `lock`, which is never held while the tree is called.
  private let lock = TreeLock()
  @exclusivity(unchecked) private var assembly: WriteAssembly
  @exclusivity(unchecked) private var content: [UInt8]
  @exclusivity(unchecked) private var contentOffset: UInt64 = 0
  @exclusivity(unchecked) private var isUnreadAnswer = false

  init(
    tree: Tree, node: NodeID, behaviour: TextBehaviour, content: String, options: OpenOptions, caller: Caller
  ) {
    self.tree = tree
    self.caller = caller
    self.behaviour = behaviour
    self.options = options
    self.content = Array(content.utf8)
    assembly = WriteAssembly(largestPiece: tree.options.largestWrite)
    super.init(node: node)
  }

  override func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(VCMError) -> ReadOutcome {
    lock.lock()
    defer { lock.unlock() }
    isUnreadAnswer = false
    if offset < contentOffset { contentOffset = 0 }
    let start = offset - contentOffset
    guard start < UInt64(content.count) else { return .bytes(0) }
    let rest = content[Int(start)...].prefix(buffer.count)
    buffer.copyBytes(from: rest)
    return .bytes(rest.count)
  }

  override func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(VCMError) -> Int {
    lock.lock()
    let outcome: Result<WriteAssembly.Outcome, VCMError>
    do throws(VCMError) {
      outcome = .success(try assembly.take(bytes, at: offset))
    } catch {
      outcome = .failure(error)
    }
    lock.unlock()
    let end = offset &+ UInt64(bytes.count)
    switch try outcome.get() {
    case .unfinished: break
    case .whole: try take(bytes, answeringAt: end)
    case .assembled(let text):
      do throws(VCMError) {
        try takeText(text, answeringAt: end)
      } catch {
        lock.lock()
        assembly.noteFailure(error, of: bytes, at: offset)
        lock.unlock()
        throw error
      }
    }
    return bytes.count
  }

  // A text uses no blocks, so that cp takes it for sparse and asks where its data is.
  override func nextData(from offset: UInt64) throws(VCMError) -> UInt64 {
    guard offset < length else { throw VCMError(.noMemoryBehind, "there is no data behind offset \(offset)") }
    return offset
  }

  override func nextHole(from offset: UInt64) throws(VCMError) -> UInt64 {
    let length = length
    guard offset < length else { throw VCMError(.noMemoryBehind, "offset \(offset) is behind the end") }
    return length
  }

  /// The length of what a read from the beginning gives now.
  private var length: UInt64 {
    lock.lock()
    defer { lock.unlock() }
    return UInt64(content.count)
  }

  override func close() {
    lock.lock()
    let text = assembly.finish()
    lock.unlock()
    if let text { try? takeText(text, answeringAt: 0) }
  }

  private func takeText(_ text: [UInt8], answeringAt end: UInt64) throws(VCMError) {
    let outcome = text.withUnsafeBytes { bytes in
      Result { () throws(VCMError) in try take(bytes, answeringAt: end) }
    }
    try outcome.get()
  }

  /// Gives a whole text to the file, as one transaction.
  private func take(_ bytes: UnsafeRawBufferPointer, answeringAt end: UInt64) throws(VCMError) {
    let answer = try tree.changing(caller, .write, about: node) { state throws(VCMError) in
      let (subject, declared) = try state.resolve(node)
      guard let take = behaviour.take else {
        throw .forbidden("\(state.path(of: node)) is only read")
      }
      _ = declared
      let answer = try take(subject, RequestText.lines(bytes), state)
      if let answer { return (text: answer, isAnswer: true) }
      let text = options.contains(.read) ? try behaviour.render(subject, state, caller) : ""
      return (text: text, isAnswer: false)
    }
    lock.lock()
    defer { lock.unlock() }
    if isUnreadAnswer && answer.isAnswer {
      content.append(contentsOf: answer.text.utf8)
    } else {
      content = Array(answer.text.utf8)
    }
    contentOffset = end
    isUnreadAnswer = answer.isAnswer
  }
}
