internal import Glibc

/// The mounts that this process sees: /proc/self/mountinfo, proc_pid_mountinfo(5).
enum MountTable {
  /// One mount.
  struct Mount: Hashable, Sendable {
    /// The kernel's number of it, unique while it exists.
    let identifier: Int
    /// The device's numbers, as `0:45`: the same for all mounts of one filesystem.
    let device: String
    /// Where it is mounted.
    let path: String
    /// As `fuse.vcmfs`.
    let type: String
  }

  /// The uppermost mount at `path` (absolute, without links), or nil.
  ///
  /// O(n).
  static func mount(at path: String) -> Mount? {
    mounts().last { $0.path == path }
  }

  static func mounts() -> [Mount] {
    contents().split(separator: 0x0A).compactMap { parse(String(decoding: $0, as: UTF8.self)) }
  }

  static func parse(_ line: String) -> Mount? {
    let fields = line.split(separator: " ")
    guard fields.count >= 7, let identifier = Int(fields[0]),
      let separator = fields.firstIndex(of: "-"), separator + 1 < fields.count
    else { return nil }
    return Mount(
      identifier: identifier, device: String(fields[2]), path: unescape(fields[4]),
      type: String(fields[separator + 1]))
  }

  /// Blanks, tabs, newlines and backslashes stand as three octal digits.
  private static func unescape(_ field: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = field.utf8
    while let first = rest.popFirst() {
      let digits = rest.prefix(3)
      if first == 0x5C, digits.count == 3, let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(first)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func contents() -> [UInt8] {
    let descriptor = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while true {
      let piece = [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
        count = max(read(descriptor, buffer.baseAddress, buffer.count), 0)
      }
      if piece.isEmpty { return bytes }
      bytes += piece
    }
  }
}
