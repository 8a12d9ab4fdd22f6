internal import VCM

// The lines of `events`: a number, the time, what happened, and to what.
extension TreeState {
  /// Writes a change into `events`, if it is one that a person would do, and counts it whether anybody reads or not.
  func noteEvent(_ change: Change) {
    guard let word = Self.word(for: change.kind) else { return }
    eventCount += 1
    guard events.hasReaders else { return }
    var words = [word, path(of: change, name: change.kind == .renamed ? change.name : nil)]
    switch change.kind {
    case .renamed: words.append(path(of: change, name: nil))
    case .backed, .unbacked:
      if let other = change.other { words.append(path(of: NodeID(other, Place.object))) }
    default: break
    }
    wakeups += events.append(eventLine(words))
  }

  /// A line with the next number and the time.
  func eventLine(_ words: [String]) -> String {
    let nanoseconds = String(now % 1_000_000_000)
    let padding = String(repeating: "0", count: 9 - nanoseconds.utf8.count)
    return Print.list(["\(eventCount)", "\(now / 1_000_000_000).\(padding)\(nanoseconds)"] + words)
  }

  private static func word(for kind: Change.Kind) -> String? {
    switch kind {
    case .created: "created"
    case .removed: "removed"
    case .renamed: "renamed"
    case .attributes: "changed"
    case .backed: "backed"
    case .unbacked: "unbacked"
    case .activated: "activated"
    case .deactivated: "deactivated"
    case .reset: "reset"
    case .space, .tables, .users: nil
    }
  }

  /// The path of a change's object, which may be gone, by this name or by its own.
  private func path(of change: Change, name: String?) -> String {
    let node = NodeID(change.object, Place.object)
    let directory: NodeID?
    switch change.object.kind {
    case .region: directory = tree(Place.regions)
    case .device: directory = tree(Place.devices)
    case .allocation: directory = tree(Place.allocations)
    case .memoryType: directory = tree(Place.memory)
    case .reservation: directory = change.parent.map { NodeID($0, Place.regionReservations) }
    case .association: directory = change.parent.map { NodeID($0, Place.regionAssociations) }
    case .bound: directory = change.parent.map { NodeID($0, Place.regionBounds) }
    }
    let ownName = (try? subject(of: change.object))?.name
    guard let directory, let shown = name ?? ownName ?? (change.name.isEmpty ? nil : change.name) else {
      return path(of: node)
    }
    return path(of: directory) + "/" + shown
  }
}
