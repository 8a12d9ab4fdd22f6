import FUSEKit
import Glibc
import Synchronization
import Testing

extension MountedSuites {
  @Suite struct SessionTests {
    @Test(arguments: [false, true]) func stoppingEndsTheSessionAndTheMount(isSingleThreaded: Bool) throws {
      let mounted = try Mounted(MemoryFileSystem()) { $0.isSingleThreaded = isSingleThreaded }
      try makeDirectory(mounted.path + "/seen")
      #expect(mounted.unmount() == .success(.stopped))
      #expect(mounted.fileSystem.state.withLock { $0.isDestroyed })
      #expect(try names(mounted.path).isEmpty)
    }

    @Test(.needsRoot) func unmountingEndsTheSession() throws {
      let mounted = try Mounted(MemoryFileSystem())
      try check(umount2(mounted.path, 0))
      #expect(mounted.waitForEnd() == .success(.unmounted))
      #expect(mounted.fileSystem.state.withLock { $0.isDestroyed })
    }

    @Test func anOpenFileDoesNotKeepAStoppedSession() throws {
      let mounted = try Mounted(MemoryFileSystem())
      mounted.fileSystem.addFile("file", [1])
      let file = try OpenFile(mounted.path + "/file")
      #expect(mounted.unmount() == .success(.stopped))
      #expect(throws: Errno.self) { try file.read(1, at: 0) }
      #expect(throws: Errno.noEntry) { try status(mounted.path + "/file") }
    }

    @Test func theMountIsShownAsItIs() throws {
      let mounted = try Mounted(MemoryFileSystem()) { options in
        options.name = "a, b\\c"
        options.mount.isReadOnly = true
        options.mount.ignoresAccessTimes = true
        options.mount.checksPermissions = true
      }
      let line = try #require(
        text("/proc/self/mounts").split(separator: "\n").first { $0.contains(" \(mounted.path) ") })
      #expect(line.hasPrefix("a,\\040b\\134c \(mounted.path) fuse.toy ro,nosuid,nodev,noatime"))
      #expect(line.contains("default_permissions") && !line.contains("allow_other"))
      #expect(throws: Errno.readOnly) { try makeDirectory(mounted.path + "/no") }
    }

    /// The way of those who may not call mount(2): through libfuse and fusermount3.
    @Test(
      .enabled(if: access("/bin/fusermount3", X_OK) == 0, "there is no fusermount3"),
      arguments: [false, true])
    func theLibraryMountsWhereWeMustNot(isUnmounted: Bool) throws {
      let mounted = try Mounted(MemoryFileSystem()) { $0.mount.unmountsAutomatically = true }
      mounted.fileSystem.addFile("file", [1, 2])
      #expect(try contents(mounted.path + "/file") == [1, 2])
      #expect(mounted.fileSystem.state.withLock { $0.connection?.directIOMemoryMapping } != nil)
      if isUnmounted {
        #expect(try Process(["fusermount3", "-u", mounted.path]).wait() == 0)
        #expect(mounted.waitForEnd() == .success(.unmounted))
      } else {
        #expect(mounted.unmount() == .success(.stopped))
      }
      #expect(throws: Errno.noEntry) { try status(mounted.path + "/file") }
    }

    @Test func twoSessionsLiveInOneProcess() throws {
      let first = try Mounted(MemoryFileSystem())
      let second = try Mounted(MemoryFileSystem())
      first.fileSystem.addFile("file", [1])
      second.fileSystem.addFile("file", [2])
      #expect(try contents(first.path + "/file") == [1])
      first.unmount()
      #expect(try contents(second.path + "/file") == [2])
    }

    @Test func aBadMountPointIsASentence() throws {
      let session = try Session(MemoryFileSystem(), options: SessionOptions(name: "toy"))
      let error = #expect(throws: SessionError.self) { try session.run(at: "/tmp/fusekit-none/at/all") }
      #expect(error?.code == .mountPoint && error?.errno == .noEntry)
      #expect(error?.description == "can't mount on /tmp/fusekit-none/at/all: No such file or directory")
      let again = #expect(throws: SessionError.self) { try session.run(at: "/tmp") }
      #expect(again?.description == "a session runs only once")
      let file = try Session(MemoryFileSystem(), options: SessionOptions(name: "toy"))
      let notDirectory = #expect(throws: SessionError.self) { try file.run(at: "/etc/passwd") }
      #expect(notDirectory?.errno == .notDirectory)
    }

    @Test func aFileSystemThatDoesNotAnswerIsNoSuccess() throws {
      final class Mute: FileSystem {}
      let error = #expect(throws: SessionError.self) { _ = try Mounted(Mute()) }
      #expect(error?.code == .notAnswering)
    }

    /// Every lookup that was counted is forgotten again: while it is mounted, when the kernel drops its
    /// caches.
    @Test(.needsRoot) func lookupsAndForgetsBalance() throws {
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.entryTimeout = .forever
      let mounted = try Mounted(MemoryFileSystem(behaviour)) { $0.directoryAttributes = .always }
      for number in 0..<500 { mounted.fileSystem.addFile("file-\(number)") }
      for name in try names(mounted.path) {
        _ = try status(mounted.path + "/" + String(decoding: name, as: UTF8.self))
      }
      try makeDirectory(mounted.path + "/made")
      try check(symlink("x", mounted.path + "/link"))
      _ = try OpenFile(mounted.path + "/created", O_CREAT | O_RDWR)
      _ = try? status(mounted.path + "/absent")
      #expect(mounted.fileSystem.state.withLock { $0.counter.inodeCount } == 503)
      let balanced = eventually(seconds: 5) {
        _ = try? OpenFile("/proc/sys/vm/drop_caches", O_WRONLY).write([UInt8(ascii: "2")])
        return mounted.fileSystem.state.withLock { $0.counter.inodeCount } == 0
      }
      #expect(balanced)
      #expect(try status(mounted.path + "/file-7").st_ino > 0)
    }
  }
}
