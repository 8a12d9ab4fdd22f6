/// A picture being drawn: SVG by hand, because it is a few boxes and lines, and a file system must not start programs.
struct Drawing {
  private var elements: [String] = []
  private let width: Int
  private let height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// A box with a tooltip.
  mutating func box(_ x: Int, _ y: Int, _ width: Int, _ height: Int, fill: String, title: String) {
    elements.append(
      "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" rx=\"3\" fill=\"\(fill)\" stroke=\"#444\">"
        + "<title>\(Self.escaped(title))</title></rect>")
  }

  /// A line of text that begins, or ends, at a point.
  mutating func text(_ x: Int, _ y: Int, _ text: String, size: Int = 12, anchor: String = "start") {
    elements.append(
      "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(size)\" text-anchor=\"\(anchor)\">\(Self.escaped(text))</text>"
    )
  }

  /// A line between two points.
  mutating func line(_ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int, isDashed: Bool) {
    let dash = isDashed ? " stroke-dasharray=\"5 4\"" : ""
    elements.append("<line x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\" stroke=\"#666\"\(dash)/>")
  }

  /// The document.
  var svg: String {
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
      + "viewBox=\"0 0 \(width) \(height)\" font-family=\"sans-serif\">\n"
      + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n"
      + elements.map { $0 + "\n" }.joined() + "</svg>\n"
  }

  /// Text inside of an element.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // XML 1.0 has no place for these.
      case "\u{FFFE}", "\u{FFFF}": result += "?"
      default: result.unicodeScalars.append(scalar.value < 0x20 ? "?" : scalar)
      }
    }
    return result
  }
}

extension Topology {
  /// The graph as a picture: devices to the left, regions in the middle, buffers to the right.
  var svg: String {
    let boxWidth = 200
    let gap = 140
    let rowHeight = 56
    let columns = [devices, regions, buffers]
    let rows = columns.map(\.count).max() ?? 0
    let width = 3 * boxWidth + 2 * gap + 40
    var drawing = Drawing(width: width, height: 60 + max(1, rows) * rowHeight)
    var places: [String: (x: Int, y: Int)] = [:]
    for (column, nodes) in columns.enumerated() {
      let x = 20 + column * (boxWidth + gap)
      drawing.text(x, 24, ["devices", "vcms", "phys"][column], size: 14)
      for (row, node) in nodes.enumerated() { places[node.id] = (x, 40 + row * rowHeight) }
    }
    for edge in edges {
      guard let from = places[edge.from], let to = places[edge.to] else { continue }
      let start = (from.x + boxWidth, from.y + 20)
      let end = (to.x, to.y + 20)
      drawing.line(start.0, start.1, end.0, end.1, isDashed: !edge.isActive)
      drawing.text((start.0 + end.0) / 2, (start.1 + end.1) / 2 - 4, edge.label, size: 10, anchor: "middle")
    }
    for (column, nodes) in columns.enumerated() {
      for node in nodes {
        guard let place = places[node.id] else { continue }
        let fill = ["#dce9f7", "#e6f4dd", "#f9ead2"][column]
        drawing.box(place.x, place.y, boxWidth, 40, fill: fill, title: "\(node.title): \(node.detail)")
        drawing.text(place.x + 8, place.y + 17, node.title)
        drawing.text(place.x + 8, place.y + 33, node.detail, size: 10)
      }
    }
    if leftOut > 0 { drawing.text(20, 50 + rows * rowHeight, "and \(leftOut) more") }
    return drawing.svg
  }
}
