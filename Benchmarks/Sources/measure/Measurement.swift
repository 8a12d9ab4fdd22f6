import Foundation
import Measuring

/// One filesystem's part of a row.
struct Side {
  let daemon: Daemon
  let paths: Paths
}

/// What one row showed, on both sides.
struct Measurement {
  /// Medians, in operations a second; the requests that reached each daemon for each operation.
  let outcome: Outcome

  /// Measures `row` on both sides in turns: what else the machine does hits both alike.
  ///
  /// - Parameters:
  ///   - repetitions: How many pairs.
  ///   - seconds: How long one side of one pair runs.
  init(_ row: Row, baseline: Side, ours: Side, repetitions: Int, seconds: Double) throws {
    let counts = try [baseline, ours].map { try Self.calibrate(row, $0, seconds: seconds) }
    var rates: [[Double]] = [[], []]
    for repetition in 0..<repetitions {
      // Each one begins in every other pair.
      for index in repetition % 2 == 0 ? [0, 1] : [1, 0] {
        let side = index == 0 ? baseline : ours
        rates[index].append(try Self.rate(row, side, count: counts[index]))
      }
    }
    outcome = Outcome(
      name: row.name, baseline: "C null filesystem", unit: "ops/s", baselineValue: rates[0].median,
      value: rates[1].median, ratio: zip(rates[0], rates[1]).map { $0 / $1 }.median,
      counts: [
        "requests": try Self.requests(row, ours), "baseline requests": try Self.requests(row, baseline),
      ])
  }

  /// How often `row` can be done in `seconds`; the caches are warm afterwards.
  private static func calibrate(_ row: Row, _ side: Side, seconds: Double) throws -> Int {
    var count = 100
    while true {
      let rate = try rate(row, side, count: count)
      if Double(count) / rate > seconds / 4 { return max(100, Int(rate * seconds)) }
      count *= 4
    }
  }

  private static func rate(_ row: Row, _ side: Side, count: Int) throws -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    for _ in 0..<count where !row.body(side.paths) {
      throw Failure("\(row.name) on \(side.daemon.mountPoint): \(String(cString: strerror(errno)))")
    }
    let elapsed = DispatchTime.now().uptimeNanoseconds - start
    return Double(count) / (Double(max(elapsed, 1)) / 1e9)
  }

  private static func requests(_ row: Row, _ side: Side) throws -> Double {
    let count = 1000
    let before = try side.daemon.requestCount()
    _ = try rate(row, side, count: count)
    // A few requests are nobody's: forgets, and the interrupt of a read that waited.
    return (Double(try side.daemon.requestCount() - before) / Double(count) * 100).rounded() / 100
  }
}
