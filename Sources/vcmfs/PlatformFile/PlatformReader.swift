import StateTree
import Yams

/// Walks the nodes of a platform file and collects every mistake with its line.
///
/// An accessor that finds a mistake reports it and returns nil, and its caller goes on with the next thing, so that one
/// run shows all mistakes. What comes out is used only if there was none.
struct PlatformReader {
  /// The names of the page-table formats that exist.
  let formats: [String]

  /// The mistakes so far.
  private(set) var problems: [PlatformProblem] = []

  init(formats: [String]) {
    self.formats = formats
  }

  mutating func report(_ node: Node?, _ reason: String) {
    let line = node?.mark?.line
    let problem = PlatformProblem(line: line, reason: reason)
    if !problems.contains(problem) {
      problems.append(problem)
    }
  }

  /// The values of a mapping whose keys are all known; unknown keys are reported.
  mutating func fields(of node: Node, _ what: String, known: [String]) -> [String: Node]? {
    guard let mapping = node.mapping else {
      report(node, "\(what) must be a mapping of \(known.joined(separator: ", "))")
      return nil
    }
    var fields: [String: Node] = [:]
    for (key, value) in mapping {
      if let name = key.scalar?.string, known.contains(name) {
        fields[name] = value
      } else {
        report(key, "unknown key \(shown(key)) in \(what); known are: \(known.joined(separator: ", "))")
      }
    }
    return fields
  }

  /// The entries of a mapping from names to descriptions, in the order of the file.
  mutating func entries(of node: Node, _ what: String) -> [(name: String, key: Node, value: Node)] {
    guard let mapping = node.mapping else {
      if !node.isEmptyScalar {
        report(node, "\(what) must be a mapping of names to descriptions")
      }
      return []
    }
    var entries: [(name: String, key: Node, value: Node)] = []
    for (key, value) in mapping {
      guard let name = key.scalar?.string else {
        report(key, "a name in \(what) must be plain text")
        continue
      }
      if let fault = NameRule.fault(of: name) {
        report(key, "bad name \(shown(key)) in \(what): \(fault)")
      } else {
        entries.append((name, key, value))
      }
    }
    return entries
  }

  /// A size or an address.
  mutating func number(_ node: Node, _ what: String) -> UInt64? {
    guard let text = node.scalar?.string else {
      report(node, "\(what) must be one number such as 0x80000000 or 256M")
      return nil
    }
    do {
      return try Number.parse(text[...])
    } catch {
      switch error {
      case .malformed:
        report(node, "\(what) \(shown(node)) is not a number: decimal or 0x hex, then K, M, G, T or nothing")
      case .tooLarge:
        report(node, "\(what) \(shown(node)) does not fit in 64 bits")
      }
      return nil
    }
  }

  /// A number that has to be a multiple of the smallest page.
  mutating func pageMultiple(_ node: Node, _ what: String) -> UInt64? {
    guard let value = number(node, what) else { return nil }
    guard value.isMultiple(of: 4096) else {
      report(node, "\(what) \(shown(node)) is not a multiple of 4096")
      return nil
    }
    return value
  }

  /// A field that has to be there.
  mutating func required(_ fields: [String: Node], _ key: String, at node: Node, _ what: String) -> Node? {
    if let field = fields[key] { return field }
    report(node, "\(what) has no `\(key)`")
    return nil
  }

  /// A truth; nil field means false.
  mutating func flag(_ node: Node?, _ what: String) -> Bool {
    guard let node else { return false }
    switch (node.scalar?.string, node.scalar?.style) {
    case ("true", .plain), ("yes", .plain), ("on", .plain): return true
    case ("false", .plain), ("no", .plain), ("off", .plain): return false
    default:
      report(node, "\(what) must be true or false, not \(shown(node))")
      return false
    }
  }

  /// Plain text.
  mutating func text(_ node: Node, _ what: String) -> String? {
    if let text = node.scalar?.string, !text.isEmpty { return text }
    report(node, "\(what) must be plain text, not \(shown(node))")
    return nil
  }

  /// A node as a sentence shows it: short, on one line.
  func shown(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): Number.quoted(scalar.string)
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }
}

extension Node {
  /// Whether nothing stands here: `devices:` with an empty rest of the line.
  var isEmptyScalar: Bool {
    scalar?.style == .plain && scalar?.string.isEmpty == true
  }
}
