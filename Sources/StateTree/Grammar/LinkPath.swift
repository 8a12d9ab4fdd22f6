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
  static func name(in directory: String, of target: String) throws(VCMError) -> String {
    guard target.utf8.count <= longest else {
      throw VCMError(.nameTooLong, "a target of \(target.utf8.count) bytes is longer than \(longest)")
    }
    var components: [Substring] = []
    for component in target.split(separator: "/") where component != "." {
      if component == "..", let last = components.last, last != ".." {
        components.removeLast()
      } else {
        components.append(component)
      }
    }
    guard !target.isEmpty else { throw .missing("an empty target names nothing") }
    guard components.count >= 2, components[components.count - 2] == directory, let name = components.last,
      name != ".."
    else {
      throw .invalid("target \(Number.quoted(target)) does not end in \(directory)/NAME")
    }
    return String(name)
  }
}
