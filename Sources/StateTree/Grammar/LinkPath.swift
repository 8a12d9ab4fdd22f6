internal import VCM

/// The targets of symbolic links.
///
/// A target counts by its last two components, whatever stands before them, so that it may be relative to the link, to
/// the top of the tree, or absolute. `.` and empty components are nothing, and `..` takes the component before it away.
enum LinkPath {
  /// The longest target that is looked at, in bytes.
  static let longest = 4096

  /// The name in `directory` that a target leads to.
  ///
  /// - Throws: `ENOENT` of an empty target, `ENAMETOOLONG` of an endless one, `EINVAL` if it does not lead into
  ///   `directory`.
  static func name(in directory: StaticString, of target: String) throws(VCMError) -> String {
    guard target.utf8.count <= longest else {
      throw VCMError(.nameTooLong, "a target of \(target.utf8.count) bytes is longer than \(longest)")
    }
    guard !target.isEmpty else { throw .missing("an empty target names nothing") }
    var text = target
    let name = text.withUTF8 { bytes -> String? in
      guard let found = lastTwo(of: bytes),
        directory.withUTF8Buffer({ $0.hasSameBytes(as: UnsafeBufferPointer(rebasing: bytes[found.first])) })
      else { return nil }
      return String(decoding: bytes[found.second], as: UTF8.self)
    }
    guard let name else {
      throw .invalid("target \(Number.quoted(target)) does not end in \(directory)/NAME")
    }
    return name
  }

  /// Where the last two components of a path lie; nil if it has fewer.
  private static func lastTwo(
    of path: UnsafeBufferPointer<UInt8>
  ) -> (first: Range<Int>, second: Range<Int>)? {
    var last: Range<Int>?
    // How many of the components in front are taken away by a `..` behind them.
    var taken = 0
    var end = path.count
    while end > 0 {
      let start = path[..<end].lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
      let component = start..<end
      end = start - 1
      let isDots = component.count <= 2 && path[component].allSatisfy { $0 == UInt8(ascii: ".") }
      if isDots {
        if component.count == 2 { taken += 1 }
      } else if taken > 0 {
        taken -= 1
      } else if let last {
        return (component, last)
      } else {
        last = component
      }
    }
    return nil
  }
}
