internal import VCM

/// What a view is made of, taken down at one moment with the tree locked, and put into words afterwards.
protocol ViewCapture: Sendable {
  /// The text.
  func render() -> [UInt8]
}

/// A text made of much of the graph, as of one moment: its readers share it.
///
/// The words are made when they are first asked for, with the tree not locked.
final class ViewContent: @unchecked Sendable {
  /// The state of the graph that it shows: ``TreeState/generation``.
  let generation: UInt64
  private let lock = TreeLock()
  // Guarded by `lock`: one of the two.
  private var capture: (any ViewCapture)?
  private var text: [UInt8] = []

  init(generation: UInt64, capture: any ViewCapture) {
    self.generation = generation
    self.capture = capture
  }

  /// The text.
  var bytes: [UInt8] {
    lock.lock()
    defer { lock.unlock() }
    if let capture {
      text = capture.render()
      self.capture = nil
    }
    return text
  }
}

/// The views of a tree: the contents that are in use, and the lengths that are known.
struct ViewShelf {
  private struct Slot {
    weak var content: ViewContent?
  }

  private var slots: [NodeID: Slot] = [:]
  private var lengths: [NodeID: (generation: UInt64, length: UInt64)] = [:]

  /// The content of a node if somebody holds it and the graph is still so.
  func content(of node: NodeID, generation: UInt64) -> ViewContent? {
    slots[node]?.content.flatMap { $0.generation == generation ? $0 : nil }
  }

  /// Remembers a content for as long as somebody holds it.
  mutating func keep(_ content: ViewContent, of node: NodeID) {
    if slots.count >= 64 { slots = slots.filter { $0.value.content != nil } }
    slots[node] = Slot(content: content)
  }

  /// The length that the node had when it was last measured.
  func length(of node: NodeID) -> UInt64? { lengths[node]?.length }

  /// Whether the length is that of this state of the graph.
  func isMeasured(_ node: NodeID, generation: UInt64) -> Bool { lengths[node]?.generation == generation }

  /// Remembers a length.
  mutating func note(length: UInt64, of node: NodeID, generation: UInt64) {
    lengths[node] = (generation, length)
  }

  /// Forgets the views of an object that is gone.
  mutating func forget(_ node: NodeID) {
    guard !(lengths.isEmpty && slots.isEmpty) else { return }
    guard lengths.removeValue(forKey: node) != nil || slots[node] != nil else { return }
    slots[node] = nil
  }
}

extension TreeState {
  /// The content of a view as the graph is now.
  func content(of node: NodeID, _ subject: Subject, _ view: ViewBehaviour) throws(VCMError) -> ViewContent {
    if let known = views.content(of: node, generation: generation) { return known }
    let content = ViewContent(generation: generation, capture: try view.capture(subject, self))
    views.keep(content, of: node)
    return content
  }
}

extension Tree {
  /// Finds the length of a view anew if the graph has changed since it was last known; of other nodes does nothing.
  ///
  /// The text is made with the tree not locked.
  func measure(_ node: NodeID) throws(VCMError) {
    guard Catalogue.shared.isView(node) else { return }
    let content = try reading { state throws(VCMError) -> ViewContent? in
      let (subject, declared) = try state.resolve(node)
      guard case .view(let view) = declared.declaration.behaviour,
        !state.views.isMeasured(node, generation: state.generation)
      else { return nil }
      return try state.content(of: node, subject, view)
    }
    guard let content else { return }
    let length = UInt64(content.bytes.count)
    try reading { state throws(VCMError) in
      state.views.note(length: length, of: node, generation: content.generation)
    }
  }
}
