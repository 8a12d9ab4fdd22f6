/// The text of `help`: every file of the tree, from the declarations.
enum Help {
  /// The whole text.
  static let text: String = {
    var lines = [
      "Every file, with what it is. Sizes are decimal or 0x hex with K, M, G, T; a write is all of its lines or none;",
      "an error's number comes from the write itself, and its words from last_error. Read reserve and alloc for their",
      "grammar.",
      "",
    ]
    for entry in entries where !entry.path.isEmpty {
      let path = entry.path + (entry.isDirectory ? "/" : "")
      lines.append(
        path + String(repeating: " ", count: max(1, 46 - path.utf8.count)) + entry.direction + "  "
          + entry.help)
    }
    return lines.map { $0 + "\n" }.joined()
  }()

  /// One node of the documentation.
  struct Entry: Sendable {
    /// The path from the top, with `<vcm>` and the like for names.
    let path: String
    let isDirectory: Bool
    /// `r`, `w` or `rw`; of a link `->`, of a directory `d`.
    let direction: String
    let help: String
    let example: String
  }

  /// Every node of the tree, in the order of the tree.
  static let entries: [Entry] = {
    var entries: [Entry] = []
    append(TreeRoot.declaration, under: nil, to: &entries)
    return entries
  }()

  private static func append(_ declaration: NodeDeclaration, under parent: String?, to entries: inout [Entry])
  {
    let prefix = parent.map { $0.isEmpty ? "" : $0 + "/" } ?? ""
    // A link that lies in another kind's directory is declared with that directory's name before its own.
    let name = declaration.name.split(separator: "/").last.map { String($0) } ?? ""
    let path = prefix + name
    entries.append(
      Entry(
        path: path, isDirectory: declaration.kind == .directory, direction: direction(of: declaration),
        help: declaration.help, example: declaration.example))
    guard case .directory(let nodes, let members) = declaration.behaviour else { return }
    for node in nodes { append(node, under: path, to: &entries) }
    if let members { append(members.declaration, under: path, to: &entries) }
  }

  private static func direction(of declaration: NodeDeclaration) -> String {
    switch declaration.behaviour {
    case .directory: "d "
    case .link: "->"
    case .text, .view, .dump, .memory, .special:
      switch declaration.permissions & 0o600 {
      case 0o200: "w "
      case 0o400: "r "
      default: "rw"
      }
    }
  }
}
