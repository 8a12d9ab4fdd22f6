import FUSEKit
import Glibc
import Testing

/// What must not happen in the filesystem's own process: a mapping's pages are read and written with the
/// process's memory map locked, and serving that may need the same lock.
///
/// A client is this test program again, told by a variable what to do.
@Suite struct Client {
  fileprivate static let variable = "FUSEKIT_TEST_CLIENT"

  /// Not a test: the client.
  @Test(.enabled(if: getenv("FUSEKIT_TEST_CLIENT") != nil, "only in the tests' own child processes"))
  func act() throws {
    let words = getenv(Self.variable).map { String(cString: $0).split(separator: ":").map(String.init) } ?? []
    guard words.count == 2 else { return }
    let file = try OpenFile(words[1], O_RDWR)
    guard let memory = mmap(nil, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor, 0),
      memory != MAP_FAILED
    else { _exit(2) }
    switch words[0] {
    case "map":
      guard memory.load(as: UInt8.self) == UInt8(ascii: "h") else { _exit(3) }
      memory.storeBytes(of: UInt8(ascii: "J"), as: UInt8.self)
      guard msync(memory, 4096, MS_SYNC) == 0, try file.read(5, at: 0) == Array("Jello".utf8) else {
        _exit(4)
      }
    default:
      guard memory.load(fromByteOffset: 10, as: UInt8.self) == UInt8(ascii: "t") else { _exit(3) }
      memory.storeBytes(of: UInt8(ascii: "!"), toByteOffset: 5000, as: UInt8.self)
      let isSeen = eventually { memory.load(fromByteOffset: 10, as: UInt8.self) == UInt8(ascii: "T") }
      guard isSeen else { _exit(5) }
    }
    _exit(0)
  }
}

extension Process {
  /// A client that does `action` with the file at `path`.
  static func client(_ action: String, _ path: String) throws(Errno) -> Process {
    try Process(
      ["/proc/self/exe", "--testing-library", "swift-testing", "--filter", "Client/act"],
      environment: ["\(Client.variable)=\(action):\(path)"])
  }
}
