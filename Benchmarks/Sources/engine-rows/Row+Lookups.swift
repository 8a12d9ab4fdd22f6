import Measuring
import VCM

extension Row {
  /// Looking up among a million reservations, each backed by a buffer of its own.
  static var lookups: [Row] {
    let kinds: [(String, @Sendable (Million, Int) throws -> Bool)] = [
      ("by name", { $0.under.region.reservation(named: $0.names[$1]) != nil }),
      ("by address", { $0.under.region.reservation(containing: UInt64($0.order[$1]) << 12 + 5) != nil }),
      (
        "by physical address",
        { million, index in
          var found = false
          million.under.engine.forEachReservation(at: million.physical[index]) { _, _ in
            found = true
            return false
          }
          return found
        }
      ),
    ]
    return kinds.map { name, find in
      Row(name: "look up \(name) among 1000000", baseline: nil) { scale in
        let million = try Million.shared(count: 1_000_000 / scale, scale)
        return Contest(
          operations: Million.lookups,
          ours: Contest.Side {
            for index in 0..<Million.lookups where try !find(million, index) {
              throw Failure("\(name): \(index) is not found")
            }
          })
      }
    }
  }
}

/// A million reservations of a page, each backed by a page of its own, and where some of them are, in random order.
final class Million {
  static let lookups = 20_000

  let under: EngineUnderTest
  let order: [Int]
  let names: [String]
  private(set) var physical: [UInt64] = []

  private init(count: Int, _ scale: Int) throws {
    under = try EngineUnderTest(scale: scale)
    var random = SeededRandom(seed: 9)
    var buffers: [PhysicalAllocation] = []
    for _ in 0..<count {
      let reservation = try under.engine.reserve(ReservationRequest(length: 4096), in: under.region)
      let buffer = try under.engine.allocate(PhysicalRequest(length: 4096, blockSizes: [4096]))
      try under.engine.back(reservation, with: buffer)
      buffers.append(buffer)
    }
    order = (0..<Self.lookups).map { _ in Int(random.next() % UInt64(count)) }
    names = order.map { "r\($0)" }
    physical = order.map { buffers[$0].physicalAddress(ofOffset: 7) ?? 0 }
  }

  private static nonisolated(unsafe) var made: Million?

  /// One for all rows: the program has one thread.
  static func shared(count: Int, _ scale: Int) throws -> Million {
    if let made { return made }
    let million = try Million(count: count, scale)
    made = million
    return million
  }
}
