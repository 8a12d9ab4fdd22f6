/// What a name of the tree may be: 1 to 255 bytes without `/`, controls, or a leading dot.
enum NameRule {
  /// What is wrong with a name; nil if nothing is.
  static func fault(of name: String) -> String? {
    if name.isEmpty { return "it is empty" }
    if name.utf8.count > 255 { return "it is longer than 255 bytes" }
    if name.utf8.first == UInt8(ascii: ".") { return "it begins with a dot" }
    if name.utf8.contains(UInt8(ascii: "/")) { return "it has a slash" }
    if name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
      return "it has a control character"
    }
    return nil
  }
}
