internal import PageTables
internal import VCM

/// The text of `state.json`: everything that a person has set up, in a stable order, an object a line.
///
/// Addresses and lengths are strings, because JSON's numbers do not hold 64 bits. What follows from the rest, as tables
/// and free space do, is not in it, so that two of these can be compared and one be played back.
enum StateJSON {
  /// The schema's version: rises when a member goes or changes its meaning.
  static let schema = 1

  /// The whole text.
  ///
  /// O(objects).
  static func text(_ state: TreeState) -> String {
    var text = "{\"schema\": \(schema),\n\"platform\": \(string(state.engine.platform.name)),\n"
    text += "\"memory\": [\n\(lines(state.engine.memoryTypes.map(memoryType)))],\n"
    text += "\"devices\": [\n\(lines(devices(state)))],\n"
    text += "\"buffers\": [\n\(lines(buffers(state)))],\n"
    text += "\"regions\": [\n\(lines(regions(state)))]}\n"
    return text
  }

  private static func lines(_ objects: [String]) -> String {
    objects.isEmpty ? "" : objects.joined(separator: ",\n") + "\n"
  }

  private static func string(_ text: String) -> String { TableJSON.string(text) }

  private static func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}"
  }

  private static func number(_ value: UInt64) -> String { "\"\(value)\"" }

  private static func address(_ value: UInt64) -> String { "\"\(Print.address(value))\"" }

  private static func memoryType(_ memoryType: MemoryType) -> String {
    object([
      ("name", string(memoryType.name)), ("base", address(memoryType.base)),
      ("size", number(memoryType.size)),
      ("policy", string(Words.policy(of: memoryType.description))),
    ])
  }

  private static func devices(_ state: TreeState) -> [String] {
    var result: [String] = []
    var last: ObjectID?
    while let device = state.engine.firstDevice(after: last) {
      result.append(
        object([
          ("name", string(device.name)), ("type", string(device.kind.rawValue)),
          ("format", device.formatName.map(string) ?? "null"),
        ]))
      last = device.id
    }
    return result
  }

  private static func buffers(_ state: TreeState) -> [String] {
    var result: [String] = []
    var last: ObjectID?
    while let allocation = state.engine.firstAllocation(after: last) {
      var chunks: [String] = []
      allocation.forEachRun { run in
        chunks.append(
          object([
            ("address", address(run.address)), ("length", number(run.chunkLength)),
            ("count", number(run.count)),
          ]))
      }
      result.append(
        object([
          ("name", string(allocation.name)), ("length", number(allocation.length)),
          ("memtype", "[" + allocation.memoryTypes.map { string($0.name) }.joined(separator: ", ") + "]"),
          ("attr", string(Words.text(of: allocation))),
          ("chunks", "[" + chunks.joined(separator: ", ") + "]"),
        ]))
      last = allocation.id
    }
    return result
  }

  private static func regions(_ state: TreeState) -> [String] {
    var result: [String] = []
    var last: ObjectID?
    while let region = state.engine.firstRegion(after: last) {
      result.append(
        "{\"name\": \(string(region.name)), \"start\": \(address(region.start)), \"length\": \(number(region.length)), "
          + "\"type\": \(string(region.kind.rawValue)),\n\"associations\": [\n"
          + lines(region.associations.map(association)) + "],\n\"bounds\": [\n"
          + lines(region.allBounds.map(bound)) + "],\n\"reservations\": [\n" + lines(reservations(region))
          + "]}")
      last = region.id
    }
    return result
  }

  private static func association(_ association: Association) -> String {
    object([
      ("device", string(association.device.name)), ("attr", string(Words.text(of: association.attributes))),
      ("active", association.isActive ? "true" : "false"),
    ])
  }

  private static func bound(_ bound: Bound) -> String {
    object([
      ("name", string(bound.name)), ("start", bound.start.map(address) ?? "null"),
      ("length", number(bound.length)),
    ])
  }

  private static func reservations(_ region: Region) -> [String] {
    var result: [String] = []
    var next: UInt64? = region.start
    while let from = next, let reservation = region.firstReservation(from: from) {
      result.append(
        object([
          ("name", string(reservation.name)), ("address", address(reservation.address)),
          ("length", number(reservation.length)),
          ("attr", string(AttributeWords.text(reservation.attributes))),
          ("align", reservation.alignment.map(number) ?? "null"),
          ("bound", reservation.bound.map { string($0.name) } ?? "null"),
          ("backing", reservation.backing.map { string($0.name) } ?? "null"),
        ]))
      next = reservation.last == .max ? nil : reservation.last + 1
    }
    return result
  }
}
