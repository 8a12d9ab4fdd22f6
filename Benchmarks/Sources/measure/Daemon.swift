import Foundation
import Measuring

/// A filesystem's process, mounted in a directory of its own.
final class Daemon {
  let mountPoint: String
  private let process: Process

  /// Starts `program` with `arguments` and a new directory in the work directory, and waits until the mount answers.
  ///
  /// - Parameter interval: how often that is asked, in microseconds.
  init(
    _ program: String, _ arguments: [String], named name: String, _ options: Options, interval: UInt32 = 1000
  ) throws {
    mountPoint = options.work + "/" + name
    try FileManager.default.createDirectory(atPath: mountPoint, withIntermediateDirectories: true)
    let before = try Self.device(of: mountPoint)
    process = Process()
    let isCounted = !options.counts.isEmpty
    let counter = [
      "/usr/bin/valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=" + options.counts,
    ]
    let words = (isCounted ? counter : []) + [program] + arguments + [mountPoint]
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    if isCounted {
      process.standardError = FileHandle.nullDevice
      process.environment = ProcessInfo.processInfo.environment.merging(["LD_PRELOAD": options.probe]) { $1 }
    }
    try process.run()
    for _ in 0..<(30_000_000 / interval) {
      if try Self.device(of: mountPoint) != before {
        // Under valgrind the mount may answer before the program has seen that it does.
        if isCounted { sleep(2) }
        return
      }
      guard process.isRunning else {
        throw Failure("\(program) ended with status \(process.terminationStatus)")
      }
      usleep(interval)
    }
    stop()
    throw Failure("\(program) did not mount within half a minute")
  }

  /// Begins or ceases to count what the process executes, which runs under callgrind.
  func count(_ counts: Bool) throws {
    let control = Process()
    control.executableURL = URL(fileURLWithPath: "/usr/bin/callgrind_control")
    control.arguments = ["--instr=\(counts ? "on" : "off")", String(process.processIdentifier)]
    control.standardOutput = FileHandle.nullDevice
    control.standardError = FileHandle.nullDevice
    try control.run()
    control.waitUntilExit()
    guard control.terminationStatus == 0 else { throw Failure("callgrind_control cannot reach the process") }
  }

  /// Ends the process and waits for that.
  func stop() {
    guard process.isRunning else { return }
    process.terminate()
    process.waitUntilExit()
  }

  /// The requests served since the start: proc_pid_io(5) counts the reads, of which there is one for each request.
  ///
  /// What was answered just now may be counted a little later, so the number is taken when it has come to rest.
  func requestCount() throws -> Int {
    var last = -1
    for _ in 0..<100 {
      let text = try String(contentsOfFile: "/proc/\(process.processIdentifier)/io", encoding: .utf8)
      let line = text.split(separator: "\n").first { $0.hasPrefix("syscr:") }
      guard let count = line.flatMap({ Int($0.dropFirst(6).trimmingCharacters(in: .whitespaces)) }) else {
        throw Failure("the kernel does not count reads")
      }
      if count == last { return count }
      last = count
      usleep(2000)
    }
    return last
  }

  private static func device(of path: String) throws -> UInt {
    var status = stat()
    guard stat(path, &status) == 0 else { throw Failure("\(path): \(String(cString: strerror(errno)))") }
    return UInt(status.st_dev)
  }
}
