import Foundation
import Measuring

extension Outcome {
  /// Measures a contest, all its sides in turns, so that what else the machine does hits all alike.
  ///
  /// Times are those that the thread had the processor, so that the machine's other work is not in them.
  static func measure(_ row: Row, _ contest: Contest, repetitions: Int) throws -> Outcome {
    let names = contest.others.keys.sorted()
    var sides = [contest.ours]
    if let baseline = contest.baseline { sides.append(baseline) }
    sides += names.compactMap { contest.others[$0] }
    var times = [[Double]](repeating: [], count: sides.count)
    for side in sides { _ = try time(side) }
    for repetition in 0..<repetitions {
      let order = repetition % 2 == 0 ? Array(sides.indices) : sides.indices.reversed()
      for index in order { times[index].append(try time(sides[index]) / Double(contest.operations)) }
    }
    var counts = try contest.figures()
    let first = contest.baseline == nil ? 1 : 2
    for (index, name) in names.enumerated() { counts[name] = ratio(times[0], times[first + index]) }
    return Outcome(
      name: row.name, baseline: row.baseline, unit: contest.unit.name,
      baselineValue: contest.baseline.map { _ in contest.unit.value(nanoseconds: times[1].median) },
      value: contest.unit.value(nanoseconds: times[0].median),
      ratio: contest.baseline.map { _ in ratio(times[0], times[1]) }, counts: counts)
  }

  private static func ratio(_ ours: [Double], _ others: [Double]) -> Double {
    zip(ours, others).map { $0 / max($1, 0.001) }.median
  }

  /// The nanoseconds of one go.
  private static func time(_ side: Contest.Side) throws -> Double {
    try side.prepare()
    let start = threadNanoseconds()
    try side.body()
    return Double(threadNanoseconds() - start)
  }
}

/// The time that this thread has had the processor.
func threadNanoseconds() -> UInt64 {
  var now = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
  return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}

/// The time since some moment.
func monotonicNanoseconds() -> UInt64 {
  var now = timespec()
  clock_gettime(CLOCK_MONOTONIC, &now)
  return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}
