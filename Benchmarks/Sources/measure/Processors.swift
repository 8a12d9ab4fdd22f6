import Foundation
import Measuring

/// The CPUs that the main thread may use, as taskset(1) has them.
enum Processors {
  /// All of them.
  static var all: String { "0-\(ProcessInfo.processInfo.processorCount - 1)" }

  /// Those that the thread may use now.
  static func current() throws -> String {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
    guard let list = line?.split(separator: "\t").last else { throw Failure("no list of CPUs") }
    return String(list)
  }

  /// Puts the thread on these.
  static func use(_ list: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
    process.arguments = ["-c", "-p", list, "\(getpid())"]
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure("taskset -p \(list) failed") }
  }
}
