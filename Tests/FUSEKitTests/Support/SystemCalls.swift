import FUSEKit
import Glibc

// The system calls that the tests make, with errno thrown.

func check(_ result: Int32) throws(Errno) {
  guard result >= 0 else { throw Errno(rawValue: errno) }
}

func status(_ path: String) throws(Errno) -> stat {
  var result = stat()
  try check(lstat(path, &result))
  return result
}

func makeDirectory(_ path: String, _ mode: mode_t = 0o755) throws(Errno) {
  try check(mkdir(path, mode))
}

/// An open file that closes itself.
final class OpenFile: @unchecked Sendable {
  let descriptor: Int32

  init(_ path: String, _ flags: Int32 = O_RDONLY, _ mode: mode_t = 0o644) throws(Errno) {
    descriptor = open(path, flags | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw Errno(rawValue: errno) }
  }

  deinit {
    close(descriptor)
  }

  func read(_ count: Int, at offset: Int? = nil) throws(Errno) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let result = offset.map { pread(descriptor, &bytes, count, $0) } ?? Glibc.read(descriptor, &bytes, count)
    guard result >= 0 else { throw Errno(rawValue: errno) }
    return Array(bytes.prefix(result))
  }

  @discardableResult
  func write(_ bytes: [UInt8], at offset: Int? = nil) throws(Errno) -> Int {
    let result =
      offset.map { pwrite(descriptor, bytes, bytes.count, $0) } ?? Glibc.write(descriptor, bytes, bytes.count)
    guard result >= 0 else { throw Errno(rawValue: errno) }
    return result
  }
}

func contents(_ path: String) throws(Errno) -> [UInt8] {
  let file = try OpenFile(path)
  var all: [UInt8] = []
  while true {
    let piece = try file.read(65536)
    if piece.isEmpty { return all }
    all += piece
  }
}

func text(_ path: String) throws(Errno) -> String {
  String(decoding: try contents(path), as: UTF8.self)
}

func linkTarget(_ path: String) throws(Errno) -> String {
  var bytes = [UInt8](repeating: 0, count: 4096)
  let count = bytes.withUnsafeMutableBytes { buffer in
    readlink(
      path,
      buffer.baseAddress?.assumingMemoryBound(to: CChar.self) ?? UnsafeMutablePointer.allocate(capacity: 1),
      buffer.count)
  }
  guard count >= 0 else { throw Errno(rawValue: errno) }
  return String(decoding: bytes.prefix(count), as: UTF8.self)
}

/// The names in a directory as bytes, in its own order, without `.` and `..`.
func names(_ path: String) throws(Errno) -> [[UInt8]] {
  guard let directory = opendir(path) else { throw Errno(rawValue: errno) }
  defer { closedir(directory) }
  var result: [[UInt8]] = []
  while let entry = readdir(directory) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
    if name != Array(".".utf8), name != Array("..".utf8) { result.append(name) }
  }
  return result
}

/// Another program.
struct Process: Sendable {
  let identifier: pid_t

  init(_ arguments: [String], environment extra: [String] = [], output: Int32? = nil) throws(Errno) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let output {
      posix_spawn_file_actions_adddup2(&actions, output, 1)
      posix_spawn_file_actions_adddup2(&actions, output, 2)
    }
    // Threads of Dispatch block all signals, and shells ignore some for what runs in the background: a child
    // inherits both.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var ending = none
    for number in [SIGTERM, SIGINT, SIGHUP] { sigaddset(&ending, number) }
    posix_spawnattr_setsigdefault(&attributes, &ending)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    var words = arguments.map { strdup($0) } + [nil]
    var variables = extra.map { strdup($0) }
    var next = environ
    while let variable = next.pointee {
      variables.append(strdup(variable))
      next += 1
    }
    variables.append(nil)
    defer { for word in words + variables { free(word) } }
    var identifier = pid_t()
    let result = posix_spawnp(&identifier, arguments[0], &actions, &attributes, &words, &variables)
    guard result == 0 else { throw Errno(rawValue: result) }
    self.identifier = identifier
  }

  /// The exit status, or 128 and the signal; nil (and the process killed) where it does not end within
  /// `seconds`.
  func wait(seconds: Double = 20) -> Int32? {
    var status: Int32 = 0
    let ended = eventually(seconds: seconds) { waitpid(identifier, &status, WNOHANG) == identifier }
    guard ended else {
      kill(identifier, SIGKILL)
      waitpid(identifier, &status, 0)
      return nil
    }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
  }
}
