/// The rules that names of regions, reservations, devices, allocations and bounds obey.
public enum ObjectName {
  /// The largest number of bytes of a name.
  public static let maximumByteCount = 255

  /// Refuses a name that breaks a rule.
  ///
  /// - Throws: `nameTooLong` (ENAMETOOLONG) above 255 bytes; `invalidName` (EINVAL) for an empty name, a
  ///   leading dot, a slash or a control character.
  public static func check(_ name: String) throws(VCMError) {
    guard !name.isEmpty else { throw VCMError(.invalidName, "a name needs at least one character") }
    guard name.utf8.count <= maximumByteCount else {
      throw VCMError(.nameTooLong, "the name has \(name.utf8.count) bytes, but at most 255 are allowed")
    }
    guard name.utf8.first != UInt8(ascii: ".") else {
      throw VCMError(.invalidName, "the name '\(printable(name))' begins with a dot")
    }
    for scalar in name.unicodeScalars {
      guard scalar != "/" else {
        throw VCMError(.invalidName, "the name '\(printable(name))' contains a slash")
      }
      guard !isControl(scalar) else {
        throw VCMError(.invalidName, "the name '\(printable(name))' contains a control character")
      }
    }
  }

  /// The name that these bytes spell, checked.
  ///
  /// - Throws: as ``check(_:)``, and `invalidName` (EINVAL) if the bytes are not UTF-8.
  public static func checked(_ bytes: some Collection<UInt8>) throws(VCMError) -> String {
    guard let name = String(validating: bytes, as: UTF8.self) else {
      throw VCMError(
        .invalidName, "the name '\(printable(String(decoding: bytes, as: UTF8.self)))' is not UTF-8")
    }
    try check(name)
    return name
  }

  /// The name with control characters as question marks, and shortened, for a sentence.
  static func printable(_ name: String) -> String {
    var text = ""
    for scalar in name.unicodeScalars.prefix(64) {
      text.unicodeScalars.append(isControl(scalar) ? "?" : scalar)
    }
    return name.unicodeScalars.count > 64 ? text + "..." : text
  }

  /// Whether a scalar is of Unicode's category Cc, which is these two ranges and will stay so.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }
}
