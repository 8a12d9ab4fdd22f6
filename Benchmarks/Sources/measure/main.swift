import Foundation
import Measuring

/// Measures every row, prints the table, writes the JSON; the complaints about limits.
func measure(_ options: Options) throws -> [String] {
  var report = try Report(path: options.json, thresholds: options.thresholds)
  var complaints: [String] = []
  func isWanted(_ name: String) -> Bool { options.only.isEmpty || name.contains(options.only) }
  for pair in Pair.allCases {
    let rows = (Row.names + Row.large).filter { $0.pair == pair && isWanted($0.name) }
    guard !rows.isEmpty else { continue }
    let (ours, length) = try pair.ours(options)
    defer { ours.stop() }
    let baseline = try pair.baseline(options, length: length)
    defer { baseline.stop() }
    let processors = try Processors.current()
    if pair.isOnAllProcessors { try Processors.use(Processors.all) }
    defer { try? Processors.use(processors) }
    for row in rows {
      let measurement = try Measurement(row, baseline: baseline, ours: ours, options)
      complaints += try report.add(measurement.outcome)
    }
  }
  if isWanted("unmount with 1,000,000 reservations") { complaints += try report.add(Lifetime.stop(options)) }
  if isWanted("unmount with 1,000,000 listed") { complaints += try report.add(Lifetime.stopListed(options)) }
  if isWanted("start") { complaints += try report.add(Lifetime.start(options)) }
  for (name, row) in Instructions.counted where isWanted(name) && !options.probe.isEmpty {
    complaints += try report.add(Instructions.outcome(name, of: row, options))
  }
  if isWanted("two clients") { complaints += try report.add(Lifetime.clients(options)) }
  return complaints
}

if CommandLine.arguments.count == 4, CommandLine.arguments[1] == "--client" {
  Lifetime.serveAsClient(CommandLine.arguments[2], seconds: Double(CommandLine.arguments[3]) ?? 0)
  exit(0)
}
do {
  let complaints = try measure(Options(Array(CommandLine.arguments.dropFirst())))
  if !complaints.isEmpty { say("\nTOO SLOW\n" + complaints.joined(separator: "\n")) }
  exit(complaints.isEmpty ? 0 : 1)
} catch {
  FileHandle.standardError.write(Data("measure: \(error)\n".utf8))
  exit(2)
}
