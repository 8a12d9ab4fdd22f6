import Foundation

/// The whole outcome, as it is printed and as it is written.
public struct Report: Codable {
  /// The kernel and the processor.
  public let machine: String
  /// Every row's outcome, in the order of the table.
  public private(set) var outcomes: [Outcome] = []

  private let path: String
  private let thresholds: [String: Threshold]

  private enum CodingKeys: CodingKey {
    case machine, outcomes
  }

  /// A report that goes on with the one at `path`, if there is one: several programs make one table.
  ///
  /// - Parameters:
  ///   - path: where the JSON is, and is written after each row; empty: nowhere.
  ///   - thresholds: the file of limits.
  public init(path: String, thresholds: String) throws {
    self.path = path
    self.thresholds = try Threshold.read(thresholds)
    machine = Self.describeMachine()
    if let data = FileManager.default.contents(atPath: path) {
      outcomes = try JSONDecoder().decode(Report.self, from: data).outcomes
    } else {
      say(machine + "\n")
      Self.line("", ["baseline", "ours", "", "ratio", "limit"], "others")
    }
  }

  /// Decodes what was written: no limits, and nowhere to write.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    machine = try values.decode(String.self, forKey: .machine)
    outcomes = try values.decode([Outcome].self, forKey: .outcomes)
    path = ""
    thresholds = [:]
  }

  /// Prints a row of the table and writes the JSON anew; what the row exceeds.
  public mutating func add(_ outcome: Outcome) throws -> [String] {
    outcomes.append(outcome)
    let limits = thresholds[outcome.name]
    let others = outcome.counts.sorted { $0.key < $1.key }.map { name, figure in
      let most = limits?.most?[name].map { " (≤ \(short($0)))" } ?? ""
      let least = limits?.least?[name].map { " (≥ \(short($0)))" } ?? ""
      return "\(short(figure)) \(name)\(most)\(least)"
    }
    Self.line(
      outcome.name,
      [
        outcome.baselineValue.map(short) ?? "-", short(outcome.value), outcome.unit,
        outcome.ratio.map(decimal) ?? "-", limits?.most?["ratio"].map(decimal) ?? "-",
      ], others.joined(separator: ", "))
    if !path.isEmpty {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    }
    return limits?.complaints(outcome) ?? []
  }

  private static func line(_ name: String, _ columns: [String], _ rest: String) {
    let widths = [11, 11, 6, 7, 7]
    let padded = zip(columns, widths).map { String(repeating: " ", count: max(0, $1 - $0.count)) + $0 }
    say(name.padding(toLength: 44, withPad: " ", startingAt: 0) + padded.joined() + "  " + rest)
  }

  private static func describeMachine() -> String {
    var name = utsname()
    uname(&name)
    let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let processor = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
      .split(separator: "\n").first { $0.hasPrefix("model name") }?
      .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) + ", " }
    return "Linux \(release), \(processor ?? "")\(ProcessInfo.processInfo.processorCount) CPUs"
  }
}

/// Prints a line at once, whatever standard output is.
public func say(_ line: String) {
  FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

/// Two digits behind the point.
public func decimal(_ value: Double) -> String {
  String(format: "%.2f", value)
}

/// As many digits as tell something.
private func short(_ value: Double) -> String {
  String(format: value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value)
}
