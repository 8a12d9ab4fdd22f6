import Foundation

/// One filesystem's part of a row.
struct Side {
  let daemon: Daemon
  let paths: Paths
}

/// What one row showed.
struct Measurement: Codable {
  let name: String
  /// Medians, in operations a second.
  let baselineRate: Double
  let rate: Double
  /// The median of the repetitions' own ratios of time: ours to the baseline's.
  let timeRatio: Double
  /// Requests that reached the daemon for each operation.
  let baselineRequests: Double
  let requests: Double

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
    name = row.name
    baselineRate = rates[0].median
    rate = rates[1].median
    timeRatio = zip(rates[0], rates[1]).map { $0 / $1 }.median
    baselineRequests = try Self.requests(row, baseline)
    requests = try Self.requests(row, ours)
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

extension [Double] {
  /// The middle one, or the mean of the two in the middle; zero of none.
  var median: Double {
    guard !isEmpty else { return 0 }
    let sorted = sorted()
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
  }
}
