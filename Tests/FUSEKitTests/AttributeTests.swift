import FUSEKit
import Glibc
import Synchronization
import Testing

extension MountedSuites {
  @Suite struct AttributeTests {
    @Test func eachFieldIsSetAlone() throws {
      let mounted = try Mounted(MemoryFileSystem())
      mounted.fileSystem.addFile("file", [1, 2, 3])
      let path = mounted.path + "/file"
      try check(chmod(path, 0o600))
      #expect(try status(path).st_mode == S_IFREG | 0o600)
      #expect(try status(path).st_size == 3)
      try check(truncate(path, 100))
      #expect(try status(path).st_size == 100)
      #expect(try status(path).st_blocks == 1)
      var times = [timespec(tv_sec: 12, tv_nsec: 34), timespec(tv_sec: 56, tv_nsec: 78)]
      try check(utimensat(AT_FDCWD, path, &times, 0))
      let result = try status(path)
      #expect(result.st_atim.tv_sec == 12 && result.st_atim.tv_nsec == 34)
      #expect(result.st_mtim.tv_sec == 56 && result.st_mtim.tv_nsec == 78)
      #expect(mounted.fileSystem.count("truncate") == 1)
    }

    @Test(.needsRoot) func ownersAreSet() throws {
      let mounted = try Mounted(MemoryFileSystem())
      mounted.fileSystem.addFile("file")
      try check(chown(mounted.path + "/file", 12, 34))
      let result = try status(mounted.path + "/file")
      #expect(result.st_uid == 12 && result.st_gid == 34)
    }

    @Test func anOpenFileIsCutByItsDescriptor() throws {
      let mounted = try Mounted(MemoryFileSystem())
      mounted.fileSystem.addFile("file", [1, 2, 3])
      let file = try OpenFile(mounted.path + "/file", O_RDWR)
      try check(ftruncate(file.descriptor, 1))
      #expect(try contents(mounted.path + "/file") == [1])
    }

    @Test(arguments: [true, false]) func truncationAtOpenComesBothWays(isAtomic: Bool) throws {
      let mounted = try Mounted(MemoryFileSystem()) { $0.atomicTruncation = isAtomic }
      mounted.fileSystem.addFile("file", [1, 2, 3])
      let file = try OpenFile(mounted.path + "/file", O_WRONLY | O_TRUNC)
      #expect(try status(mounted.path + "/file").st_size == 0)
      try file.write([9])
      #expect(try contents(mounted.path + "/file") == [9])
      #expect(mounted.fileSystem.count("truncate") == (isAtomic ? 0 : 1))
      #expect(mounted.fileSystem.state.withLock { $0.connection?.atomicTruncation } == isAtomic)
    }

    @Test func aKnownFileIsShownWithoutAsking() throws {
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.entryTimeout = .forever
      behaviour.attributeTimeout = .forever
      let mounted = try Mounted(MemoryFileSystem(behaviour))
      mounted.fileSystem.addFile("file")
      _ = try status(mounted.path + "/file")
      let before = mounted.session.requestCount
      for _ in 0..<100 { _ = try status(mounted.path + "/file") }
      #expect(mounted.session.requestCount == before)
    }

    @Test func theStatisticsAreShown() throws {
      let mounted = try Mounted(MemoryFileSystem())
      var result = statvfs()
      try check(statvfs(mounted.path, &result))
      #expect(result.f_blocks == 1000 && result.f_bfree == 600 && result.f_bavail == 500)
      #expect(result.f_files == 77 && result.f_ffree == 7)
      #expect(result.f_namemax == 255 && result.f_bsize == 4096)
    }

    @Test func extendedAttributesAreKept() throws {
      let mounted = try Mounted(MemoryFileSystem())
      mounted.fileSystem.addFile("file")
      let path = mounted.path + "/file"
      var buffer = [UInt8](repeating: 0, count: 64)
      #expect(throws: Errno.noData) { try check(Int32(getxattr(path, "user.a", &buffer, 64))) }
      #expect(throws: Errno.noData) { try check(setxattr(path, "user.a", [7, 8] as [UInt8], 2, 2)) }
      try check(setxattr(path, "user.a", [7, 8] as [UInt8], 2, 1))
      try check(setxattr(path, "user.b", [] as [UInt8], 0, 0))
      #expect(throws: Errno.exists) { try check(setxattr(path, "user.a", [7] as [UInt8], 1, 1)) }
      #expect(getxattr(path, "user.a", nil, 0) == 2)
      #expect(getxattr(path, "user.a", &buffer, 64) == 2 && buffer[0] == 7 && buffer[1] == 8)
      #expect(throws: Errno.outOfRange) { try check(Int32(getxattr(path, "user.a", &buffer, 1))) }
      var list = [CChar](repeating: 0, count: 64)
      #expect(listxattr(path, &list, 64) == 14)
      #expect(list.prefix(14).map { UInt8(bitPattern: $0) } == Array("user.a\0user.b\0".utf8))
      try check(removexattr(path, "user.a"))
      #expect(throws: Errno.noData) { try check(removexattr(path, "user.a")) }
    }

    @Test func whereThereAreNoExtendedAttributesTheKernelAsksOnce() throws {
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.servesExtendedAttributes = false
      let mounted = try Mounted(MemoryFileSystem(behaviour))
      mounted.fileSystem.addFile("file")
      let path = mounted.path + "/file"
      for _ in 0..<5 {
        #expect(throws: Errno.notSupported) { try check(Int32(getxattr(path, "user.a", nil, 0))) }
        #expect(throws: Errno.notSupported) { try check(setxattr(path, "user.a", [1] as [UInt8], 1, 0)) }
        #expect(throws: Errno.notSupported) { try check(Int32(listxattr(path, nil, 0))) }
      }
      #expect(mounted.fileSystem.count("getxattr") == 1)
      #expect(mounted.fileSystem.count("setxattr") == 1)
      #expect(mounted.fileSystem.count("listxattr") == 1)
    }
  }
}
