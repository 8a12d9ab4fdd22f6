import FUSEKit
import Synchronization

/// A filesystem in memory that serves every operation and notes what it was asked: the tests' other side.
final class MemoryFileSystem: FileSystem {
  struct Node: Sendable {
    var attributes: FileAttributes
    var bytes: [UInt8] = []
    var target = FileName("")
    var entries: [DirectoryEntry] = []
    var extended: [String: [UInt8]] = [:]
    var parent = InodeNumber.root
  }

  struct DirectoryEntry: Sendable {
    let cookie: UInt64
    let name: FileName
    let inode: InodeNumber
  }

  struct State: Sendable {
    var nodes: [InodeNumber: Node] = [:]
    var counter = LookupCounter()
    var lastInode: UInt64 = 1
    var lastCookie: UInt64 = 0
    var requests: [String: Int] = [:]
    var contexts: [String: RequestContext] = [:]
    var openFlags: OpenFlags = []
    var connection: ConnectionInfo?
    var isDestroyed = false
    var waiters: [KeptReply<ReadReply>] = []
    var interruptedCount = 0
    var pollers: [PollHandle] = []
    var isReady = false
    var backing: BackingFile?
  }

  /// How the filesystem answers, set before it is mounted.
  struct Behaviour: Sendable {
    var entryTimeout = CacheTimeout.zero
    var attributeTimeout = CacheTimeout.zero
    var openOptions: OpenOptions = []
    /// For openings that may write; nil: the same.
    var writingOptions: OpenOptions?
    var directoryOptions: OpenOptions = []
    var servesExtendedAttributes = true
    /// Reads wait in `waiters` instead of being answered.
    var readsWait = false
    /// A memfd that all files are backed by.
    var backingDescriptor: Int32?
    /// What a read gives, computed anew, in place of the file's bytes.
    var content: (@Sendable (InodeNumber) -> [UInt8])?
    /// Files whose cached contents a write to any file makes stale.
    var dependents: [InodeNumber] = []
    /// Called with each write's bytes.
    var onWrite: (@Sendable (InodeNumber, [UInt8]) -> Void)?
  }

  let behaviour: Behaviour
  let state = Mutex(State())

  init(_ behaviour: Behaviour = Behaviour()) {
    self.behaviour = behaviour
    state.withLock { state in
      var root = FileAttributes(inode: .root, mode: FileMode(.directory, 0o755))
      root.linkCount = 2
      state.nodes[.root] = Node(attributes: root)
    }
  }

  /// How often `operation` was asked.
  func count(_ operation: String) -> Int {
    state.withLock { $0.requests[operation] ?? 0 }
  }

  /// Adds a file behind the kernel's back; its number.
  @discardableResult
  func addFile(_ name: String, _ bytes: [UInt8] = []) -> InodeNumber {
    state.withLock { state in
      let inode = state.make(FileName(name), in: .root, FileMode(.regular, 0o644))
      state.nodes[inode]?.bytes = bytes
      state.nodes[inode]?.attributes.size = UInt64(bytes.count)
      return inode
    }
  }

  func note(_ operation: String, _ context: RequestContext? = nil) {
    state.withLock { state in
      state.requests[operation, default: 0] += 1
      if let context { state.contexts[operation] = context }
    }
  }

  func entry(_ inode: InodeNumber, _ state: State) -> Entry? {
    guard let node = state.nodes[inode] else { return nil }
    return Entry(
      attributes: node.attributes, entryTimeout: behaviour.entryTimeout,
      attributeTimeout: behaviour.attributeTimeout)
  }

  /// Answers `reply` with `inode`, and counts the lookup.
  func send(_ inode: InodeNumber, _ reply: consuming EntryReply) {
    let found = state.withLock { state in
      let found = entry(inode, state)
      if found != nil { state.counter.increment(inode) }
      return found
    }
    guard let found else { return reply.fail(.noEntry) }
    reply.succeed(found)
  }

  func initialize(_ connection: ConnectionInfo) {
    state.withLock { $0.connection = connection }
  }

  func destroy() {
    let dropped = state.withLock { state in
      state.isDestroyed = true
      defer { state.waiters = [] }
      return state.waiters
    }
    withExtendedLifetime(dropped) {}
  }
}

extension MemoryFileSystem.State {
  func inode(of name: FileName, in parent: InodeNumber) -> InodeNumber? {
    nodes[parent]?.entries.first { $0.name == name }?.inode
  }

  mutating func make(_ name: FileName, in parent: InodeNumber, _ mode: FileMode) -> InodeNumber {
    lastInode += 1
    let inode = InodeNumber(rawValue: lastInode)
    nodes[inode] = MemoryFileSystem.Node(
      attributes: FileAttributes(inode: inode, mode: mode, time: Timestamp(seconds: 1_000_000_000)),
      parent: parent)
    add(name, inode, to: parent)
    return inode
  }

  mutating func add(_ name: FileName, _ inode: InodeNumber, to parent: InodeNumber) {
    lastCookie += 1
    nodes[parent]?.entries.append(.init(cookie: lastCookie, name: name, inode: inode))
  }

  mutating func remove(_ name: FileName, from parent: InodeNumber) {
    nodes[parent]?.entries.removeAll { $0.name == name }
  }
}
