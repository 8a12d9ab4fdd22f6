import FUSEKit
import Glibc
import Testing

extension MountedSuites {
  @Suite struct DirectoryTests {
    @Test(arguments: [SessionOptions.DirectoryAttributes.never, .automatic, .always])
    func tenThousandNamesAreListedOnceEach(attributes: SessionOptions.DirectoryAttributes) throws {
      let mounted = try Mounted(MemoryFileSystem()) { $0.directoryAttributes = attributes }
      let expected = (0..<10_000).map { "file-\($0)" }
      for name in expected { mounted.fileSystem.addFile(name) }
      #expect(try names(mounted.path).map { String(decoding: $0, as: UTF8.self) } == expected)
      #expect(mounted.fileSystem.count("readdirplus") > 0 || attributes == .never)
      #expect(mounted.fileSystem.count("readdir") > 0 || attributes == .always)
    }

    @Test func aListingWithAttributesNeedsNoLookups() throws {
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.entryTimeout = .forever
      behaviour.attributeTimeout = .forever
      let mounted = try Mounted(MemoryFileSystem(behaviour)) { $0.directoryAttributes = .always }
      for number in 0..<1000 {
        mounted.fileSystem.addFile("file-\(number)", [UInt8](repeating: 1, count: number))
      }
      for name in try names(mounted.path) {
        let text = String(decoding: name, as: UTF8.self)
        #expect(try status(mounted.path + "/" + text).st_size == Int(text.dropFirst(5)) ?? -1)
      }
      #expect(mounted.fileSystem.count("lookup") == 0)
      #expect(mounted.fileSystem.count("getattr") <= 2)
    }

    @Test func aCachedListingIsReadOnce() throws {
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.directoryOptions = [.cacheDirectory, .keepCache]
      behaviour.attributeTimeout = .forever
      let mounted = try Mounted(MemoryFileSystem(behaviour)) { $0.directoryAttributes = .never }
      for number in 0..<100 { mounted.fileSystem.addFile("file-\(number)") }
      for _ in 0..<5 { #expect(try names(mounted.path).count == 100) }
      #expect(mounted.fileSystem.count("readdir") <= 3)
      mounted.fileSystem.addFile("late")
      mounted.session.notifier.invalidateContents(of: .root)
      mounted.session.notifier.waitUntilSent()
      #expect(try names(mounted.path).count == 101)
    }

    @Test func namesRemovedMeanwhileDisturbNoOthers() throws {
      let mounted = try Mounted(MemoryFileSystem())
      for number in 0..<2000 { mounted.fileSystem.addFile("file-\(number)") }
      let directory = try #require(opendir(mounted.path))
      defer { closedir(directory) }
      var seen: [String] = []
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        seen.append(name)
        try check(unlink(mounted.path + "/" + name))
      }
      #expect(seen == (0..<2000).map { "file-\($0)" })
      #expect(try names(mounted.path).isEmpty)
    }

    @Test func directoriesAreSynchronisedAndReleased() throws {
      let mounted = try Mounted(MemoryFileSystem())
      do {
        let directory = try OpenFile(mounted.path, O_RDONLY | O_DIRECTORY)
        try check(fsync(directory.descriptor))
        #expect(lseek(directory.descriptor, 0x7FFF_FFFF_FFFF_FFF0, SEEK_SET) >= 0)
      }
      #expect(mounted.fileSystem.count("fsyncdir") == 1)
      #expect(eventually { mounted.fileSystem.count("releasedir") == 1 })
    }
  }
}
