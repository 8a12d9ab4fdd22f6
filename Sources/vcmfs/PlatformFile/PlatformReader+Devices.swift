import VCM
import Yams

extension PlatformReader {
  /// The whole platform; nil if there is nothing in the file.
  mutating func platform(_ root: Node?) -> Platform? {
    guard let root, !root.isEmptyScalar else {
      report(nil, "the file is empty: it must have `memory`, and may have `name` and `devices`")
      return nil
    }
    guard let fields = fields(of: root, "the platform", known: ["name", "memory", "devices"]) else {
      return nil
    }
    let name = fields["name"].map { self.name(of: $0) } ?? "unnamed"
    guard let memory = required(fields, "memory", at: root, "the platform") else { return nil }
    let reported = problems.count
    let types = memoryTypes(memory)
    if types.isEmpty && problems.count == reported {
      report(memory, "the platform has no memory type: at least one is needed")
    }
    return Platform(name: name, memoryTypes: types, devices: fields["devices"].map { devices($0) } ?? [])
  }

  private mutating func name(of node: Node) -> String {
    guard let name = text(node, "the platform's name") else { return "" }
    if let fault = NameRule.fault(of: name) {
      report(node, "bad platform name \(shown(node)): \(fault)")
    }
    return name
  }

  private mutating func devices(_ node: Node) -> [DeviceDescription] {
    entries(of: node, "devices").compactMap { device($0.name, $0.key, $0.value) }
  }

  private mutating func device(_ name: String, _ key: Node, _ node: Node) -> DeviceDescription? {
    let what = "device `\(name)`"
    guard let fields = fields(of: node, what, known: ["type", "format", "window"]) else { return nil }
    let kind = required(fields, "type", at: key, what).flatMap { deviceKind($0, what) }
    let format = fields["format"].flatMap { self.format($0, what) }
    let window = fields["window"].flatMap { self.window($0, "the window of \(what)") }
    guard let kind else { return nil }
    if kind == .oneToOne {
      for key in ["format", "window"] {
        if let field = fields[key] {
          report(field, "\(what) is one-to-one: it walks no page table and takes no `\(key)`")
        }
      }
    }
    return DeviceDescription(name: name, kind: kind, format: format, window: window)
  }

  private mutating func deviceKind(_ node: Node, _ what: String) -> DeviceKind? {
    if let kind = node.scalar.flatMap({ DeviceKind(rawValue: $0.string) }) { return kind }
    let known = DeviceKind.allCases.map(\.rawValue).joined(separator: ", ")
    report(node, "the type of \(what) is \(shown(node)); known are: \(known)")
    return nil
  }

  private mutating func format(_ node: Node, _ what: String) -> String? {
    guard let name = text(node, "the format of \(what)") else { return nil }
    guard formats.contains(name) else {
      report(node, "the format of \(what) is \(shown(node)), which is unknown; `vcmfs formats` lists all")
      return nil
    }
    return name
  }

  private mutating func window(_ node: Node, _ what: String) -> DeviceWindow? {
    guard let fields = fields(of: node, what, known: ["base", "size"]) else { return nil }
    let base = required(fields, "base", at: node, what).flatMap { pageMultiple($0, "the base of \(what)") }
    let size = required(fields, "size", at: node, what).flatMap { pageMultiple($0, "the size of \(what)") }
    guard let base, let size, isRange(base, size, fields["size"] ?? node, what) else { return nil }
    return DeviceWindow(base: base, size: size)
  }
}
