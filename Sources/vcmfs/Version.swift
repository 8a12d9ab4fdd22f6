/// The version of this program.
enum Version {
  /// What `vcmfs --version` prints.
  static let current = "0.1.0"
}
