public import VCM

/// The objects that went last, by the names that they had: whether a name still leads anywhere.
///
/// The kernel may ask about an object that is gone, by a name that it has kept. If the name leads nowhere now, there is no such
/// file; if another object has it, the kernel must look the name up again. Only a race asks at all, so that the last few
/// thousand objects are enough, and whoever asks looks through all of them.
struct Graves {
  /// What is remembered of an object.
  struct Grave {
    /// The object's container: a region; nil for what lies in a directory of the tree itself.
    let parent: ObjectID?
    /// The name that it had at the end.
    let name: String
  }

  private static let limit = 4096
  /// Oldest first, from `next` on round.
  private var graves: [(object: ObjectID, grave: Grave)] = []
  private var next = 0

  /// What is remembered of an object.
  subscript(object: ObjectID) -> Grave? { graves.first { $0.object == object }?.grave }

  /// Remembers an object that went, and forgets the one that went longest ago.
  mutating func note(_ object: ObjectID, parent: ObjectID?, name: String) {
    let grave = Grave(parent: parent, name: name)
    if graves.count < Self.limit {
      graves.append((object, grave))
    } else {
      graves[next] = (object, grave)
      next = (next + 1) % Self.limit
    }
  }
}

/// What became of the name of a node that is gone.
public enum Departure: Hashable, Sendable {
  /// Nothing has it now.
  case vanished
  /// Another object has it; this is the one that is gone.
  case replaced(ObjectID)
  /// It is not known any more whose it was.
  case unknown
}

extension Tree {
  /// What became of the name of a node that is gone.
  ///
  /// ``Departure/vanished`` too where the object is still there, and has no such member.
  ///
  /// - Complexity: O(log n).
  public func departure(of node: NodeID) -> Departure {
    let answer = try? reading { state throws(VCMError) in state.departure(of: node) }
    return answer ?? .unknown
  }
}

extension TreeState {
  func departure(of node: NodeID) -> Departure {
    let owner: ObjectID? =
      switch node.space {
      case .engine: ObjectID(rawValue: node.object)
      case .interned: addresses.owner(of: node.object)
      case .format, nil: nil
      }
    guard let owner else { return .unknown }
    guard engine.object(with: owner) == nil else { return .vanished }
    guard graves[owner] != nil else { return .unknown }
    return isNameless(owner) ? .vanished : .replaced(owner)
  }

  /// Whether nothing has the name of an object that is gone.
  private func isNameless(_ object: ObjectID) -> Bool {
    guard let grave = graves[object] else { return false }
    switch object.kind {
    case .region: return engine.region(named: grave.name) == nil
    case .device: return engine.device(named: grave.name) == nil
    case .allocation: return engine.allocation(named: grave.name) == nil
    case .memoryType: return false
    case .reservation, .bound, .association: break
    }
    guard let parent = grave.parent else { return false }
    guard case .region(let region)? = engine.object(with: parent) else { return isNameless(parent) }
    switch object.kind {
    case .reservation: return region.reservation(named: grave.name) == nil
    case .bound: return region.bound(named: grave.name) == nil
    default: return !region.associations.contains { $0.device.name == grave.name }
    }
  }
}
