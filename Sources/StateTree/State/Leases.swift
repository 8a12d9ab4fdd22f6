/// Which nodes the kernel may have kept something of.
///
/// A lease is noted when an answer is given out, and ends when the node is invalidated. What nobody asked for costs
/// nothing when it changes.
struct Leases {
  /// One bit a place, by object.
  private var byObject = ObjectMap<UInt64>(absent: 0)
  /// Links that name an object that is not their own.
  private var byNamedObject: [UInt64: Set<NodeID>] = [:]

  /// Notes that something of the node was given out.
  mutating func note(_ node: NodeID) {
    byObject.update(node.objectKey) { $0 |= 1 << UInt64(node.place & 63) }
  }

  /// Notes that the node's answer names this object.
  mutating func note(_ node: NodeID, naming object: UInt64) {
    byNamedObject[object, default: []].insert(node)
  }

  /// Ends the leases of some places of an object, and says which of these were given out.
  mutating func end(_ object: UInt64, places: UInt64) -> UInt64 {
    let held = byObject[object]
    let ended = held & places
    guard ended != 0 else { return 0 }
    if held == ended {
      byObject.remove(object)
    } else {
      byObject.update(object) { $0 = held & ~ended }
    }
    return ended
  }

  /// Ends the leases of the links that name an object, and says which they are.
  mutating func endNaming(_ object: UInt64) -> Set<NodeID> {
    byNamedObject.isEmpty ? [] : byNamedObject.removeValue(forKey: object) ?? []
  }

  /// Whether something of the node is given out.
  func holds(_ node: NodeID) -> Bool {
    byObject[node.objectKey] >> UInt64(node.place & 63) & 1 == 1
  }

  /// The objects with leases, and the links that name others, for tests.
  var count: Int { byNamedObject.values.reduce(byObject.count) { $0 + $1.count } }
}
