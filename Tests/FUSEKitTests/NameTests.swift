import FUSEKit
import Glibc
import Synchronization
import Testing

extension MountedSuites {
  @Suite struct NameTests {
    @Test func directoriesAreMadeFoundAndRemoved() throws {
      let mounted = try Mounted(MemoryFileSystem())
      try makeDirectory(mounted.path + "/one", 0o750)
      #expect(try status(mounted.path + "/one").st_mode == S_IFDIR | 0o750)
      #expect(throws: Errno.exists) { try makeDirectory(mounted.path + "/one") }
      try makeDirectory(mounted.path + "/one/two")
      #expect(throws: Errno.notEmpty) { try check(rmdir(mounted.path + "/one")) }
      try check(rmdir(mounted.path + "/one/two"))
      try check(rmdir(mounted.path + "/one"))
      #expect(throws: Errno.noEntry) { try status(mounted.path + "/one") }
    }

    @Test func theCallerIsKnown() throws {
      let mounted = try Mounted(MemoryFileSystem())
      try makeDirectory(mounted.path + "/mine")
      let context = mounted.fileSystem.state.withLock { $0.contexts["mkdir"] }
      #expect(context?.userID == geteuid())
      #expect(context?.groupID == getegid())
      #expect((context?.processID ?? 0) > 0)
    }

    @Test func aMissingNameIsRememberedForItsTimeout() throws {
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.entryTimeout = .forever
      let mounted = try Mounted(MemoryFileSystem(behaviour))
      for _ in 0..<10 { #expect(throws: Errno.noEntry) { try status(mounted.path + "/absent") } }
      #expect(mounted.fileSystem.count("lookup") == 1)
    }

    @Test func linksPointWhereTheyWereMadeTo() throws {
      let mounted = try Mounted(MemoryFileSystem())
      try check(symlink("../some/where", mounted.path + "/link"))
      #expect(try linkTarget(mounted.path + "/link") == "../some/where")
      #expect(try status(mounted.path + "/link").st_size == 13)
      try check(unlink(mounted.path + "/link"))
      #expect(throws: Errno.noEntry) { try linkTarget(mounted.path + "/link") }
    }

    @Test func aLinksTargetIsCached() throws {
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.entryTimeout = .forever
      behaviour.attributeTimeout = .forever
      let mounted = try Mounted(MemoryFileSystem(behaviour))
      try check(symlink("target", mounted.path + "/link"))
      for _ in 0..<10 { #expect(try linkTarget(mounted.path + "/link") == "target") }
      #expect(mounted.fileSystem.count("readlink") == 1)
    }

    @Test func hardLinksAndNodesReachTheFileSystem() throws {
      let mounted = try Mounted(MemoryFileSystem())
      mounted.fileSystem.addFile("file", [1, 2, 3])
      try check(link(mounted.path + "/file", mounted.path + "/other"))
      #expect(try status(mounted.path + "/other").st_ino == status(mounted.path + "/file").st_ino)
      #expect(try status(mounted.path + "/other").st_nlink == 2)
      try check(mknod(mounted.path + "/pipe", S_IFIFO | 0o600, 0))
      #expect(try status(mounted.path + "/pipe").st_mode == S_IFIFO | 0o600)
    }

    @Test func aFileIsCreatedOrRefused() throws {
      let mounted = try Mounted(MemoryFileSystem())
      let file = try OpenFile(mounted.path + "/new", O_RDWR | O_CREAT, 0o640)
      try file.write(Array("hello".utf8))
      #expect(try file.read(100, at: 0) == Array("hello".utf8))
      #expect(try status(mounted.path + "/new").st_mode == S_IFREG | 0o640)
      #expect(try status(mounted.path + "/new").st_mtim.tv_sec == 1_000_000_000)
      #expect(mounted.fileSystem.count("create") == 1)
      #expect(throws: Errno.notPermitted) { try OpenFile(mounted.path + "/refused", O_RDWR | O_CREAT) }
    }

    @Test func renamesFollowTheirFlags() throws {
      let mounted = try Mounted(MemoryFileSystem())
      mounted.fileSystem.addFile("a", [1])
      mounted.fileSystem.addFile("b", [2])
      try makeDirectory(mounted.path + "/d")
      let (a, b, c) = (mounted.path + "/a", mounted.path + "/b", mounted.path + "/d/c")
      #expect(throws: Errno.exists) { try check(renameat2(AT_FDCWD, a, AT_FDCWD, b, 1)) }
      try check(renameat2(AT_FDCWD, a, AT_FDCWD, b, 2))
      #expect(try contents(a) == [2])
      #expect(try contents(b) == [1])
      try check(rename(a, c))
      #expect(try contents(c) == [2])
      #expect(throws: Errno.noEntry) { try status(a) }
      try check(rename(c, b))
      #expect(try contents(b) == [2])
    }

    @Test func namesNeedNotBeText() throws {
      let mounted = try Mounted(MemoryFileSystem())
      let path =
        Array(mounted.path.utf8).map { CChar(bitPattern: $0) } + [0x2F, CChar(bitPattern: 0xFF), 0x61, 0]
      try check(mkdir(path, 0o755))
      var result = stat()
      try check(lstat(path, &result))
      #expect(try names(mounted.path) == [[0xFF, 0x61]])
      let long = String(repeating: "n", count: 255)
      try makeDirectory(mounted.path + "/" + long)
      #expect(try names(mounted.path).last == Array(long.utf8))
    }
  }
}
