import Foundation

/// The whole outcome, as it is printed and as it is written.
struct Report: Codable {
  var machine: String
  var measurements: [Measurement] = []

  init() {
    var name = utsname()
    uname(&name)
    let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    machine = "Linux \(release), \(ProcessInfo.processInfo.processorCount) CPUs"
  }

  /// The table's first lines.
  static func printHeader() {
    line("", "C null fs", "vcmfs", "time", "limit", "requests each")
    line("", "ops/s", "ops/s", "ratio", "", "C / vcmfs")
  }

  /// One row of the table.
  static func print(_ measurement: Measurement, limit: Threshold?) {
    line(
      measurement.name, String(format: "%.0f", measurement.baselineRate),
      String(format: "%.0f", measurement.rate),
      decimal(measurement.timeRatio), limit?.time.map(decimal) ?? "-",
      "\(decimal(measurement.baselineRequests)) / \(decimal(measurement.requests))")
  }

  private static func line(_ name: String, _ columns: String...) {
    let widths = [11, 11, 7, 7, 16]
    let padded = zip(columns, widths).map { String(repeating: " ", count: max(0, $1 - $0.count)) + $0 }
    say(name.padding(toLength: 26, withPad: " ", startingAt: 0) + padded.joined())
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(self).write(to: URL(fileURLWithPath: path))
  }
}

/// Prints a line at once, whatever standard output is.
func say(_ line: String) {
  FileHandle.standardOutput.write(Data((line + "\n").utf8))
}
