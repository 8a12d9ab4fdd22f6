import VCM

@testable import StateTree

/// What a kernel keeps of a tree: names, attributes, targets and contents, until it is told that they are no longer true.
final class KernelCache {
  /// A name in a directory.
  struct Name: Hashable {
    let directory: NodeID
    let name: String
  }

  private let shell: Shell
  private let inbox = Inbox()
  private(set) var names: [Name: NodeID] = [:]
  private(set) var attributes: [NodeID: NodeAttributes] = [:]
  private(set) var contents: [NodeID: [UInt8]] = [:]
  private(set) var listings: [NodeID: [String]] = [:]
  /// Listings with the directory's time when they were begun, which the kernel believes as long as that is the time.
  private(set) var timedListings: [NodeID: (names: [String], time: Timestamp)] = [:]
  /// The contents of files that are said never to change, which are never dropped.
  private(set) var constants: [NodeID: [UInt8]] = [:]
  /// How often something was invalidated.
  private(set) var invalidationCount = 0

  init(_ shell: Shell) {
    self.shell = shell
    let inbox = inbox
    shell.tree.setInvalidationHandler { inbox.put($0) }
  }

  /// Looks at everything below the top, as `ls -lR`, `readlink` and `cat` would.
  func lookAtEverything() throws(VCMError) {
    try look(at: .root)
  }

  private func look(at directory: NodeID) throws(VCMError) {
    let own = try shell.tree.attributes(of: directory, caller: shell.caller)
    keep(own)
    var children: [(name: String, attributes: NodeAttributes)] = []
    try shell.tree.readDirectory(directory, after: 0, caller: shell.caller) { entry in
      if let attributes = entry.attributes { children.append((entry.name, attributes)) }
      return true
    }
    listings[directory] = children.map(\.name)
    timedListings[directory] = (children.map(\.name), own.modified)
    for child in children {
      // What may not be kept is asked for again at every use, and then looked up anew if it is gone.
      if child.attributes.mayBeCached && child.attributes.nameMayBeCached {
        names[Name(directory: directory, name: child.name)] = child.attributes.id
      }
      keep(child.attributes)
      switch child.attributes.kind {
      case .directory: try look(at: child.attributes.id)
      case .symbolicLink:
        contents[child.attributes.id] = Array(try shell.tree.readLink(child.attributes.id).utf8)
      case .file
      where child.attributes.size < 100_000 && child.attributes.mayBeCached
        && !["data", "memory", "faults", "events"].contains(child.name):
        let file = try shell.tree.open(child.attributes.id, .read, caller: shell.caller)
        contents[child.attributes.id] = try shell.drain(file, from: 0)
        if file.isConstant { constants[child.attributes.id] = contents[child.attributes.id] }
        file.close()
      case .file: break
      }
    }
  }

  private func keep(_ attributes: NodeAttributes) {
    if attributes.mayBeCached { self.attributes[attributes.id] = attributes }
  }

  /// Forgets what the tree has said is no longer true.
  ///
  /// `own` are the names that the last request itself was about, which the kernel drops on its own.
  func receive(own: [Name] = []) {
    for name in own { names[name] = nil }
    for invalidation in inbox.take() {
      invalidationCount += 1
      switch invalidation {
      case .changed(let node):
        attributes[node] = nil
        contents[node] = nil
        listings[node] = nil
      case .overtakes(let node, let listing):
        attributes[node] = nil
        shell.tree.hasArrived(listing)
      case .removed(let parent, let name, let child):
        if names[Name(directory: parent, name: name)] == child {
          names[Name(directory: parent, name: name)] = nil
        }
      }
    }
  }

  /// Everything that is kept and not true.
  func lies() -> [String] {
    var lies: [String] = []
    // A name in a directory that is gone cannot be reached.
    for (name, node) in names where isThere(name.directory) {
      let found = try? shell.tree.reading { state throws(VCMError) in
        try state.find(name.name, in: name.directory)
      }
      if found != node {
        lies.append("name \(name.name) in \(path(name.directory)): \(node) is \(found as Any)")
      }
    }
    for (node, kept) in attributes {
      let now = try? shell.tree.reading { state throws(VCMError) in
        let (subject, declared) = try state.resolve(node)
        return try state.attributes(of: node, subject, declared, shell.caller)
      }
      if now != kept { lies.append("attributes of \(path(node)): \(kept) are \(now as Any)") }
    }
    for (node, kept) in contents {
      let now = try? content(of: node)
      if now != kept {
        let texts = [kept, now ?? []].map { String(decoding: $0.prefix(200), as: UTF8.self) }
        lies.append("content of \(path(node)): \(texts)")
      }
    }
    for (node, kept) in listings {
      let now = try? shell.tree.reading { state throws(VCMError) in try Self.listing(of: node, state) }
      if now != kept { lies.append("listing of \(path(node)): \(kept) is \(now as Any)") }
    }
    for (node, kept) in timedListings where isThere(node) {
      let now = try? shell.tree.reading { state throws(VCMError) in try Self.listing(of: node, state) }
      let time = try? shell.tree.attributes(of: node, caller: shell.caller).modified
      if now != kept.names && time == kept.time {
        lies.append("listing of \(path(node)) by its time: \(kept.names) is \(now as Any)")
      }
    }
    for (node, kept) in constants where isThere(node) && (try? content(of: node)) != kept {
      lies.append("content of \(path(node)), which is to be constant")
    }
    return lies
  }

  private func isThere(_ node: NodeID) -> Bool {
    (try? shell.tree.reading { state throws(VCMError) in try state.resolve(node).node.place }) != nil
  }

  /// The content of a file or link, without a lease.
  private func content(of node: NodeID) throws(VCMError) -> [UInt8] {
    try shell.tree.reading { state throws(VCMError) in
      let (subject, declared) = try state.resolve(node)
      switch declared.declaration.behaviour {
      case .directory, .memory, .special: return []
      case .text(let text): return Array(try text.render(subject, state, shell.caller).utf8)
      case .view(let view): return try view.capture(subject, state).render()
      case .link(let link): return Array((link.target(subject, state)?.path ?? "").utf8)
      case .dump(let dump):
        let content = try dump.open(subject, state)
        var bytes = [UInt8](repeating: 0, count: Int(content.length))
        _ = bytes.withUnsafeMutableBytes { content.read(at: 0, into: $0) }
        return bytes
      }
    }
  }

  private static func listing(of node: NodeID, _ state: TreeState) throws(VCMError) -> [String] {
    let (subject, declared) = try state.resolve(node)
    var names = declared.children.compactMap { place -> String? in
      let id = node.sibling(place)
      return state.isThere(id, subject, place)
        ? Catalogue.shared.node(subject.family, place)?.declaration.name : nil
    }
    declared.members?.forEach(in: subject, after: 0, state) { member in
      names.append(String(decoding: member.name, as: UTF8.self))
      return true
    }
    return names
  }

  private func path(_ node: NodeID) -> String {
    (try? shell.tree.reading { state throws(VCMError) in state.path(of: node) }) ?? "\(node)"
  }
}

/// Where invalidations wait until the cache takes them.
final class Inbox: @unchecked Sendable {
  // Tests make calls from one thread, and so does the handler.
  private var waiting: [Invalidation] = []

  func put(_ invalidations: [Invalidation]) { waiting += invalidations }

  func take() -> [Invalidation] {
    defer { waiting = [] }
    return waiting
  }
}
