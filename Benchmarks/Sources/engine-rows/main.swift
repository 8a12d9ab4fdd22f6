import Foundation
import Measuring

/// Measures every row, prints the table, writes the JSON; the complaints about limits.
func measure(_ options: Options) throws -> [String] {
  let rows = Row.all.filter { options.only.isEmpty || $0.name.contains(options.only) }
  if options.isCounting {
    for row in rows { try Counting.run(row) }
    return []
  }
  let instructions = options.instructions.isEmpty ? [:] : try Counting.read(options.instructions)
  var report = try Report(path: options.json, thresholds: options.thresholds)
  var complaints: [String] = []
  for row in rows {
    var outcome = try Outcome.measure(row, row.contest(1), repetitions: options.repetitions)
    outcome.counts["instructions"] = instructions[row.name]
    complaints += try report.add(outcome)
  }
  return complaints
}

do {
  let complaints = try measure(Options(Array(CommandLine.arguments.dropFirst())))
  if !complaints.isEmpty { say("\nTOO SLOW\n" + complaints.joined(separator: "\n")) }
  exit(complaints.isEmpty ? 0 : 1)
} catch {
  FileHandle.standardError.write(Data("engine-rows: \(error)\n".utf8))
  exit(2)
}
