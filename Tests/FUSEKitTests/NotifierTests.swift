import FUSEKit
import Glibc
import Synchronization
import Testing

extension MountedSuites {
  @Suite struct NotifierTests {
    private var caching: MemoryFileSystem.Behaviour {
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.entryTimeout = .forever
      behaviour.attributeTimeout = .forever
      behaviour.openOptions = .keepCache
      return behaviour
    }

    @Test func attributesAreSeenAfterTheirInvalidation() throws {
      let mounted = try Mounted(MemoryFileSystem(caching))
      let inode = mounted.fileSystem.addFile("file", [1])
      #expect(try status(mounted.path + "/file").st_size == 1)
      mounted.fileSystem.state.withLock { $0.nodes[inode]?.resize(5) }
      #expect(try status(mounted.path + "/file").st_size == 1)
      mounted.session.notifier.invalidateAttributes(of: inode)
      #expect(try status(mounted.path + "/file").st_size == 5)
    }

    @Test func contentsAreSeenAfterTheirInvalidation() throws {
      let mounted = try Mounted(MemoryFileSystem(caching))
      let inode = mounted.fileSystem.addFile("file", Array("old".utf8))
      #expect(try text(mounted.path + "/file") == "old")
      mounted.fileSystem.state.withLock { $0.nodes[inode]?.bytes = Array("new".utf8) }
      #expect(try text(mounted.path + "/file") == "old")
      #expect(mounted.fileSystem.count("read") == 1)
      mounted.session.notifier.invalidateContents(of: inode, offset: 0, length: 3)
      mounted.session.notifier.waitUntilSent()
      #expect(try text(mounted.path + "/file") == "new")
    }

    @Test func namesAreSeenAfterTheirInvalidation() throws {
      let mounted = try Mounted(MemoryFileSystem(caching))
      let notifier = mounted.session.notifier
      #expect(throws: Errno.noEntry) { try status(mounted.path + "/late") }
      let inode = mounted.fileSystem.addFile("late")
      #expect(throws: Errno.noEntry) { try status(mounted.path + "/late") }
      notifier.removeEntry(FileName("late"), in: .root)
      notifier.waitUntilSent()
      #expect(try status(mounted.path + "/late").st_ino == inode.rawValue)
      mounted.fileSystem.state.withLock { $0.remove(FileName("late"), from: .root) }
      notifier.expireEntry(FileName("late"), in: .root)
      notifier.waitUntilSent()
      #expect(throws: Errno.noEntry) { try status(mounted.path + "/late") }
    }

    @Test func aDeletedNameGoesAtOnce() throws {
      let mounted = try Mounted(MemoryFileSystem(caching))
      let inode = mounted.fileSystem.addFile("gone")
      _ = try status(mounted.path + "/gone")
      mounted.fileSystem.state.withLock { $0.remove(FileName("gone"), from: .root) }
      mounted.session.notifier.deleteEntry(FileName("gone"), in: .root, inode: inode)
      mounted.session.notifier.waitUntilSent()
      #expect(throws: Errno.noEntry) { try status(mounted.path + "/gone") }
    }

    /// Both files show how often each was written.
    ///
    /// Were the contents invalidated by the loop's threads alone, two writers and two readers would leave
    /// nobody to serve the reads that hold the pages.
    @Test(arguments: [false, true]) func nothingStaleIsReadAfterAWriteReturned(isSingleThreaded: Bool) throws
    {
      let counts = Mutex<[UInt64: Int]>([:])
      var behaviour = caching
      behaviour.writingOptions = .directIO
      behaviour.content = { _ in
        let values = counts.withLock { counts in [2, 3].map { String(1000 + (counts[$0] ?? 0)) } }
        return Array(values.joined(separator: " ").utf8)
      }
      behaviour.onWrite = { inode, _ in counts.withLock { $0[inode.rawValue, default: 0] += 1 } }
      behaviour.dependents = [InodeNumber(rawValue: 2), InodeNumber(rawValue: 3)]
      let mounted = try Mounted(MemoryFileSystem(behaviour)) { options in
        options.isSingleThreaded = isSingleThreaded
        options.threadCount = 2
      }
      let paths = ["first", "second"].map { mounted.path + "/" + $0 }
      for name in ["first", "second"] { mounted.fileSystem.addFile(name, Array(repeating: 0, count: 9)) }
      let stale = Atomic<Int>(0)
      let isOver = Flag()
      let readers = paths.map { path in
        BackgroundThread { while !isOver.isSet { _ = try? contents(path) } }
      }
      let writers = (0..<2).map { own in
        BackgroundThread {
          for round in 1...300 {
            let isWritten = (try? OpenFile(paths[own], O_WRONLY).write([1], at: 0)) == 1
            let shown = paths.map { path in
              let words = ((try? text(path)) ?? "").split(separator: " ")
              return words.count == 2 ? Int(words[own]) : nil
            }
            if !isWritten || shown != [1000 + round, 1000 + round] { stale.add(1, ordering: .relaxed) }
          }
        }
      }
      for writer in writers { writer.join() }
      isOver.set()
      for reader in readers { reader.join() }
      #expect(stale.load(ordering: .relaxed) == 0)
      #expect(mounted.fileSystem.count("read") > 0)
    }

    @Test func notifyingADeadSessionDoesNothing() throws {
      let mounted = try Mounted(MemoryFileSystem())
      mounted.unmount()
      let notifier = mounted.session.notifier
      notifier.invalidateAttributes(of: .root)
      notifier.invalidateContents(of: .root)
      notifier.removeEntry(FileName("x"), in: .root)
      notifier.waitUntilSent()
    }
  }
}
