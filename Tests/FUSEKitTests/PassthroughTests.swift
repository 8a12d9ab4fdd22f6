import FUSEKit
import Glibc
import Synchronization
import Testing

extension MountedSuites {
  @Suite(.needsRoot) struct PassthroughTests {
    /// Neither is there a passthrough everywhere, nor may its lack do harm.
    @Test func abackedFileIsTheBackingFile() throws {
      let memory = memoryFile()
      #expect(memory >= 0)
      defer { close(memory) }
      try check(ftruncate(memory, 8192))
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.backingDescriptor = memory
      let mounted = try Mounted(MemoryFileSystem(behaviour)) { $0.wantsPassthrough = true }
      guard mounted.fileSystem.state.withLock({ $0.connection?.passthrough }) == true else { return }
      mounted.fileSystem.addFile("file", Array(repeating: 0, count: 8192))
      let path = mounted.path + "/file"
      let file = try OpenFile(path, O_RDWR)
      try file.write(Array("through".utf8), at: 10)
      var seen = [UInt8](repeating: 0, count: 7)
      pread(memory, &seen, 7, 10)
      #expect(seen == Array("through".utf8))
      // The mapping is the memory: what either side stores, the other one sees.
      let client = try Process.client("watch", path)
      #expect(eventually { (try? file.read(1, at: 5000)) == [UInt8(ascii: "!")] })
      pwrite(memory, [UInt8(ascii: "T")], 1, 10)
      #expect(client.wait() == 0)
      #expect(mounted.fileSystem.count("read") == 0)
      #expect(mounted.fileSystem.count("write") == 0)
    }

    @Test func aBackingIsRefusedWhereNoneWasAskedFor() throws {
      let mounted = try Mounted(MemoryFileSystem())
      let connection = mounted.fileSystem.state.withLock { $0.connection }
      #expect(connection?.passthrough == false)
      #expect(throws: Errno.notSupported) { try connection?.backingFile(fileDescriptor: 0) }
    }

    @Test func aBadBackingIsRefused() throws {
      let mounted = try Mounted(MemoryFileSystem()) { $0.wantsPassthrough = true }
      let connection = try #require(mounted.fileSystem.state.withLock { $0.connection })
      guard connection.passthrough else { return }
      #expect(throws: Errno.badHandle) { try connection.backingFile(fileDescriptor: 9999) }
    }
  }
}
