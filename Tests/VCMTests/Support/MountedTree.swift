import Foundation
import Glibc
import PageTables
import Testing

@testable import VCM

/// The vcmfs that was built with these tests, mounted, with calls made on it by system calls.
final class MountedTree {
  /// Whether there is a binary and a FUSE device.
  static var isPossible: Bool {
    binary != nil && access("/dev/fuse", R_OK | W_OK) == 0
  }

  /// The seconds that `VCMFS_TEST_SECONDS` asks for.
  static var seconds: Double? {
    ProcessInfo.processInfo.environment["VCMFS_TEST_SECONDS"].flatMap { Double($0) }
  }

  private static var binary: String? {
    if let named = ProcessInfo.processInfo.environment["VCMFS"] { return named }
    let built = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/vcmfs"
    return access(built, X_OK) == 0 ? built : nil
  }

  private let work: URL
  private let daemon = Process()
  private var top: String { work.path + "/mount/" }

  /// Mounts; returns when the tree answers.
  init(_ platform: Platform) throws {
    work = FileManager.default.temporaryDirectory.appendingPathComponent(
      "vcmfs-three-ways-\(UUID().uuidString)")
    try FileManager.default.createDirectory(atPath: work.path + "/mount", withIntermediateDirectories: true)
    try Self.text(platform).write(toFile: work.path + "/platform.yaml", atomically: true, encoding: .utf8)
    daemon.executableURL = URL(fileURLWithPath: try #require(Self.binary))
    daemon.arguments = ["-f", "--platform", work.path + "/platform.yaml", work.path + "/mount"]
    try daemon.run()
    for _ in 0..<2000 {
      if access(top + "vcms", F_OK) == 0 { return }
      usleep(5000)
    }
    unmount()
    throw MountFailure()
  }

  struct MountFailure: Error {}

  /// Unmounts and waits for the daemon's end.
  func unmount() {
    for _ in 0..<200 where daemon.isRunning {
      if umount2(work.path + "/mount", 0) == 0 { break }
      let helper = Process()
      helper.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      helper.arguments = ["fusermount3", "-u", work.path + "/mount"]
      helper.standardError = FileHandle.nullDevice
      try? helper.run()
      helper.waitUntilExit()
      if helper.terminationStatus == 0 { break }
      usleep(20000)
    }
    daemon.waitUntilExit()
    #expect(daemon.terminationStatus == 0)
    try? FileManager.default.removeItem(at: work)
  }

  /// A platform as the file that vcmfs reads.
  private static func text(_ platform: Platform) -> String {
    var lines = ["name: \(platform.name)", "memory:"]
    for type in platform.memoryTypes {
      let chunks = type.chunkSizes.map(String.init).joined(separator: ", ")
      lines.append(
        "  \(type.name): {base: \(type.base), size: \(type.size), chunks: [\(chunks)], "
          + "contiguous: \(type.isContiguous), tables: \(type.holdsTables)}")
    }
    lines.append("devices:")
    for device in platform.devices {
      let format = device.format.map { ", format: \($0)" } ?? ""
      lines.append("  \(device.name): {type: \(device.kind.rawValue)\(format)}")
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

// MARK: - Calls

extension MountedTree {
  /// The errno that a mount gives where the engine gives another.
  ///
  /// An unbacked reservation has no link that could be removed.
  static func errno(_ number: Int32, of call: RandomCall) -> Int32 {
    if case .unback = call, number == EINVAL { return ENOENT }
    return number
  }

  /// Makes a call by system calls; 0 or the errno.
  func make(_ call: RandomCall) -> Int32 {
    switch call {
    case .createRegion(let name, let start, let length): return create(name, start, length)
    case .freeRegion(let name): return result(rmdir(top + "vcms/\(name)"))
    case .reserve(let region, let request): return write(Self.line(request), "vcms/\(region)/reserve")
    case .unreserve(let region, let name): return result(rmdir(top + "vcms/\(region)/reservations/\(name)"))
    case .allocate(let length): return write("\(length)", "phys/alloc")
    case .free(let buffer): return result(rmdir(top + "phys/\(buffer)"))
    case .back(let region, let name, let buffer): return back(region, name, buffer)
    case .unback(let region, let name):
      return result(unlink(top + "vcms/\(region)/reservations/\(name)/backing"))
    case .setAttributes(let region, let name, let new):
      return write(Self.words(new), "vcms/\(region)/reservations/\(name)/attr")
    case .associate(let region, let device):
      return result(symlink("devices/\(device)", top + "vcms/\(region)/devices/\(device)"))
    case .dissociate(let region, let device): return result(unlink(top + "vcms/\(region)/devices/\(device)"))
    case .setActive(let region, let device, let isActive):
      return write(isActive ? "1" : "0", "vcms/\(region)/associations/\(device)/active")
    }
  }

  private func result(_ status: Int32) -> Int32 { status == 0 ? 0 : Glibc.errno }

  private func write(_ text: String, _ path: String) -> Int32 {
    let file = open(top + path, O_WRONLY | O_TRUNC | O_CLOEXEC)
    guard file >= 0 else { return Glibc.errno }
    defer { close(file) }
    let line = text + "\n"
    return Glibc.write(file, line, line.utf8.count) == line.utf8.count ? 0 : Glibc.errno
  }

  /// mkdir, and the values that a new region does not have by itself; taken back if one of them is refused.
  private func create(_ name: String, _ start: UInt64, _ length: UInt64) -> Int32 {
    guard mkdir(top + "vcms/\(name)", 0o755) == 0 else { return Glibc.errno }
    for (value, file) in [(start, "start"), (length, "len")] {
      let refused = write("\(value)", "vcms/\(name)/\(file)")
      if refused != 0 {
        rmdir(top + "vcms/\(name)")
        return refused
      }
    }
    return 0
  }

  /// `ln -sfT`: the kernel itself refuses the name of a link that is there, and a name beside it asks vcmfs.
  private func back(_ region: String, _ name: String, _ buffer: String) -> Int32 {
    let directory = top + "vcms/\(region)/reservations/\(name)"
    let refused = result(symlink("phys/\(buffer)", directory + "/backing"))
    return refused == EEXIST ? result(symlink("phys/\(buffer)", directory + "/beside")) : refused
  }

  private static func line(_ request: ReservationRequest) -> String {
    var words = ["\(request.length)"]
    if let alignment = request.alignment { words.append("align=\(alignment)") }
    if let address = request.address { words.append("at=0x\(String(address, radix: 16))") }
    if let name = request.name { words.append("name=\(name)") }
    if !request.attributes.access.contains(.write) { words.append("prot=r") }
    return words.joined(separator: " ")
  }

  private static func words(_ attributes: ReservationAttributes) -> String {
    "prot=\(attributes.access.contains(.write) ? "rw" : "r") "
      + "cache=\(attributes.cache == .notCached ? "none" : "wb-wa")"
  }
}

// MARK: - State

extension MountedTree {
  /// The state as the files say it, in the lines of `Engine.summary`.
  func summary() throws -> [String] {
    var lines: [String] = []
    for region in names("vcms") {
      let path = "vcms/\(region)"
      let devices = try names(path + "/devices").map { device in
        device + (try value(path + "/associations/\(device)/active"))
      }
      lines.append("\(region) \(try number(path + "/start")) \(try number(path + "/len")) \(devices)")
      for name in names(path + "/reservations") {
        let reservation = "\(path)/reservations/\(name)"
        lines.append(
          "\(name) \(try number(reservation + "/addr")) \(try number(reservation + "/len")) "
            + "\(try attributes(reservation + "/attr")) \(target(reservation + "/backing"))")
      }
    }
    let buffers = names("phys").filter { $0 != "alloc" && $0 != "at" }
    return lines + (try buffers.map { "\($0) \(try number("phys/\($0)/len"))" }).sorted()
  }

  /// The names in a directory, in its own order.
  private func names(_ path: String) -> [String] {
    guard let directory = opendir(top + path) else { return [] }
    defer { closedir(directory) }
    var found: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { found.append(name) }
    }
    return found
  }

  private func value(_ path: String) throws -> String {
    try String(contentsOfFile: top + path, encoding: .utf8).trimmingCharacters(in: .newlines)
  }

  private func number(_ path: String) throws -> UInt64 {
    let text = try value(path)
    return try #require(text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text))
  }

  private func attributes(_ path: String) throws -> UInt32 {
    let words = try value(path).split(separator: " ")
    try #require(words.count == 3 && words[2] == "user")
    return ReservationAttributes(
      access: words[0] == "prot=rw" ? [.read, .write] : [.read],
      cache: words[1] == "cache=none" ? .notCached : .writeBackWriteAllocate
    ).rawValue
  }

  /// The last name of a link's target; `-` without one.
  private func target(_ path: String) -> String {
    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: top + path) else {
      return "-"
    }
    return target.split(separator: "/").last.map { String($0) } ?? "-"
  }
}
