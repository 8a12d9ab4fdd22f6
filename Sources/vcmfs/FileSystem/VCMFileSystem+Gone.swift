import FUSEKit
import StateTree
import VCM

// What is answered about nodes that are gone, which the kernel still asks about by names that it has kept.
extension VCMFileSystem {
  /// The number for a failure of a request about a node itself: ENOENT can only mean that it is gone.
  func errno(_ error: VCMError, ofNode node: InodeNumber, _ context: RequestContext) -> Errno {
    let errno = Errno(error)
    return errno == .noEntry ? self.errno(ofGone: NodeID(node), context) : errno
  }

  /// The number for a failure of a request about a name in a directory: ENOENT may mean that the directory is gone.
  func errno(_ error: VCMError, in parent: InodeNumber, _ context: RequestContext) -> Errno {
    let errno = Errno(error)
    let parent = NodeID(parent)
    return errno == .noEntry && !tree.contains(parent) ? self.errno(ofGone: parent, context) : errno
  }

  /// The number for a request about a node that is gone.
  func errno(ofGone node: NodeID, _ context: RequestContext) -> Errno {
    secondLooks.errno(for: tree.departure(of: node), thread: context.processID, at: .now)
  }
}
