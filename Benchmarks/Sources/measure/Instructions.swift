import Foundation
import Measuring

/// Instructions that a filesystem's process executes for what a row does once, counted by callgrind.
enum Instructions {
  /// What is counted, and of which row.
  static let counted = [
    (name: "instructions of an attribute read", row: "open, read, close an attribute"),
    (name: "instructions of an attribute write", row: "write an attribute"),
    (name: "instructions of mkdir and rmdir", row: "mkdir and rmdir a region"),
    (name: "instructions of ln -s and rm", row: "ln -s and rm an association"),
    (name: "instructions of reserve and rmdir", row: "reserve and rmdir"),
  ]

  static func outcome(_ name: String, of rowName: String, _ options: Options) throws -> Outcome {
    guard let row = Row.names.first(where: { $0.name == rowName }) else { throw Failure("no row \(rowName)") }
    var options = options
    // Newer linkers write debugging information that valgrind gives up on.
    let stripped = options.work + "/vcmfs-stripped"
    try Process.run(
      URL(fileURLWithPath: "/usr/bin/strip"), arguments: ["-g", "-o", stripped, options.vcmfs]
    ).waitUntilExit()
    options.vcmfs = stripped
    let null = try count(row, options) { try row.pair.baseline($0, length: 0) }
    let ours = try count(row, options) { try row.pair.ours($0).side }
    return Outcome(
      name: name, baseline: "C null filesystem", unit: "instructions", baselineValue: null, value: ours,
      ratio: ours / null)
  }

  /// What doing it takes once, counted over 2000 times after 500 others.
  private static func count(
    _ row: Row, _ options: Options, _ start: (Options) throws -> Side
  ) throws -> Double {
    var options = options
    options.counts = options.work + "/callgrind.out"
    let side = try start(options)
    defer { side.stop() }
    func run(_ times: Int) throws {
      for _ in 0..<times where !row.body(side.paths) {
        throw Failure("\(row.name): \(String(cString: strerror(errno)))")
      }
    }
    try run(500)
    try side.daemon?.count(true)
    try run(2000)
    try side.daemon?.count(false)
    side.stop()
    let line = try String(contentsOfFile: options.counts, encoding: .utf8).split(separator: "\n").last {
      $0.hasPrefix("totals:") || $0.hasPrefix("summary:")
    }
    guard let total = line?.split(separator: " ").last.flatMap({ Double($0) }) else {
      throw Failure("valgrind counted nothing")
    }
    return total / 2000
  }
}
