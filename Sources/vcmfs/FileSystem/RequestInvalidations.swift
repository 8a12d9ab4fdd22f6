import FUSEKit
import Glibc
import StateTree
import VCM

/// The nodes that the request which runs on this thread has changed.
///
/// The tree reports a change on the thread that makes it, before the call that makes it returns; the request's answer must
/// wait until the kernel has forgotten these nodes.
enum RequestInvalidations {
  /// The thread's place for a pointer to the list of its running request.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  /// Runs `body`, and returns its outcome and the nodes that were noted on this thread meanwhile.
  static func gather<Result>(
    _ body: () throws(VCMError) -> Result
  ) -> (outcome: Swift.Result<Result, VCMError>, changed: [InodeNumber]) {
    var changed: [InodeNumber] = []
    let outcome = withUnsafeMutablePointer(to: &changed) { list in
      // The pointer is taken back before the list goes away. A request that waited may be tried again within another.
      let outer = pthread_getspecific(key)
      pthread_setspecific(key, list)
      defer { pthread_setspecific(key, outer) }
      return Swift.Result { () throws(VCMError) in try body() }
    }
    return (outcome, changed)
  }

  /// Notes a node for the request that runs on this thread; false if none does.
  static func note(_ node: NodeID) -> Bool {
    guard let list = pthread_getspecific(key) else { return false }
    list.assumingMemoryBound(to: [InodeNumber].self).pointee.append(InodeNumber(node))
    return true
  }
}
