import FUSEKit
import Glibc
import StateTree
import VCM

/// What the request that runs on this thread has made untrue.
///
/// The tree reports a change on the thread that makes it, before the call that makes it returns; the request's answer must
/// wait until the kernel has forgotten the changed nodes.
enum RequestInvalidations {
  /// A name that the request itself takes away: the kernel forgets it by itself, when it is answered.
  struct OwnName {
    let parent: NodeID
    let name: String
    /// Whether the name's node goes with it, and is not only called something else.
    let isLast: Bool

    fileprivate func isName(_ name: String, in parent: NodeID) -> Bool {
      self.parent == parent && self.name == name
    }

    /// The node that had the name, if it is reported to have it no more.
    fileprivate func child(in invalidations: [Invalidation]) -> NodeID? {
      for case .removed(let parent, let name, let child) in invalidations where isName(name, in: parent) {
        return child
      }
      return nil
    }
  }

  private struct Running {
    var changed: [InodeNumber] = []
    let own: OwnName?
  }

  /// The thread's place for a pointer to what its running request has gathered.
  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  /// Runs `body`, and returns its outcome and the nodes that were noted on this thread meanwhile.
  static func gather<Result>(
    removing own: OwnName? = nil, _ body: () throws(VCMError) -> Result
  ) -> (outcome: Swift.Result<Result, VCMError>, changed: [InodeNumber]) {
    var running = Running(own: own)
    let outcome = withUnsafeMutablePointer(to: &running) { place in
      // The pointer is taken back before the place goes away. A request that waited may be tried again within another.
      let outer = pthread_getspecific(key)
      pthread_setspecific(key, place)
      defer { pthread_setspecific(key, outer) }
      return Swift.Result { () throws(VCMError) in try body() }
    }
    return (outcome, running.changed)
  }

  /// Takes what the request on this thread sees to, and returns the rest: names, and everything where no request runs.
  static func take(_ invalidations: [Invalidation]) -> [Invalidation] {
    guard let place = pthread_getspecific(key)?.assumingMemoryBound(to: Running.self) else {
      return invalidations
    }
    let own = place.pointee.own
    let gone = own.flatMap { own in own.isLast ? own.child(in: invalidations) : nil }
    var rest: [Invalidation] = []
    for invalidation in invalidations {
      switch invalidation {
      case .changed(let node):
        if node != gone { place.pointee.changed.append(InodeNumber(node)) }
      case .removed(let parent, let name, _):
        if own?.isName(name, in: parent) != true { rest.append(invalidation) }
      case .overtakes: rest.append(invalidation)
      }
    }
    return rest
  }
}
