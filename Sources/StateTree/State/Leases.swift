/// Which nodes the kernel may have kept something of.
///
/// A lease is noted when an answer is given out, and ends when the node is invalidated. What nobody asked for costs
/// nothing when it changes.
struct Leases {
  /// One bit a place, by object.
  private var byObject: [UInt64: UInt64] = [:]
  /// Links that name an object that is not their own.
  private var byNamedObject: [UInt64: Set<NodeID>] = [:]

  /// Notes that something of the node was given out.
  mutating func note(_ node: NodeID) {
    byObject[node.objectKey, default: 0] |= 1 << UInt64(node.place & 63)
  }

  /// Notes that the node's answer names this object.
  mutating func note(_ node: NodeID, naming object: UInt64) {
    byNamedObject[object, default: []].insert(node)
  }

  /// Ends the leases of some places of an object, and says which of these were given out.
  mutating func end(_ object: UInt64, places: UInt64) -> UInt64 {
    guard !byObject.isEmpty, let held = byObject[object] else { return 0 }
    let ended = held & places
    if held == ended {
      byObject[object] = nil
    } else if ended != 0 {
      byObject[object] = held & ~ended
    }
    return ended
  }

  /// Ends the leases of the links that name an object, and says which they are.
  mutating func endNaming(_ object: UInt64) -> Set<NodeID> {
    byNamedObject.isEmpty ? [] : byNamedObject.removeValue(forKey: object) ?? []
  }

  /// Whether something of the node is given out.
  func holds(_ node: NodeID) -> Bool {
    (byObject[node.objectKey] ?? 0) >> UInt64(node.place & 63) & 1 == 1
  }

  /// The objects with leases, for tests.
  var count: Int { byObject.count + byNamedObject.count }
}
