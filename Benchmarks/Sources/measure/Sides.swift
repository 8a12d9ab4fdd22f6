import Foundation
import Measuring

extension Side {
  /// The null filesystem, mounted as `baseline` says.
  ///
  /// Its names lie as deep as those of vcmfs.
  static func null(_ baseline: Row.Baseline, _ options: Options) throws -> Side {
    let switches =
      switch baseline {
      case .direct: ["--direct-io", "--timeout=1000000000"]
      }
    let daemon = try Daemon(
      options.nullFilesystem, switches, named: "null-\(baseline.rawValue)", in: options.work)
    let directory = daemon.mountPoint + "/a/b"
    return Side(
      daemon: daemon,
      paths: Paths(
        attribute: directory + "/attr", link: directory + "/link", newDirectory: directory + "/work/new",
        newLink: directory + "/work/link", target: "../../a/b/attr", value: "0x0\n"))
  }

  /// vcmfs with its built-in platform, one region, and one association.
  static func vcmfs(_ options: Options) throws -> Side {
    let daemon = try Daemon(options.vcmfs, ["-f"], named: "vcmfs", in: options.work)
    let region = daemon.mountPoint + "/vcms/bench"
    let devices = region + "/devices"
    guard mkdir(region, 0o755) == 0, symlink("../../../devices/video_dec", devices + "/video_dec") == 0 else {
      let reason = String(cString: strerror(errno))
      daemon.stop()
      throw Failure("vcmfs: \(reason)")
    }
    // Written while another region is free of associations: `start` may change only until a region is in use.
    let spare = daemon.mountPoint + "/vcms/spare"
    guard mkdir(spare, 0o755) == 0 else { throw Failure("vcmfs: \(String(cString: strerror(errno)))") }
    return Side(
      daemon: daemon,
      paths: Paths(
        attribute: spare + "/start", link: devices + "/video_dec",
        newDirectory: daemon.mountPoint + "/vcms/new",
        newLink: devices + "/display", target: "../../../devices/display", value: "0x0\n"))
  }
}
