import Foundation

/// One thing to do, in the same way on both filesystems.
struct Row: Sendable {
  /// What the table and thresholds.json call it.
  let name: String
  /// Which of the null filesystem's mounts it is compared with.
  let baseline: Baseline
  /// Does it once in `directory`, a directory prepared for that; false where it failed.
  let body: @Sendable (_ paths: Paths) -> Bool

  /// How the null filesystem is mounted.
  enum Baseline: String, CaseIterable {
    /// Names and attributes for ever; reads and writes past the page cache: what vcmfs does.
    case direct
  }
}

/// Where things lie on one filesystem, as C strings made once.
final class Paths {
  let attribute: [CChar]
  let link: [CChar]
  let newDirectory: [CChar]
  let newLink: [CChar]
  let target: [CChar]
  /// What is written to the attribute: a value that it may have.
  let value: [UInt8]

  init(attribute: String, link: String, newDirectory: String, newLink: String, target: String, value: String)
  {
    self.attribute = Array(attribute.utf8CString)
    self.link = Array(link.utf8CString)
    self.newDirectory = Array(newDirectory.utf8CString)
    self.newLink = Array(newLink.utf8CString)
    self.target = Array(target.utf8CString)
    self.value = Array(value.utf8)
  }
}

extension Row {
  static let all: [Row] = [
    Row(name: "read an attribute", baseline: .direct) { paths in
      withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { buffer in
        let file = open(paths.attribute, O_RDONLY)
        guard file >= 0 else { return false }
        let count = read(file, buffer.baseAddress, 64)
        return close(file) == 0 && count > 0
      }
    },
    Row(name: "stat, seen before", baseline: .direct) { paths in
      var status = stat()
      return stat(paths.attribute, &status) == 0
    },
    Row(name: "readlink, seen before", baseline: .direct) { paths in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
        guard let start = buffer.baseAddress else { return false }
        return readlink(paths.link, start, 256) > 0
      }
    },
    Row(name: "write an attribute", baseline: .direct) { paths in
      let file = open(paths.attribute, O_WRONLY | O_TRUNC)
      guard file >= 0 else { return false }
      let count = write(file, paths.value, paths.value.count)
      return close(file) == 0 && count == paths.value.count
    },
    Row(name: "mkdir and rmdir", baseline: .direct) { paths in
      mkdir(paths.newDirectory, 0o755) == 0 && rmdir(paths.newDirectory) == 0
    },
    Row(name: "symlink and unlink", baseline: .direct) { paths in
      symlink(paths.target, paths.newLink) == 0 && unlink(paths.newLink) == 0
    },
  ]
}
