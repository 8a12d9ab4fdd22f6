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
      let file = try OpenFile(mounted.path + "/file", O_RDWR)
      try file.write(Array("through".utf8), at: 10)
      var seen = [UInt8](repeating: 0, count: 7)
      pread(memory, &seen, 7, 10)
      #expect(seen == Array("through".utf8))
      let mapped = mmap(nil, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor, 0)
      let address = try #require(mapped != MAP_FAILED ? mapped : nil)
      defer { munmap(address, 8192) }
      #expect(address.load(fromByteOffset: 10, as: UInt8.self) == UInt8(ascii: "t"))
      pwrite(memory, [UInt8(ascii: "T")], 1, 10)
      #expect(address.load(fromByteOffset: 10, as: UInt8.self) == UInt8(ascii: "T"))
      address.storeBytes(of: UInt8(ascii: "!"), toByteOffset: 5000, as: UInt8.self)
      #expect(try file.read(1, at: 5000) == [UInt8(ascii: "!")])
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
