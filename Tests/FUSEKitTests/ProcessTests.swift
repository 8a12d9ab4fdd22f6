import FUSEKit
import Glibc
import Testing

/// What only a process of its own can show: signals, death, the background. The process is this test program
/// again, told by a variable to be a daemon.
extension MountedSuites {
  @Suite struct ProcessTests {
    private static let variable = "FUSEKIT_TEST_DAEMON"

    /// Not a test: the daemon.
    @Test(.enabled(if: getenv("FUSEKIT_TEST_DAEMON") != nil, "only in the tests' own child processes"))
    func serve() throws {
      guard let words = getenv(Self.variable).map({ String(cString: $0).split(separator: ":") }),
        words.count == 2
      else { return }
      let path = String(words[1])
      let daemon = words[0] == "foreground" ? nil : try Daemon.start(name: "toyfs")
      do throws(SessionError) {
        var options = SessionOptions(name: "toy")
        options.isSingleThreaded = words[0] == "single"
        let session = try Session(MemoryFileSystem(), options: options)
        try session.run(at: path) { daemon?.ready() }
      } catch {
        daemon?.fail(error.description, status: 3)
        // Nobody is to read this: the parent has said it.
        _ = write(2, "once more", 9)
        _exit(9)
      }
      _exit(0)
    }

    private func start(_ kind: String, at path: String, output: Int32? = nil) throws -> Process {
      try Process(
        ["/proc/self/exe", "--testing-library", "swift-testing", "--filter", "ProcessTests/serve"],
        environment: ["\(Self.variable)=\(kind):\(path)"], output: output)
    }

    private func withDirectory(_ body: (String) throws -> Void) throws {
      let path = try temporaryDirectory()
      defer {
        while umount2(path, Int32(MNT_DETACH)) == 0 {}
        rmdir(path)
      }
      try body(path)
    }

    private func isMounted(_ path: String) -> Bool {
      ((try? text("/proc/self/mounts")) ?? "").contains(" \(path) ")
    }

    @Test(arguments: [SIGTERM, SIGINT, SIGHUP]) func asignalEndsItWithStatusZeroAndNoTrace(
      signal: Int32
    ) throws {
      try withDirectory { path in
        let daemon = try start("foreground", at: path)
        #expect(eventually { isMounted(path) && (try? status(path).st_ino) == 1 })
        kill(daemon.identifier, signal)
        #expect(daemon.wait() == 0)
        #expect(!isMounted(path))
      }
    }

    @Test(.needsRoot) func adeadMountIsTakenOver() throws {
      try withDirectory { path in
        let daemon = try start("foreground", at: path)
        #expect(eventually { isMounted(path) && (try? status(path).st_ino) == 1 })
        kill(daemon.identifier, SIGKILL)
        #expect(daemon.wait() == 128 + SIGKILL)
        #expect(throws: Errno.notConnected) { try status(path) }
        let next = try start("foreground", at: path)
        #expect(eventually { (try? status(path).st_ino) == 1 })
        kill(next.identifier, SIGTERM)
        #expect(next.wait() == 0)
        #expect(!isMounted(path))
      }
    }

    @Test(arguments: ["background", "single"]) func theParentReturnsWhenTheMountAnswers(kind: String) throws {
      try withDirectory { path in
        let parent = try start(kind, at: path)
        #expect(parent.wait() == 0)
        #expect(isMounted(path))
        #expect(try status(path).st_ino == 1)
        try makeDirectory(path + "/made")
        #expect(umount2(path, 0) == 0 || Environment.isRoot == false)
      }
    }

    @Test func theParentSaysWhyItFailed() throws {
      try withDirectory { path in
        var template = Array("/tmp/fusekit-out-XXXXXX".utf8CString)
        let output = mkstemp(&template)
        defer {
          close(output)
          unlink(template)
        }
        let parent = try start("background", at: path + "/none", output: output)
        #expect(parent.wait() == 3)
        let said = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } }
        let words = try text(said ?? "")
        #expect(words.contains("toyfs: can't mount on \(path)/none: No such file or directory\n"))
        #expect(!words.contains("once more"))
      }
    }
  }
}
