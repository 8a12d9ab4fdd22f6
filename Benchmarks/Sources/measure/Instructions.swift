import Foundation
import Measuring

/// Instructions that a filesystem's process executes for each open, read and close of an attribute, counted by callgrind.
enum Instructions {
  static func outcome(_ options: Options) throws -> Outcome {
    let null = try count(options.nullFilesystem, ["--direct-io", "--timeout=1000000000"], options, "null") {
      $0 + "/a/b/attr"
    }
    // Newer linkers write debugging information that valgrind gives up on.
    let stripped = options.work + "/vcmfs-stripped"
    let strip = try Process.run(
      URL(fileURLWithPath: "/usr/bin/strip"), arguments: ["-g", "-o", stripped, options.vcmfs])
    strip.waitUntilExit()
    let ours = try count(stripped, ["-f"], options, "vcmfs") { top in
      mkdir(top + "/vcms/bench", 0o755)
      return top + "/vcms/bench/start"
    }
    return Outcome(
      name: "instructions of an attribute read", baseline: "C null filesystem", unit: "instructions",
      baselineValue: null, value: ours, ratio: ours / null)
  }

  /// What 2000 reads add to a run.
  private static func count(
    _ program: String, _ arguments: [String], _ options: Options, _ name: String,
    _ attribute: (String) -> String
  ) throws -> Double {
    let totals = try [1000, 3000].map { reads in
      let file = options.work + "/callgrind.\(name).\(reads)"
      let daemon = try Daemon(
        "/usr/bin/valgrind", ["--tool=callgrind", "--callgrind-out-file=" + file, program] + arguments,
        named: "count-\(name)-\(reads)", in: options.work, preloading: options.probe)
      // The mount may answer before the program has seen that it does.
      sleep(2)
      let path = attribute(daemon.mountPoint)
      for _ in 0..<reads {
        var bytes = (UInt64(0), UInt64(0))
        let file = open(path, O_RDONLY)
        guard file >= 0, read(file, &bytes, 16) > 0, close(file) == 0 else {
          throw Failure("can't read \(path)")
        }
      }
      daemon.stop()
      let line = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").last {
        $0.hasPrefix("totals:") || $0.hasPrefix("summary:")
      }
      guard let total = line?.split(separator: " ").last.flatMap({ Double($0) }) else {
        throw Failure("valgrind counted nothing")
      }
      return total
    }
    return (totals[1] - totals[0]) / 2000
  }
}
