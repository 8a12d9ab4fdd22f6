import PageTables
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
    let choices = ["format", "window", "levels", "granule", "requester", "root"]
    guard let fields = fields(of: node, what, known: ["type"] + choices) else { return nil }
    let kind = required(fields, "type", at: key, what).flatMap { deviceKind($0, what) }
    let format = fields["format"].flatMap { self.format($0, what) }
    let window = fields["window"].flatMap { self.window($0, "the window of \(what)") }
    let levels = fields["levels"].flatMap { number($0, "the number of levels of \(what)", atMost: 6) }
    let granule = fields["granule"].flatMap { granuleLog2($0, what) }
    let requester = fields["requester"].flatMap { number($0, "the requester of \(what)", atMost: 0xFFFF) }
    let root = fields["root"].flatMap { rootKind($0, what) }
    guard let kind else { return nil }
    if kind == .oneToOne {
      for key in choices {
        if let field = fields[key] {
          report(field, "\(what) is one-to-one: it walks no page table and takes no `\(key)`")
        }
      }
    }
    let device = DeviceDescription(
      name: name, kind: kind, format: format, window: window, levels: levels.map { Int($0) },
      granuleLog2: granule, requester: requester.map { UInt16($0) }, root: root)
    if kind != .oneToOne, let field = fields["format"] { checkConfiguration(of: device, field, what) }
    return device
  }

  /// Reports choices that the device's format does not have.
  private mutating func checkConfiguration(of device: DeviceDescription, _ node: Node, _ what: String) {
    guard let format = device.format.flatMap({ FormatRegistry.named($0) }) else { return }
    do {
      _ = try format.description(for: device.configuration)
    } catch {
      report(node, "\(what): \(error.sentence)")
    }
  }

  private mutating func number(_ node: Node, _ what: String, atMost limit: UInt64) -> UInt64? {
    guard let value = number(node, what) else { return nil }
    guard value <= limit else {
      report(node, "\(what) is \(shown(node)), which is more than \(limit)")
      return nil
    }
    return value
  }

  private mutating func granuleLog2(_ node: Node, _ what: String) -> Int? {
    guard let size = number(node, "the granule of \(what)") else { return nil }
    guard size.nonzeroBitCount == 1 else {
      report(node, "the granule of \(what) is \(shown(node)), not a power of two such as 4K")
      return nil
    }
    return size.trailingZeroBitCount
  }

  private mutating func deviceKind(_ node: Node, _ what: String) -> DeviceKind? {
    if let kind = node.scalar.flatMap({ DeviceKind(rawValue: $0.string) }) { return kind }
    let known = DeviceKind.allCases.map(\.rawValue).joined(separator: ", ")
    report(node, "the type of \(what) is \(shown(node)); known are: \(known)")
    return nil
  }

  private mutating func rootKind(_ node: Node, _ what: String) -> TableConfiguration.RootKind? {
    if let kind = node.scalar.flatMap({ TableConfiguration.RootKind(rawValue: $0.string) }) { return kind }
    let known = TableConfiguration.RootKind.allCases.map(\.rawValue).joined(separator: ", ")
    report(node, "the root of \(what) is \(shown(node)); known are: \(known)")
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
