import Foundation
import Measuring

/// One filesystem's part of a row.
struct Side {
  /// Who serves it; nil of the kernel's own.
  let daemon: Daemon?
  let paths: Paths

  func stop() { daemon?.stop() }
}

extension Pair {
  /// How many names lie in the directory to list.
  fileprivate var entries: Int {
    switch self {
    case .tenThousand, .tenThousandUnkept: 10_000
    case .million: 1_000_000
    default: 100
    }
  }

  private var switches: [String] {
    let forever = "--timeout=1000000000"
    return switch self {
    case .asked: ["--direct-io"]
    case .cached: ["--keep-cache", forever]
    case .attributes: ["--direct-io", forever, "--xattr"]
    case .tenThousand, .million: ["--direct-io", forever, "--keep-listings"]
    default: ["--direct-io", forever]
    }
  }

  /// The baseline: the null filesystem, with a large file of `length` bytes, or tmpfs.
  ///
  /// Its names lie as deep as those of vcmfs.
  func baseline(_ options: Options, length: Int) throws -> Side {
    let paths = Paths()
    if self == .physical {
      paths.large = "/dev/shm/vcmfs-benchmark-\(getpid())"
      _ = FileManager.default.createFile(atPath: paths.large, contents: Data(count: 64 << 20))
      _ = paths.largeFile
      unlink(paths.large)
      return Side(daemon: nil, paths: paths)
    }
    let daemon = try start(
      options.nullFilesystem, switches + ["--entries=\(entries)", "--memory=\(max(length, 4096))"],
      named: "null-\(rawValue)", options)
    let directory = daemon.mountPoint + "/a/b"
    paths.attribute = directory + "/attr"
    paths.constant = paths.attribute
    paths.link = directory + "/work/old"
    paths.newDirectory = daemon.mountPoint + "/a/new"
    paths.newLink = directory + "/work/link"
    paths.target = "../../a/b/attr"
    paths.requests = paths.attribute
    paths.made = directory + "/work/made"
    paths.listing = directory + "/many"
    paths.large = directory + "/memory"
    let (value, attribute) = (paths.value, paths.attribute)
    paths.touch = { echo(value, attribute, truncating: false) }
    return Side(daemon: daemon, paths: paths)
  }

  /// vcmfs, with what the pair's rows need, and the length of its large file.
  func ours(_ options: Options) throws -> (side: Side, length: Int) {
    let paths = Paths()
    var arguments = ["-f"]
    if self == .physical {
      let platform = options.work + "/platform.yaml"
      try "memory:\n  all: {base: 0, size: 256M, chunks: [1M, 64K, 4K]}\n".write(
        toFile: platform, atomically: true, encoding: .utf8)
      arguments += ["--platform", platform]
    }
    let daemon = try start(options.vcmfs, arguments, named: "vcmfs-\(rawValue)", options)
    do {
      try prepare(paths, daemon.mountPoint)
    } catch {
      daemon.stop()
      throw error
    }
    var status = stat()
    let length = paths.large.isEmpty || stat(paths.large, &status) != 0 ? 0 : Int(status.st_size)
    return (Side(daemon: daemon, paths: paths), length)
  }

  private func start(
    _ program: String, _ arguments: [String], named name: String, _ options: Options
  ) throws -> Daemon {
    guard isOnAllProcessors else { return try Daemon(program, arguments, named: name, options) }
    return try Daemon(
      "/usr/bin/taskset", ["-c", Processors.all, program] + arguments, named: name, options)
  }

  private func prepare(_ paths: Paths, _ top: String) throws {
    func need(_ done: Bool, _ what: String) throws {
      guard done else { throw Failure("vcmfs: \(what): \(String(cString: strerror(errno)))") }
    }
    switch self {
    case .direct, .attributes, .asked, .cached, .tenThousand, .tenThousandUnkept, .million:
      let region = top + "/vcms/bench"
      try need(mkdir(region, 0o755) == 0, "mkdir")
      try need(symlink("devices/video_dec", region + "/devices/video_dec") == 0, "ln -s")
      // `start` may change only until a region is in use.
      try need(mkdir(top + "/vcms/spare", 0o755) == 0 && mkdir(top + "/vcms/list", 0o755) == 0, "mkdir")
      let list = top + "/vcms/list"
      try need(
        echo(String(repeating: "4K\n", count: entries), list + "/reserve"), "\(entries) reservations")
      paths.attribute = top + "/vcms/spare/start"
      paths.constant = list + "/reservations/r0/addr"
      paths.link = region + "/devices/video_dec"
      paths.newDirectory = top + "/vcms/new"
      paths.newLink = region + "/devices/display"
      paths.target = "../../../devices/display"
      paths.requests = region + "/reserve"
      paths.made = region + "/reservations/made"
      paths.listing = list + "/reservations"
      let (request, requests, made) = (paths.request, list + "/reserve", list + "/reservations/made")
      paths.touch = { echo(request, requests, truncating: false) && rmdir(made) == 0 }
    case .tables, .text, .textOnAll:
      let region = top + "/vcms/bench"
      try need(mkdir(top + "/devices/cpu", 0o755) == 0, "mkdir devices/cpu")
      try need(echo("x86-64\n", top + "/devices/cpu/format"), "format")
      try need(mkdir(region, 0o755) == 0 && echo("128G\n", region + "/len"), "region")
      try need(symlink("devices/cpu", region + "/devices/cpu") == 0, "ln -s")
      try makeScattered("frame", top)
      for number in 0..<96 {
        try need(echo("32M name=r\(number)\n", region + "/reserve"), "reserve")
        try need(echo("1\n", region + "/associations/cpu/active") || errno == EBUSY, "activate")
        try need(symlink("phys/frame", region + "/reservations/r\(number)/backing") == 0, "back")
      }
      paths.large = region + "/associations/cpu/pagetable" + (self == .tables ? ".bin" : "")
    case .scattered:
      try makeScattered("holes", top)
      paths.large = top + "/phys/holes/data"
      try fill(paths.large, 32 << 20)
    case .physical:
      paths.large = top + "/memory/physical"
      try fill(paths.large, 64 << 20)
    }
  }

  /// Makes a buffer of 32 MiB in pages of which no two lie together: every other one of many small buffers is freed, and the
  /// holes are handed out as one.
  private func makeScattered(_ name: String, _ top: String) throws {
    let count = 16_384
    guard echo((0..<count).map { "4K name=b\($0)\n" }.joined(), top + "/phys/alloc"),
      stride(from: 0, to: count, by: 2).allSatisfy({ rmdir(top + "/phys/b\($0)") == 0 }),
      echo("32M blocks=4K name=\(name)\n", top + "/phys/alloc")
    else { throw Failure("vcmfs: can't scatter \(name): \(String(cString: strerror(errno)))") }
  }

  private func fill(_ path: String, _ length: Int) throws {
    let file = open(path, O_WRONLY)
    guard file >= 0 else { throw Failure("can't open \(path)") }
    defer { close(file) }
    let bytes = [UInt8](repeating: 0x5A, count: 1 << 20)
    for offset in stride(from: 0, to: length, by: bytes.count) {
      guard pwrite(file, bytes, bytes.count, off_t(offset)) == bytes.count else {
        throw Failure("can't write \(path)")
      }
    }
  }
}
