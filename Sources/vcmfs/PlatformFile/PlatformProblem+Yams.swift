import Yams

extension PlatformProblem {
  /// What the YAML parser found wrong.
  init(_ error: any Error, in text: String) {
    switch error {
    case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
      YamlError.composer(_, let problem, let mark, _):
      self.init(line: mark.line, reason: "not YAML: \(problem)")
    case YamlError.reader(let problem, let offset, _, _):
      self.init(line: offset.map { Self.line(ofByte: $0, in: text) }, reason: "not YAML: \(problem)")
    case YamlError.duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.sorted()
      let line = names.compactMap { Self.line(ofSecond: $0, from: context.mark.line, in: text) }.min()
      let list = names.map { "`\($0)`" }.joined(separator: ", ")
      self.init(line: line ?? context.mark.line, reason: "\(list) is there twice")
    case let failure as NestingLimit.Exceeded:
      self.init(line: failure.line, reason: "nested more than \(NestingLimit.depth) deep")
    default:
      self.init(line: nil, reason: "not YAML: \(error)")
    }
  }

  private static func line(ofByte offset: Int, in text: String) -> Int {
    text.utf8.prefix(offset).reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
  }

  /// The line where a key stands for the second time, at or after a line; the parser only tells the mapping's own line.
  private static func line(ofSecond key: String, from first: Int, in text: String) -> Int? {
    var seen = 0
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    where index + 1 >= first {
      let content = line.prefix { $0 != "#" }
      for piece in content.split(whereSeparator: { "{,}".contains($0) }) {
        let name = piece.prefix { $0 != ":" }.trimmed
        guard piece.contains(":"), name == key || name == "'\(key)'" || name == "\"\(key)\"" else { continue }
        seen += 1
        if seen == 2 { return index + 1 }
      }
    }
    return nil
  }
}

extension Substring {
  /// The text without the blanks at its ends.
  fileprivate var trimmed: Substring {
    let head = drop { $0.isWhitespace }
    return head.lastIndex { !$0.isWhitespace }.map { head[...$0] } ?? head.prefix(0)
  }
}
