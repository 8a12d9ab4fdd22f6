import PhysicalMemory
import VCM

@testable import StateTree

/// A tiny shell over a tree: what a person types, without a mount.
final class Shell {
  let tree: Tree
  var caller = Caller(userID: 0, groupID: 0, processID: 1)
  let clock = TestClock()

  init(platform: Platform = .default, largestWrite: Int = 1 << 20) throws(VCMError) {
    let clock = clock
    tree = Tree(
      engine: try Engine(platform: platform),
      options: TreeOptions(
        clock: { clock.now }, owner: Caller(userID: 0, groupID: 0), largestWrite: largestWrite,
        version: "vcmfs test"))
  }

  // MARK: Paths

  /// The node of a path; links on the way are followed, and the last one if `follow`.
  func node(_ path: String, follow: Bool = true) throws(VCMError) -> NodeID {
    try node(path, follow: follow, depth: 0).last ?? .root
  }

  private func node(_ path: String, follow: Bool, depth: Int) throws(VCMError) -> [NodeID] {
    guard depth < 8 else { throw VCMError(.tooManyLinks, path) }
    return try walk([.root], path, follow: follow, depth: depth)
  }

  private func walk(
    _ start: [NodeID], _ path: String, follow: Bool, depth: Int
  ) throws(VCMError) -> [NodeID] {
    guard depth < 8 else { throw VCMError(.tooManyLinks, path) }
    var nodes = start
    let names = path.split(separator: "/")
    for (index, name) in names.enumerated() where name != "." {
      if name == ".." {
        if nodes.count > 1 { nodes.removeLast() }
        continue
      }
      let found = try tree.lookup(String(name), in: nodes[nodes.count - 1], caller: caller)
      if found.kind == .symbolicLink, follow || index < names.count - 1 {
        let target = try tree.readLink(found.id)
        nodes = try walk(nodes, target, follow: true, depth: depth + 1)
      } else {
        nodes.append(found.id)
      }
    }
    return nodes
  }

  private func split(_ path: String) throws(VCMError) -> (directory: NodeID, name: String) {
    var names = path.split(separator: "/").map { String($0) }
    let name = names.popLast() ?? ""
    return (try node(names.joined(separator: "/")), name)
  }

  // MARK: Commands

  func mkdir(_ path: String) throws(VCMError) {
    let (directory, name) = try split(path)
    _ = try tree.makeDirectory(name, in: directory, caller: caller)
  }

  func rmdir(_ path: String) throws(VCMError) {
    let (directory, name) = try split(path)
    try tree.removeDirectory(name, in: directory, caller: caller)
  }

  func rm(_ path: String) throws(VCMError) {
    let (directory, name) = try split(path)
    try tree.unlink(name, in: directory, caller: caller)
  }

  /// `ln -s`; a path that ends with `/` gets the target's last component.
  func ln(_ target: String, _ path: String) throws(VCMError) {
    let last = target.split(separator: "/").last.map { String($0) } ?? ""
    let (directory, name) = try split(path.hasSuffix("/") ? path + last : path)
    _ = try tree.makeSymbolicLink(name, in: directory, to: target, caller: caller)
  }

  func mv(_ path: String, _ newPath: String) throws(VCMError) {
    let (directory, name) = try split(path)
    let (newDirectory, newName) = try split(newPath)
    try tree.rename(name, in: directory, to: newName, in: newDirectory, caller: caller)
  }

  func touch(_ path: String) throws(VCMError) {
    let (directory, name) = try split(path)
    try tree.makeFile(name, in: directory, caller: caller)
  }

  /// `echo TEXT > PATH`.
  func echo(_ text: String, _ path: String) throws(VCMError) {
    try write(text + "\n", path)
  }

  /// One `write(2)` of a text as it is.
  func write(_ text: String, _ path: String) throws(VCMError) {
    let file = try tree.open(node(path), [.write, .truncate], caller: caller)
    defer { file.close() }
    _ = try put(text, file, at: 0)
  }

  func put(_ text: String, _ file: OpenFile, at offset: UInt64) throws(VCMError) -> Int {
    let result = Array(text.utf8).withUnsafeBytes { bytes in
      Result { () throws(VCMError) in try file.write(bytes, at: offset) }
    }
    return try result.get()
  }

  /// The whole content, read in pieces of `step` bytes.
  func cat(_ path: String, step: Int = 4096) throws(VCMError) -> String {
    String(decoding: try bytes(path, step: step), as: UTF8.self)
  }

  func bytes(_ path: String, step: Int = 4096) throws(VCMError) -> [UInt8] {
    let file = try tree.open(node(path), .read, caller: caller)
    defer { file.close() }
    return try drain(file, from: 0, step: step)
  }

  func drain(_ file: OpenFile, from start: UInt64, step: Int = 4096) throws(VCMError) -> [UInt8] {
    var content: [UInt8] = []
    while true {
      let piece = try read(file, at: start + UInt64(content.count), step)
      if piece.isEmpty { return content }
      content += piece
    }
  }

  func read(_ file: OpenFile, at offset: UInt64, _ count: Int) throws(VCMError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0xEE, count: count)
    let result = buffer.withUnsafeMutableBytes { bytes in
      Result { () throws(VCMError) in try file.read(at: offset, into: bytes) }
    }
    guard case .bytes(let got) = try result.get() else { throw VCMError(.wouldBlock, "it would block") }
    return Array(buffer.prefix(got))
  }

  /// The same by way of the pieces that lie in memory.
  func gather(_ file: OpenFile, at offset: UInt64, _ count: Int) throws(VCMError) -> [UInt8] {
    var room = [UInt8](repeating: 0xEE, count: count)
    var found: [UInt8] = []
    let result = room.withUnsafeMutableBytes { room in
      Result { () throws(VCMError) in
        try file.withBytes(at: offset, room: room, isForPages: false) { pieces in
          found = pieces.flatMap { Array($0) }
        }
      }
    }
    try result.get()
    return found
  }

  func text(_ file: OpenFile, at offset: UInt64) throws(VCMError) -> String {
    String(decoding: try drain(file, from: offset), as: UTF8.self)
  }

  func readlink(_ path: String) throws(VCMError) -> String {
    try tree.readLink(node(path, follow: false))
  }

  func stat(_ path: String, follow: Bool = false) throws(VCMError) -> NodeAttributes {
    try tree.attributes(of: node(path, follow: follow), caller: caller)
  }

  func exists(_ path: String) -> Bool { (try? stat(path)) != nil }

  /// The names in a directory, without `.` and `..`, taken in pieces of `step` entries.
  func ls(_ path: String, step: Int = .max) throws(VCMError) -> [String] {
    try entries(path, step: step).map(\.name).filter { $0 != "." && $0 != ".." }
  }

  func entries(
    _ path: String, step: Int = .max
  ) throws(VCMError) -> [SeenEntry] {
    let directory = try node(path)
    try tree.openDirectory(directory, caller: caller)
    var result: [SeenEntry] = []
    var cookie: UInt64 = 0
    while true {
      var piece: [SeenEntry] = []
      try tree.readDirectory(directory, after: cookie, caller: caller) { entry in
        guard piece.count < step else { return false }
        piece.append(SeenEntry(entry))
        return true
      }
      guard let last = piece.last else { return result }
      result += piece
      cookie = last.cookie
    }
  }

  /// `rm -r`, as fts walks: a directory is read when it is entered, what is in it goes, then itself.
  ///
  /// What fails is noted and its ancestors are left alone.
  func rmTree(_ path: String) -> [(path: String, errno: Int32)] {
    var failures: [(path: String, errno: Int32)] = []
    // It is a process of its own.
    caller.processID += 1
    defer { caller.processID -= 1 }
    rmTree(path, &failures)
    return failures
  }

  private func rmTree(_ path: String, _ failures: inout [(path: String, errno: Int32)]) {
    let before = failures.count
    do throws(VCMError) {
      guard try stat(path).kind == .directory else { return try rm(path) }
      for name in try ls(path) { rmTree("\(path)/\(name)", &failures) }
      if failures.count == before { try rmdir(path) }
    } catch {
      failures.append((path, error.errno))
    }
  }

  /// The paths of everything below a directory, links not followed.
  func find(_ path: String = "") throws(VCMError) -> [String] {
    var result: [String] = []
    for entry in try entries(path) where entry.name != "." && entry.name != ".." {
      let child = path.isEmpty ? entry.name : "\(path)/\(entry.name)"
      result.append(child)
      if entry.kind == .directory { result += try find(child) }
    }
    return result
  }
}

/// An entry of a directory, with its name copied.
struct SeenEntry {
  let name: String
  let id: NodeID
  let kind: NodeAttributes.Kind
  let cookie: UInt64

  init(_ entry: DirectoryEntry) {
    name = entry.name
    id = entry.id
    kind = entry.kind
    cookie = entry.cookie
  }
}

/// A clock that moves by hand.
final class TestClock: @unchecked Sendable {
  // Tests use a shell from one thread only.
  var now = Timestamp(seconds: 1_000_000_000, nanoseconds: 7)
}

/// The errno of what `body` throws; 0 if it does not.
func errno(_ body: () throws(VCMError) -> Void) -> Int32 {
  do throws(VCMError) {
    try body()
    return 0
  } catch {
    return error.errno
  }
}
