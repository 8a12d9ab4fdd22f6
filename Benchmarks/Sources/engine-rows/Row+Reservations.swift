import Measuring
import VCM

extension Row {
  /// One reservation given back and another one made, among many that stay.
  static var reservations: [Row] {
    [ReservationOrder.random, .adversarial].flatMap { order in
      [1000, 100_000, 1_000_000].map { count in
        Row(
          name: "reserve and free among \(count), \(order)", baseline: count == 1000 ? nil : "among 1000"
        ) { scale in
          let small = try ReservationChurn(order, count: 1000, scale)
          let large =
            count == 1000 ? small : try ReservationChurn(order, count: max(1000, count / scale), scale)
          return Contest(
            operations: ReservationChurn.steps * 2, ours: Contest.Side(body: large.run),
            baseline: count == 1000 ? nil : Contest.Side(body: small.run),
            figures: { ["worst us": try ReservationChurn.worst(order, count: count) / 1000] })
        }
      }
    }
  }
}

/// In which order requests come.
enum ReservationOrder {
  /// Lengths, alignments and what is given back are random.
  case random
  /// Every gap is too short or begins in the wrong place, and what is freed makes one that fits, now here, now there.
  case adversarial
}

/// Many reservations of which one goes and one comes.
final class ReservationChurn {
  static let steps = 20_000

  private let under: EngineUnderTest
  private let order: ReservationOrder
  private var random = SeededRandom(seed: 11)
  private var live: [Reservation] = []

  init(_ order: ReservationOrder, count: Int, _ scale: Int) throws {
    under = try EngineUnderTest(scale: scale)
    self.order = order
    live.reserveCapacity(count)
    switch order {
    case .random:
      for _ in 0..<count { live.append(try under.engine.reserve(request(), in: under.region)) }
    case .adversarial:
      // Pages 1, 3, 5 ... are free: gaps of one page before each reservation.
      for index in 0..<count {
        live.append(
          try under.engine.reserve(
            ReservationRequest(length: 4096, at: UInt64(index * 2) << 12), in: under.region))
      }
    }
    for _ in 0..<count { try step() }
  }

  /// Gives one back and makes one.
  private func step() throws {
    let index = Int(random.next() % UInt64(live.count))
    try under.engine.unreserve(live[index])
    live[index] = try under.engine.reserve(request(), in: under.region)
  }

  /// As many steps as a row counts.
  func run() throws {
    for _ in 0..<Self.steps { try step() }
  }

  private func request() -> ReservationRequest {
    let draw = random.next()
    switch order {
    case .random:
      let length = ((draw & 63) + 1) << 12
      return ReservationRequest(length: length, alignment: 1 << (12 + (draw >> 8) % 9))
    case .adversarial:
      // A gap of three pages holds two of them aligned or not; four aligned ones need two such gaps to meet.
      let pages: UInt64 = [1, 2, 2, 3, 4][Int(draw % 5)]
      return ReservationRequest(length: pages << 12, alignment: 1 << (12 + (draw >> 8) % 3))
    }
  }

  /// The longest single call in nanoseconds.
  ///
  /// The same sequence is done several times from the start, and the shortest time of each call counts: what the machine
  /// does in between hits another call each time.
  static func worst(_ order: ReservationOrder, count: Int) throws -> Double {
    var shortest = [UInt64](repeating: .max, count: steps * 2)
    for _ in 0..<3 {
      let churn = try ReservationChurn(order, count: count, 1)
      for step in 0..<steps {
        let index = Int(churn.random.next() % UInt64(churn.live.count))
        let start = monotonicNanoseconds()
        try churn.under.engine.unreserve(churn.live[index])
        let middle = monotonicNanoseconds()
        churn.live[index] = try churn.under.engine.reserve(churn.request(), in: churn.under.region)
        let end = monotonicNanoseconds()
        shortest[step * 2] = min(shortest[step * 2], middle - start)
        shortest[step * 2 + 1] = min(shortest[step * 2 + 1], end - middle)
      }
    }
    return Double(shortest.max() ?? 0)
  }
}
