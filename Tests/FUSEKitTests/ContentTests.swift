import FUSEKit
import Glibc
import Synchronization
import TestSupport
import Testing

extension MountedSuites {
  @Suite struct ContentTests {
    @Test(arguments: [OpenOptions.directIO, [], .keepCache]) func randomReadsAndWritesMatchAnArray(
      options: OpenOptions
    ) throws {
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.openOptions = options
      let mounted = try Mounted(MemoryFileSystem(behaviour))
      mounted.fileSystem.addFile("file")
      let file = try OpenFile(mounted.path + "/file", O_RDWR)
      var twin: [UInt8] = []
      let seed: UInt64 = 0xF05E
      var random = SeededRandom(seed: seed)
      for step in 0..<200 {
        let offset = Int.random(in: 0..<50_000, using: &random)
        let count = Int.random(in: 1..<20_000, using: &random)
        if Bool.random(using: &random) {
          let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
          #expect(try file.write(bytes, at: offset) == count)
          if twin.count < offset + count { twin += Array(repeating: 0, count: offset + count - twin.count) }
          twin.replaceSubrange(offset..<(offset + count), with: bytes)
        } else {
          let expected = Array(twin.dropFirst(offset).prefix(count))
          #expect(try file.read(count, at: offset) == expected, "seed \(seed), step \(step)")
        }
      }
      #expect(try contents(mounted.path + "/file") == twin)
      #expect(mounted.fileSystem.count("read with a wrong handle") == 0)
    }

    @Test func appendingWritesAtTheEnd() throws {
      let mounted = try Mounted(MemoryFileSystem())
      mounted.fileSystem.addFile("file", Array("one\n".utf8))
      let file = try OpenFile(mounted.path + "/file", O_WRONLY | O_APPEND)
      try file.write(Array("two\n".utf8))
      #expect(try text(mounted.path + "/file") == "one\ntwo\n")
      #expect(mounted.fileSystem.state.withLock { $0.openFlags.contains(.append) || $0.openFlags.readable })
    }

    @Test func aMegabyteIsOneRequest() throws {
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.openOptions = .directIO
      let mounted = try Mounted(MemoryFileSystem(behaviour))
      // On a page boundary: the kernel's limit is a number of pages.
      let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 << 20, alignment: 4096)
      defer { memory.deallocate() }
      for index in 0..<(1 << 20) { memory[index] = UInt8(truncatingIfNeeded: index &* 31) }
      let written = UnsafeRawBufferPointer(rebasing: memory[..<(1 << 20)])
      let found = UnsafeMutableRawBufferPointer(rebasing: memory[(1 << 20)...])
      mounted.fileSystem.addFile("file")
      let file = try OpenFile(mounted.path + "/file", O_RDWR)
      #expect(pwrite(file.descriptor, written.baseAddress, 1 << 20, 0) == 1 << 20)
      #expect(pread(file.descriptor, found.baseAddress, 1 << 20, 0) == 1 << 20)
      #expect(written.elementsEqual(found))
      #expect(mounted.fileSystem.count("write") == 1)
      #expect(mounted.fileSystem.count("read") == 1)
    }

    @Test func theErrorOfAWriteIsTheWritersOwn() throws {
      let mounted = try Mounted(MemoryFileSystem())
      mounted.fileSystem.addFile("file")
      let file = try OpenFile(mounted.path + "/file", O_RDWR)
      #expect(throws: Errno.fileTooLarge) { try file.write([1], at: 1 << 40) }
    }

    @Test func synchronisingIsServedAndFlushingIsAskedOnce() throws {
      let mounted = try Mounted(MemoryFileSystem())
      mounted.fileSystem.addFile("file")
      for _ in 0..<3 {
        let file = try OpenFile(mounted.path + "/file", O_RDWR)
        try check(fsync(file.descriptor))
        try check(fdatasync(file.descriptor))
      }
      #expect(mounted.fileSystem.count("fsync") == 3)
      #expect(mounted.fileSystem.count("fdatasync") == 3)
      #expect(mounted.fileSystem.count("flush") == 1)
      #expect(eventually { mounted.fileSystem.count("release") == 3 })
    }

    @Test func rangesAreCopiedAndHolesAreFound() throws {
      let mounted = try Mounted(MemoryFileSystem())
      mounted.fileSystem.addFile("from", Array(repeating: 0, count: 5000) + Array(repeating: 5, count: 3000))
      mounted.fileSystem.addFile("to")
      let from = try OpenFile(mounted.path + "/from")
      let to = try OpenFile(mounted.path + "/to", O_RDWR)
      #expect(lseek(from.descriptor, 0, 3) == 5000)
      #expect(lseek(from.descriptor, 5000, 4) == 8000)
      #expect(throws: Errno.noSuchAddress) { try check(Int32(lseek(from.descriptor, 9000, 3))) }
      try check(posix_fallocate(to.descriptor, 0, 100) == 0 ? 0 : -1)
      #expect(try status(mounted.path + "/to").st_size == 100)
      #expect(copyFileRange(from.descriptor, 4999, to.descriptor, 1, 3) == 3)
      #expect(try to.read(5, at: 0) == [0, 0, 5, 5, 0])
      #expect(mounted.fileSystem.count("copy_file_range") == 1)
    }

    @Test func sharedMappingsOfDirectFilesReachTheFile() throws {
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.openOptions = .directIO
      let mounted = try Mounted(MemoryFileSystem(behaviour))
      let inode = mounted.fileSystem.addFile("file", Array("hello".utf8) + Array(repeating: 0, count: 4091))
      guard mounted.fileSystem.state.withLock({ $0.connection?.directIOMemoryMapping }) == true else {
        return
      }
      let client = try Process.client("map", mounted.path + "/file")
      #expect(client.wait() == 0)
      let bytes = mounted.fileSystem.state.withLock { $0.nodes[inode]?.bytes ?? [] }
      #expect(bytes.starts(with: "Jello".utf8))
    }

    @Test func withoutTheAgreementDirectFilesCannotBeMapped() throws {
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.openOptions = .directIO
      let mounted = try Mounted(MemoryFileSystem(behaviour)) { $0.wantsDirectIOMemoryMapping = false }
      mounted.fileSystem.addFile("file", Array(repeating: 0, count: 4096))
      let file = try OpenFile(mounted.path + "/file", O_RDWR)
      #expect(mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file.descriptor, 0) == MAP_FAILED)
      #expect(errno == ENODEV)
    }
  }
}
