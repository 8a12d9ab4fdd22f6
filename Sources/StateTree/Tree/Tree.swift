public import VCM

/// The tree of files over an engine: names, attributes, texts, links, and everything that a shell does to them.
///
/// A tree knows nothing of FUSE; whoever mounts it turns requests into these calls. All of them may be made from any
/// thread. A call that changes something is one transaction, and before it returns it hands what the kernel may have kept
/// wrongly to the handler of ``setInvalidationHandler(_:)``.
///
/// ```swift
/// let tree = Tree(engine: engine, options: options)
/// let vcms = try tree.lookup("vcms", in: .root, caller: me)
/// let out = try tree.makeDirectory("out", in: vcms.id, caller: me)
/// ```
///
/// Lock order:
///
///     the tree's lock
///       the memory gate (``MemoryGate``)
///     an open file's lock, which is never held while one of the above is asked for by its holder's callee
///
/// The handler runs with none of them held.
public final class Tree: @unchecked Sendable {
  // Guarded by `lock`.
  private let state: TreeState
  private var handler: (@Sendable ([Invalidation]) -> Void)?
  private let lock = TreeLock()

  /// The options that the tree was made with.
  public let options: TreeOptions

  /// A tree over an engine, which from now on belongs to the tree: nobody else may call it.
  public init(engine: sending Engine, options: TreeOptions) {
    self.options = options
    state = TreeState(engine: engine, options: options)
  }

  /// Sets who is told what the kernel must forget.
  ///
  /// It is called with no lock held, from the thread of the call that made the change, before that call
  /// returns.
  public func setInvalidationHandler(_ handler: @escaping @Sendable ([Invalidation]) -> Void) {
    lock.lock()
    defer { lock.unlock() }
    self.handler = handler
  }

  /// Runs a call that changes nothing.
  func reading<Result>(_ body: (TreeState) throws(VCMError) -> Result) throws(VCMError) -> Result {
    lock.lock()
    defer { lock.unlock() }
    return try body(state)
  }

  /// Runs a call that may change something: remembers its failure, and hands out what it made untrue.
  ///
  /// - Parameters:
  ///   - caller: who called.
  ///   - operation: what is counted and timed, without the wait for the lock.
  ///   - node: the node that the call is about, whose object gets the sentence of a failure; nil of a call whose
  ///     failures are not remembered.
  ///   - name: the name in the node that the call is about, too.
  ///   - body: the call.
  func changing<Result>(
    _ caller: Caller, _ operation: OperationLog.Operation? = nil, about node: NodeID? = nil,
    named name: String? = nil,
    _ body: (TreeState) throws(VCMError) -> Result
  ) throws(VCMError) -> Result {
    let outcome: Swift.Result<Result, VCMError>
    lock.lock()
    let start = operation == nil ? 0 : AlarmClock.now
    do throws(VCMError) {
      outcome = .success(try body(state))
    } catch {
      if let node { state.noteFailure(error, caller, about: node, named: name) }
      outcome = .failure(error)
    }
    if let operation {
      var failure: VCMError?
      if case .failure(let error) = outcome { failure = error }
      state.operations.note(operation, nanoseconds: AlarmClock.now &- start, failure: failure)
    }
    let invalidations = state.finish()
    let wakeups = state.takeWakeups()
    let handler = handler
    lock.unlock()
    if !invalidations.isEmpty { handler?(invalidations) }
    for wakeup in wakeups { wakeup() }
    return try outcome.get()
  }
}
