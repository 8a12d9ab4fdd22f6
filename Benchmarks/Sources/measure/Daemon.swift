import Foundation
import Measuring

/// A filesystem's process, mounted in a directory of its own.
final class Daemon {
  let mountPoint: String
  private let process: Process

  /// Starts `program` with `arguments` and a new directory in `work`, and waits until the mount answers.
  ///
  /// - Parameters:
  ///   - interval: how often that is asked, in microseconds.
  ///   - library: loaded into the program before all others; none if empty.
  init(
    _ program: String, _ arguments: [String], named name: String, in work: String, interval: UInt32 = 1000,
    preloading library: String = ""
  ) throws {
    mountPoint = work + "/" + name
    try FileManager.default.createDirectory(atPath: mountPoint, withIntermediateDirectories: true)
    let before = try Self.device(of: mountPoint)
    process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments + [mountPoint]
    process.standardError = library.isEmpty ? FileHandle.standardError : FileHandle.nullDevice
    if !library.isEmpty {
      process.environment = ProcessInfo.processInfo.environment.merging(["LD_PRELOAD": library]) { $1 }
    }
    try process.run()
    for _ in 0..<(30_000_000 / interval) {
      if try Self.device(of: mountPoint) != before { return }
      guard process.isRunning else {
        throw Failure("\(program) ended with status \(process.terminationStatus)")
      }
      usleep(interval)
    }
    stop()
    throw Failure("\(program) did not mount within half a minute")
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
