import Foundation

/// Writes a text to a file in one piece, as a shell's `>` does.
func echo(_ text: String, _ path: String, truncating: Bool = true) -> Bool {
  let file = open(path, O_WRONLY | (truncating ? O_TRUNC : 0))
  guard file >= 0 else { return false }
  var text = text
  let count = text.withUTF8 { write(file, $0.baseAddress, $0.count) }
  return close(file) == 0 && count == text.utf8.count
}

private let readAttribute: @Sendable (Paths) -> Bool = { paths in
  withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { buffer in
    let file = open(paths.attribute, O_RDONLY)
    guard file >= 0 else { return false }
    let count = read(file, buffer.baseAddress, 64)
    return close(file) == 0 && count > 0
  }
}

extension Row {
  static let names: [Row] = [
    Row(name: "open, read, close an attribute", pair: .direct, body: readAttribute),
    Row(name: "the same, beside no caching at all", pair: .asked, body: readAttribute),
    Row(name: "write an attribute", pair: .direct) { echo($0.value, $0.attribute, truncating: false) },
    Row(name: "echo > an attribute", pair: .attributes) { echo($0.value, $0.attribute) },
    Row(name: "the same, beside no extended attributes", pair: .direct) { echo($0.value, $0.attribute) },
    Row(name: "mkdir and rmdir a region", pair: .direct) { paths in
      mkdir(paths.newDirectory, 0o755) == 0 && rmdir(paths.newDirectory) == 0
    },
    Row(name: "ln -s and rm an association", pair: .direct) { paths in
      symlink(paths.target, paths.newLink) == 0 && unlink(paths.newLink) == 0
    },
    Row(name: "reserve and rmdir", pair: .direct) { paths in
      echo(paths.request, paths.requests, truncating: false) && rmdir(paths.made) == 0
    },
    Row(name: "stat, seen before", pair: .cached) { paths in
      var status = stat()
      return stat(paths.attribute, &status) == 0
    },
    Row(name: "lstat a link, seen before", pair: .cached) { paths in
      var status = stat()
      return lstat(paths.link, &status) == 0
    },
    Row(name: "readlink, seen before", pair: .cached) { paths in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        guard let start = buffer.baseAddress else { return false }
        return readlink(paths.link, start, 256) > 0
      }
    },
    Row(name: "ls -l of 100, seen before", pair: .cached) { list($0.listing, withAttributes: true) == 100 },
    Row(name: "pread an open attribute, unchanged", pair: .cached) { paths in
      withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) {
        pread(paths.constantFile, $0.baseAddress, 64, 0) > 0
      }
    },
  ]
}

/// Reads a directory, and stats everything in it if wanted; how many names there are, or -1.
func list(_ path: String, withAttributes: Bool) -> Int {
  guard let directory = opendir(path) else { return -1 }
  defer { closedir(directory) }
  let descriptor = dirfd(directory)
  var count = 0
  while let entry = readdir(directory) {
    let isDots = withUnsafeBytes(of: &entry.pointee.d_name) { $0[0] == UInt8(ascii: ".") }
    guard !isDots else { continue }
    count += 1
    guard withAttributes else { continue }
    var status = stat()
    let done = withUnsafePointer(to: &entry.pointee.d_name) { name in
      name.withMemoryRebound(to: CChar.self, capacity: 256) {
        fstatat(descriptor, $0, &status, AT_SYMLINK_NOFOLLOW)
      }
    }
    if done != 0 { return -1 }
  }
  return count
}
