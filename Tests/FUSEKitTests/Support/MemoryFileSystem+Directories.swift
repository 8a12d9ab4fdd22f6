import FUSEKit
import Synchronization

extension MemoryFileSystem {
  func openDirectory(_ request: OpenRequest, context: RequestContext, reply: consuming OpenReply) {
    note("opendir", context)
    reply.succeed(handle: FileHandle(rawValue: 99), options: behaviour.directoryOptions)
  }

  func readDirectory(
    _ request: ReadDirectoryRequest, context: RequestContext, reply: consuming DirectoryReply
  ) {
    note(reply.includesAttributes ? "readdirplus" : "readdir", context)
    var reply = reply
    state.withLock { state in
      let entries = state.nodes[request.inode]?.entries ?? []
      var low = 0
      var high = entries.count
      while low < high {
        let middle = (low + high) / 2
        if entries[middle].cookie > request.offset { high = middle } else { low = middle + 1 }
      }
      for item in entries[low...] {
        guard let child = entry(item.inode, state) else { continue }
        let added = item.name.bytes.withUnsafeBytes { reply.add($0, child, next: item.cookie) }
        guard added else { break }
        if reply.includesAttributes { state.counter.increment(item.inode) }
      }
    }
    reply.send()
  }

  func releaseDirectory(_ inode: InodeNumber, handle: FileHandle) {
    note(handle.rawValue == 99 ? "releasedir" : "releasedir with a wrong handle")
  }

  func synchronizeDirectory(
    _ inode: InodeNumber, handle: FileHandle, dataOnly: Bool, context: RequestContext,
    reply: consuming StatusReply
  ) {
    note("fsyncdir", context)
    reply.succeed()
  }
}
