internal import PageTables
internal import VCM

/// A device's format in words: `NAME [levels=N] [granule=SIZE] [base=ADDRESS size=SIZE] [requester=NUMBER] [root=KIND]`.
///
/// The keys are those of the `root` file. What is left out has the format's default.
enum FormatWords {
  private static let vocabulary = RequestVocabulary(
    keys: [
      ("levels", "NUMBER"), ("granule", "SIZE"), ("base", "ADDRESS"), ("size", "SIZE"),
      ("requester", "NUMBER"), ("root", "KIND"),
    ], flags: [])

  /// The words for what a device walks; `none` if it has no format.
  static func text(of device: Device) -> String {
    guard let name = device.formatName else { return "none" }
    let configuration = device.configuration
    var words = [name]
    if let levels = configuration.levels { words.append("levels=\(levels)") }
    if let order = configuration.granuleLog2, (0..<64).contains(order) {
      words.append("granule=\(Print.friendly(1 << UInt64(order)))")
    }
    if let window = configuration.window {
      words += ["base=\(Print.address(window.base))", "size=\(Print.friendly(window.size))"]
    }
    if let requester = configuration.requester {
      words.append("requester=\(Print.address(UInt64(requester)))")
    }
    if let root = configuration.root { words.append("root=\(root.rawValue)") }
    return Print.list(words)
  }

  /// Reads the words; `none` is no format.
  ///
  /// Whether the format has what is chosen is the engine's question.
  ///
  /// - Throws: `EINVAL` for a word that is none, a number out of range, and a window of which one half is missing.
  static func choice(
    _ text: Substring
  ) throws(VCMError) -> (name: String?, configuration: TableConfiguration) {
    var configuration = TableConfiguration()
    guard let line = try RequestLine(text) else { throw .invalid("a format is a name from formats, or none") }
    var base: UInt64?
    var size: UInt64?
    for option in line.options {
      try vocabulary.check(option)
      let value = option.value ?? ""
      switch option.key {
      case "levels": configuration.levels = Int(try number(value, as: "levels", atMost: 6))
      case "granule": configuration.granuleLog2 = try order(of: value)
      case "base": base = try Number.size(value, as: "base")
      case "size": size = try Number.size(value, as: "size")
      case "root": configuration.root = try rootKind(value)
      default: configuration.requester = UInt16(try number(value, as: "requester", atMost: 0xFFFF))
      }
    }
    switch (base, size) {
    case (nil, nil): break
    case (let base?, let size?): configuration.window = TableConfiguration.Window(base: base, size: size)
    default: throw .invalid("a window needs both base= and size=")
    }
    guard line.head == "none" else { return (String(line.head), configuration) }
    guard line.options.isEmpty else { throw .invalid("none takes no choices") }
    return (nil, configuration)
  }

  private static func number(
    _ text: Substring, as what: String, atMost limit: UInt64
  ) throws(VCMError) -> UInt64 {
    let number = try Number.size(text, as: what)
    guard number <= limit else { throw .invalid("\(what) \(Number.quoted(text)) is more than \(limit)") }
    return number
  }

  private static func rootKind(_ text: Substring) throws(VCMError) -> TableConfiguration.RootKind {
    if let kind = TableConfiguration.RootKind(rawValue: String(text)) { return kind }
    let known = TableConfiguration.RootKind.allCases.map(\.rawValue).joined(separator: ", ")
    throw .invalid("root \(Number.quoted(text)) is none of \(known)")
  }

  private static func order(of text: Substring) throws(VCMError) -> Int {
    let size = try Number.size(text, as: "granule")
    guard size.nonzeroBitCount == 1 else {
      throw .invalid("granule \(Number.quoted(text)) is not a power of two such as 4K")
    }
    return size.trailingZeroBitCount
  }
}
