import FUSEKit
import PhysicalMemory
import StateTree
import Synchronization

/// The tree as the kernel sees it: every request of FUSE becomes a call of ``Tree``.
///
/// **What the kernel keeps.** Names and attributes are given out for ever (``EntryMaking``), and taken back when the
/// tree says that they have changed: the tree's invalidations are gathered while a request runs
/// (``RequestInvalidations``) and sent before its answer, so that whoever sees the answer sees nothing older. That a
/// name does *not* exist is never kept, since names come into being in other directories than the one that was asked.
///
/// **Files that are gone.** Names also vanish in other directories; these are taken out of the kernel's cache only
/// after the answer, because the kernel may hold their directory's lock. Until then, a node that has gone is answered
/// with ENOENT if nothing has its name now, else with ESTALE, for which the kernel looks the whole path up again
/// (``SecondLooks``): a user sees ENOENT, or the new file of that name, never a ghost.
///
/// `@unchecked Sendable`: the connection is set once, before the first request.
final class VCMFileSystem: FileSystem, @unchecked Sendable {
  let tree: Tree
  private let link = KernelLink()
  /// The memory file as the kernel knows it, from the first opening that it can stand for; `.some(nil)` where the kernel
  /// refused it.
  private let registered = Mutex<BackingFile??>(nil)
  let polls = PollWaits()
  let secondLooks = SecondLooks()
  /// Where long reads are answered.
  let longWork: LongWork
  /// What is made of long texts before it is asked for.
  let textAhead: TextAhead
  private let wholeMemory: PhysicalMemory?

  /// A file system over a tree.
  ///
  /// - Parameters:
  ///   - tree: what is shown.
  ///   - wholeMemory: the memory, if its file can stand for `memory/physical` as it is: offsets are physical addresses.
  init(tree: Tree, wholeMemory: PhysicalMemory? = nil) {
    self.tree = tree
    self.wholeMemory = wholeMemory
    longWork = LongWork()
    textAhead = TextAhead(longWork)
    tree.setInvalidationHandler { [link, unowned tree] invalidations in link.handle(invalidations, of: tree) }
  }

  func initialize(_ connection: ConnectionInfo) {
    link.connection = connection
  }

  /// The connection, once there is one.
  var connection: ConnectionInfo? { link.connection }

  func destroy() {
    longWork.close()
    registered.withLock { $0 = .some(nil) }
  }

  func forget(_ inode: InodeNumber, count: UInt64) {
    tree.forget(NodeID(inode), count: count)
  }

  func statistics(of inode: InodeNumber, context: RequestContext, reply: consuming StatisticsReply) {
    let statistics = tree.statistics()
    var result = FileSystemStatistics()
    result.blockSize = statistics.blockSize
    result.blocks = statistics.total
    result.freeBlocks = statistics.free
    result.availableBlocks = statistics.free
    result.files = statistics.objects
    reply.succeed(result)
  }

  /// The memory file that stands for an open file, if one does.
  func backing(of file: OpenFile) -> BackingFile? {
    // A buffer that is all the memory there is can still be freed, or be put behind another reservation.
    guard let wholeMemory, file.isWholeMemory, let range = try? file.memoryFileRange(), range.offset == 0,
      range.length == wholeMemory.fileSize
    else { return nil }
    // Only root may register one, and only some kernels can; without it the file is read and written by requests.
    return registered.withLock { registered in
      if let known = registered { return known }
      let made = try? connection?.backingFile(fileDescriptor: wholeMemory.fileDescriptor)
      registered = .some(made)
      return made
    }
  }
}

/// The way to the kernel, which the tree holds on to: a weak reference to the file system would make each retain of that slow.
///
/// `@unchecked Sendable`: `connection` is set once, before the first request.
private final class KernelLink: @unchecked Sendable {
  @exclusivity(unchecked) var connection: ConnectionInfo?

  /// Takes what a change made untrue: into the running request's list or, where there is none, straight to the kernel.
  func handle(_ invalidations: [Invalidation], of tree: Tree) {
    guard let notifier = connection?.notifier else { return }
    for invalidation in RequestInvalidations.take(invalidations) {
      switch invalidation {
      case .changed(let node):
        notifier.invalidateAttributes(of: InodeNumber(node))
        notifier.invalidateContents(of: InodeNumber(node))
      case .overtakes(let node, let listing):
        notifier.invalidateAttributes(of: InodeNumber(node), afterReadersOf: InodeNumber(listing.directory)) {
          tree.hasArrived(listing)
        }
      case .removed(let parent, let name, _):
        notifier.removeEntry(FileName(name), in: InodeNumber(parent))
      }
    }
  }
}
