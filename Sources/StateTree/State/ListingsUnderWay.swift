internal import VCM

/// The directories that were read with attributes, and may still be on their way to the kernel.
///
/// The kernel cannot be told of a change to a node that it learns of only by an answer which has not arrived yet; it then keeps
/// for ever what that answer says. Nobody tells when an answer has arrived, save that its reader holds the directory's lock
/// until then. So a change to what is in such a directory is told once more by who has had that lock for a moment
/// (``Invalidation/overtakes(_:_:)``), after which the directory is forgotten here (``Tree/hasArrived(_:)``).
struct ListingsUnderWay {
  private var serials: [NodeID: UInt64] = [:]
  private var last: UInt64 = 0

  /// Notes that entries of a directory are given out with attributes.
  mutating func note(_ directory: NodeID) {
    last += 1
    serials[directory] = last
  }

  /// Whether there are none.
  var isEmpty: Bool { serials.isEmpty }

  /// The last listing of a directory that may be under way.
  subscript(directory: NodeID) -> Listing? {
    serials[directory].map { Listing(directory: directory, serial: $0) }
  }

  /// Forgets a directory, unless it has been read again since.
  mutating func end(_ listing: Listing) {
    if serials[listing.directory] == listing.serial { serials[listing.directory] = nil }
  }
}

/// A reading of a directory with attributes.
public struct Listing: Sendable, Hashable {
  /// The directory.
  public let directory: NodeID
  let serial: UInt64
}

extension Tree {
  /// Notes that a listing, and all before it of the same directory, have arrived.
  public func hasArrived(_ listing: Listing) {
    _ = try? reading { state throws(VCMError) in state.listings.end(listing) }
  }
}

extension TreeState {
  /// The listing that may be on its way with an older state of a node.
  func listing(with node: NodeID) -> Listing? {
    guard !listings.isEmpty, let declared = Catalogue.shared.node(Family(of: node), node.place) else {
      return nil
    }
    if let parent = declared.parent { return listings[node.sibling(parent)] }
    // The name of an object that is gone is taken away, and with it goes what is kept of the node.
    guard let subject = try? subject(of: node) else { return nil }
    return listings[parent(of: node, subject, declared)]
  }
}
