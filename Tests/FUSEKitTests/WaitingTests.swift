import FUSEKit
import Glibc
import Synchronization
import Testing

extension MountedSuites {
  @Suite struct WaitingTests {
    private func waitingFileSystem() -> MemoryFileSystem {
      var behaviour = MemoryFileSystem.Behaviour()
      behaviour.readsWait = true
      behaviour.openOptions = [.directIO, .stream]
      return MemoryFileSystem(behaviour)
    }

    @Test func aReadIsAnsweredLaterFromAnotherThread() throws {
      let mounted = try Mounted(waitingFileSystem())
      mounted.fileSystem.addFile("stream")
      let path = mounted.path + "/stream"
      let result = Mutex<[UInt8]>([])
      // More readers than there are threads to serve: none of them is held.
      let readers = (0..<8).map { _ in
        BackgroundThread {
          let bytes = (try? OpenFile(path).read(100)) ?? []
          result.withLock { $0 += bytes }
        }
      }
      #expect(eventually { mounted.fileSystem.state.withLock { $0.waiters.count } == 8 })
      #expect(try status(path).st_size == 0)
      let waiters = mounted.fileSystem.state.withLock { $0.waiters }
      for waiter in waiters { waiter.take()?.succeed(Array("x".utf8)) }
      for reader in readers { reader.join() }
      #expect(result.withLock { $0 } == Array(repeating: UInt8(ascii: "x"), count: 8))
      #expect(waiters.allSatisfy { $0.take() == nil })
    }

    @Test func aReaderWhoDoesNotWaitIsToldSo() throws {
      let mounted = try Mounted(waitingFileSystem())
      mounted.fileSystem.addFile("stream")
      let file = try OpenFile(mounted.path + "/stream", O_RDONLY | O_NONBLOCK)
      #expect(throws: Errno.wouldBlock) { try file.read(1) }
    }

    @Test(arguments: [SIGTERM, SIGKILL]) func aWaitingReaderCanBeKilled(signal: Int32) throws {
      let mounted = try Mounted(waitingFileSystem())
      mounted.fileSystem.addFile("stream")
      let reader = try Process(["cat", mounted.path + "/stream"])
      #expect(eventually { mounted.fileSystem.state.withLock { !$0.waiters.isEmpty } })
      kill(reader.identifier, signal)
      #expect(reader.wait() == 128 + signal)
      #expect(eventually { mounted.fileSystem.state.withLock { $0.interruptedCount } == 1 })
      #expect(mounted.fileSystem.state.withLock { $0.waiters.first?.isWaiting } == false)
    }

    @Test func anUnansweredReplyIsAnError() throws {
      final class Forgetful: FileSystem {
        func attributes(
          of inode: InodeNumber, handle: FileHandle?, context: RequestContext,
          reply: consuming AttributesReply
        ) {
          reply.succeed(FileAttributes(inode: inode, mode: FileMode(.directory, 0o755)))
        }
        func lookup(
          _ name: FileName, in parent: InodeNumber, context: RequestContext, reply: consuming EntryReply
        ) {}
        func makeDirectory(
          _ name: FileName, in parent: InodeNumber, permissions: UInt16, context: RequestContext,
          reply: consuming EntryReply
        ) {}
      }
      let mounted = try Mounted(Forgetful())
      #expect(throws: Errno.inputOutput) { try status(mounted.path + "/name") }
    }

    @Test func repliesMayOutliveTheSession() throws {
      var mounted: Mounted<MemoryFileSystem>? = try Mounted(waitingFileSystem())
      let fileSystem = try #require(mounted?.fileSystem)
      let path = try #require(mounted?.path)
      fileSystem.addFile("stream")
      let reader = BackgroundThread { _ = try? OpenFile(path + "/stream").read(1) }
      #expect(eventually { fileSystem.state.withLock { !$0.waiters.isEmpty } })
      let kept = fileSystem.state.withLock { $0.waiters }
      mounted?.unmount()
      reader.join()
      mounted = nil
      #expect(fileSystem.state.withLock { $0.isDestroyed })
      kept.first?.take()?.succeed([1])
    }

    @Test func pollersAreWoken() throws {
      let mounted = try Mounted(MemoryFileSystem())
      mounted.fileSystem.addFile("file")
      let file = try OpenFile(mounted.path + "/file")
      let descriptor = file.descriptor
      let found = Mutex<Int16>(0)
      let waiter = BackgroundThread {
        var poller = pollfd(fd: descriptor, events: Int16(POLLPRI), revents: 0)
        if poll(&poller, 1, 10_000) == 1 { found.withLock { $0 = poller.revents } }
      }
      #expect(eventually { mounted.fileSystem.state.withLock { !$0.pollers.isEmpty } })
      #expect(found.withLock { $0 } == 0)
      let pollers = mounted.fileSystem.state.withLock { state in
        state.isReady = true
        return state.pollers
      }
      for poller in pollers { poller.wake() }
      waiter.join()
      #expect(found.withLock { $0 } == Int16(POLLPRI | POLLERR))
      mounted.unmount()
      for poller in pollers { poller.wake() }
    }
  }
}
