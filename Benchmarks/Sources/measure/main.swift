import Foundation
import Measuring

/// Measures every row, prints the table, writes the JSON; the complaints about limits.
func measure(_ options: Options) throws -> [String] {
  let ours = try Side.vcmfs(options)
  defer { ours.daemon.stop() }
  var report = try Report(path: options.json, thresholds: options.thresholds)
  var complaints: [String] = []
  for baseline in Row.Baseline.allCases {
    let null = try Side.null(baseline, options)
    defer { null.daemon.stop() }
    let rows = Row.all.filter {
      $0.baseline == baseline && (options.only.isEmpty || $0.name.contains(options.only))
    }
    for row in rows {
      let measurement = try Measurement(
        row, baseline: null, ours: ours, repetitions: options.repetitions, seconds: options.seconds)
      complaints += try report.add(measurement.outcome)
    }
  }
  return complaints
}

do {
  let complaints = try measure(Options(Array(CommandLine.arguments.dropFirst())))
  if !complaints.isEmpty { say("\nTOO SLOW\n" + complaints.joined(separator: "\n")) }
  exit(complaints.isEmpty ? 0 : 1)
} catch {
  FileHandle.standardError.write(Data("measure: \(error)\n".utf8))
  exit(2)
}
