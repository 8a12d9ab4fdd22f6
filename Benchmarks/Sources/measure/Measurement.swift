import Foundation
import Measuring

/// What one row showed, on both sides.
struct Measurement {
  /// Medians, in operations a second; the requests that reached each daemon for each operation.
  let outcome: Outcome

  /// Measures `row` on both sides in turns: what else the machine does hits both alike.
  ///
  init(_ row: Row, baseline: Side, ours: Side, _ options: Options) throws {
    let counts = try [baseline, ours].map { try Self.calibrate(row, $0, seconds: options.seconds) }
    let repetitions = row.pair == .million ? min(3, options.repetitions) : options.repetitions
    var rates: [[Double]] = [[], []]
    for repetition in 0..<repetitions {
      // Each one begins in every other pair.
      for index in repetition % 2 == 0 ? [0, 1] : [1, 0] {
        let side = index == 0 ? baseline : ours
        rates[index].append(try Self.rate(row, side, count: counts[index]))
      }
    }
    outcome = Outcome(
      name: row.name, baseline: baseline.daemon == nil ? "tmpfs" : "C null filesystem", unit: "ops/s",
      baselineValue: rates[0].median,
      value: rates[1].median, ratio: zip(rates[0], rates[1]).map { $0 / $1 }.median,
      counts: row.isLong ? [:] : try Self.requests(row, baseline: baseline, ours: ours))
  }

  /// How often `row` can be done in `seconds`; the caches are warm afterwards.
  private static func calibrate(_ row: Row, _ side: Side, seconds: Double) throws -> Int {
    // Once without counting: what is kept then is kept from now on.
    if row.isLong {
      _ = try rate(row, side, count: 1)
      return 1
    }
    var count = 100
    while true {
      let rate = try rate(row, side, count: count)
      if Double(count) / rate > seconds / 4 { return max(100, Int(rate * seconds)) }
      count *= 4
    }
  }

  private static func rate(_ row: Row, _ side: Side, count: Int) throws -> Double {
    guard row.before(side.paths) else { throw failure(row, side) }
    let start = DispatchTime.now().uptimeNanoseconds
    for _ in 0..<count where !row.body(side.paths) { throw failure(row, side) }
    let elapsed = DispatchTime.now().uptimeNanoseconds - start
    return Double(count) / (Double(max(elapsed, 1)) / 1e9)
  }

  private static func failure(_ row: Row, _ side: Side) -> Failure {
    Failure("\(row.name) on \(side.daemon?.mountPoint ?? "tmpfs"): \(String(cString: strerror(errno)))")
  }

  /// The requests that reach each daemon for each operation.
  private static func requests(_ row: Row, baseline: Side, ours: Side) throws -> [String: Double] {
    var result: [String: Double] = [:]
    for (name, side) in [("baseline requests", baseline), ("requests", ours)] {
      guard let daemon = side.daemon else { continue }
      let count = 1000
      let before = try daemon.requestCount()
      _ = try rate(row, side, count: count)
      result[name] = (Double(try daemon.requestCount() - before) / Double(count) * 100).rounded() / 100
    }
    return result
  }
}
