import Foundation
import Measuring

/// What happens once in the life of a mount, and what takes two clients.
enum Lifetime {
  /// From the start of the program to the first answer of its mount, in milliseconds.
  static func start(_ options: Options) throws -> Outcome {
    var times: [Double] = []
    for number in 0..<options.repetitions {
      let begin = DispatchTime.now().uptimeNanoseconds
      let daemon = try Daemon(
        options.vcmfs, ["-f"], named: "start-\(number)", options, interval: 200)
      times.append(Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e6)
      daemon.stop()
    }
    return Outcome(
      name: "start, to the first stat answered", baseline: nil, unit: "ms", baselineValue: nil,
      value: times.median, ratio: nil)
  }

  /// From a signal to the end of the program, with a million reservations that nobody has looked at, in milliseconds.
  static func stop(_ options: Options) throws -> Outcome {
    let side = try Pair.million.ours(options).side
    return Outcome(
      name: "unmount with 1,000,000 reservations", baseline: nil, unit: "ms", baselineValue: nil,
      value: milliseconds(toStop: side), ratio: nil)
  }

  /// The same where their attributes were listed, beside a null filesystem of as many names: the kernel lets go of its inodes
  /// before either is told.
  ///
  /// Once: a million names take long to make and to list.
  static func stopListed(_ options: Options) throws -> Outcome {
    let times = try [
      Pair.million.baseline(options, length: 0), Pair.million.ours(options).side,
    ].map { side in
      defer { side.stop() }
      guard list(side.paths.listing, withAttributes: true) == 1_000_000 else {
        throw Failure("can't list \(side.paths.listing)")
      }
      return milliseconds(toStop: side)
    }
    return Outcome(
      name: "unmount with 1,000,000 listed", baseline: "C null filesystem", unit: "ms",
      baselineValue: times[0], value: times[1], ratio: times[1] / times[0])
  }

  private static func milliseconds(toStop side: Side) -> Double {
    let begin = DispatchTime.now().uptimeNanoseconds
    side.stop()
    return Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e6
  }

  /// One client, and two on two CPUs, each in a region of its own: what two do together, to one's rate.
  static func clients(_ options: Options) throws -> Outcome {
    let daemon = try Daemon(
      "/usr/bin/taskset", ["-c", Processors.all, options.vcmfs, "-f"], named: "clients", options)
    defer { daemon.stop() }
    let regions = ["one", "two"].map { daemon.mountPoint + "/vcms/" + $0 }
    for region in regions where mkdir(region, 0o755) != 0 { throw Failure("mkdir \(region)") }
    var ones: [Double] = []
    var ratios: [Double] = []
    for _ in 0..<options.repetitions {
      let one = try rate(Array(regions.prefix(1)), seconds: options.seconds)
      ones.append(one)
      ratios.append(try rate(regions, seconds: options.seconds) / one)
    }
    return Outcome(
      name: "two clients on two CPUs, to one", baseline: nil, unit: "ops/s", baselineValue: nil,
      value: ones.median, ratio: nil, counts: ["times one": ratios.median])
  }

  /// How often a second the clients together do what one does, each a process on a CPU of its own.
  private static func rate(_ regions: [String], seconds: Double) throws -> Double {
    let clients = try regions.enumerated().map { index, region in
      let client = Process()
      let output = Pipe()
      client.executableURL = URL(fileURLWithPath: "/usr/bin/taskset")
      client.arguments = ["-c", "\(index)", CommandLine.arguments[0], "--client", region, "\(seconds)"]
      client.standardOutput = output
      try client.run()
      return (client, output)
    }
    return try clients.reduce(0) { sum, started in
      let text = String(decoding: started.1.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      started.0.waitUntilExit()
      guard let rate = Double(text) else { throw Failure("a client failed") }
      return sum + rate
    }
  }

  /// A client: for so many seconds reads `start`, and reserves and frees, in a region; prints how often a second.
  static func serveAsClient(_ region: String, seconds: Double) {
    let begin = DispatchTime.now().uptimeNanoseconds
    let end = begin + UInt64(seconds * 1e9)
    var count = 0
    while DispatchTime.now().uptimeNanoseconds < end {
      var bytes = (UInt64(0), UInt64(0))
      let file = open(region + "/start", O_RDONLY)
      guard file >= 0, read(file, &bytes, 16) > 0, close(file) == 0,
        echo("4K name=made\n", region + "/reserve", truncating: false),
        rmdir(region + "/reservations/made") == 0
      else { return }
      count += 1
    }
    let elapsed = Double(DispatchTime.now().uptimeNanoseconds - begin) / 1e9
    print(Double(count) / elapsed, terminator: "")
  }
}
