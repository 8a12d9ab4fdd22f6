/// A picture being drawn: SVG by hand, because it is a few boxes and lines, and a filesystem must not start programs.
///
/// Sizes are in CSS pixels. Texts are cut to the room that they have, by an estimate of their width; the whole text then
/// stands in the tooltip of what they name.
struct Drawing {
  private var elements = ByteText()
  private let width: Int
  private let height: Int

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  /// The classes that elements may have, beside those of text.
  private static let styles = """
    text{font-family:"Inter","Segoe UI","Helvetica Neue",Arial,"DejaVu Sans",sans-serif;fill:#1f2933;font-size:12px}
    .m{font-family:"JetBrains Mono","DejaVu Sans Mono",Menlo,Consolas,monospace;font-size:11px}
    .h{font-size:17px;font-weight:600}.b{font-weight:600}.d{fill:#66727f;font-size:11px}
    .e{text-anchor:end}.c{text-anchor:middle}
    .o{stroke:#fff;stroke-width:4px;stroke-linejoin:round;paint-order:stroke}
    """

  /// The styles of text.
  struct TextStyle: OptionSet {
    let rawValue: Int
    /// Fixed width.
    static let fixed = TextStyle(rawValue: 1)
    /// A heading.
    static let heading = TextStyle(rawValue: 2)
    static let bold = TextStyle(rawValue: 4)
    /// Less important.
    static let dim = TextStyle(rawValue: 8)
    /// Ends at the point.
    static let end = TextStyle(rawValue: 16)
    /// Has the point in its middle.
    static let centre = TextStyle(rawValue: 32)
    /// With a white outline, to be read over lines.
    static let outlined = TextStyle(rawValue: 64)

    fileprivate var names: String {
      zip(0..<7, ["m", "h", "b", "d", "e", "c", "o"]).filter { rawValue >> $0.0 & 1 == 1 }.map(\.1)
        .joined(separator: " ")
    }

    /// The estimated width of a character in tenths of a pixel.
    fileprivate var characterWidth: Int {
      contains(.heading) ? 98 : contains(.fixed) ? 67 : contains(.dim) ? 61 : contains(.bold) ? 72 : 66
    }
  }

  /// A box with a tooltip.
  mutating func box(
    _ x: Int, _ y: Int, _ width: Int, _ height: Int, fill: String, stroke: String = "none", radius: Int = 0,
    isDashed: Bool = false, title: String = ""
  ) {
    put("<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" fill=\"\(fill)\"")
    if radius > 0 { put(" rx=\"\(radius)\"") }
    if stroke != "none" { put(" stroke=\"\(stroke)\"") }
    if isDashed { put(" stroke-dasharray=\"4 3\"") }
    put(title.isEmpty ? "/>\n" : "><title>\(Self.escaped(title))</title></rect>\n")
  }

  /// A line of text at a point, cut to a width if one is given.
  mutating func text(_ x: Int, _ y: Int, _ text: String, _ style: TextStyle = [], within width: Int? = nil) {
    let names = style.names
    let shown = width.map { Self.cut(text, to: $0, style) } ?? text
    put(
      "<text x=\"\(x)\" y=\"\(y)\"\(names.isEmpty ? "" : " class=\"\(names)\"")>\(Self.escaped(shown))</text>\n"
    )
  }

  /// A line between two points.
  mutating func line(
    _ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int, stroke: String = "#9aa5b1", isDashed: Bool = false
  ) {
    let dash = isDashed ? " stroke-dasharray=\"4 3\"" : ""
    put("<line x1=\"\(x1)\" y1=\"\(y1)\" x2=\"\(x2)\" y2=\"\(y2)\" stroke=\"\(stroke)\"\(dash)/>\n")
  }

  /// A curve from left to right with an arrow at its end.
  mutating func arrow(
    _ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int, stroke: String, isDashed: Bool, title: String
  ) {
    let bend = max(24, (x2 - x1) / 2)
    put(
      "<path d=\"M\(x1) \(y1)C\(x1 + bend) \(y1) \(x2 - bend) \(y2) \(x2 - 7) \(y2)\" fill=\"none\" stroke=\"\(stroke)\" "
        + "stroke-width=\"1.6\"\(isDashed ? " stroke-dasharray=\"5 4\"" : "")><title>\(Self.escaped(title))</title></path>\n"
    )
    put("<path d=\"M\(x2 - 8) \(y2 - 4)L\(x2) \(y2)L\(x2 - 8) \(y2 + 4)Z\" fill=\"\(stroke)\"/>\n")
  }

  private mutating func put(_ text: String) { elements.put(text) }

  /// The document.
  var svg: [UInt8] {
    var text = ByteText()
    text.put(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\" "
        + "viewBox=\"0 0 \(width) \(height)\">\n<style>\(Self.styles)</style>\n"
        + "<defs><pattern id=\"empty\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
        + "patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#fdf6e3\"/>"
        + "<line x1=\"0\" y1=\"0\" x2=\"0\" y2=\"6\" stroke=\"#e6d3a3\" stroke-width=\"2\"/></pattern></defs>\n"
        + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n")
    text.put(elements)
    text.put("</svg>\n")
    return text.bytes
  }

  /// A text cut to a width, with an ellipsis where something was left out.
  static func cut(_ text: String, to width: Int, _ style: TextStyle) -> String {
    let room = max(1, width * 10 / style.characterWidth)
    return text.count <= room ? text : text.prefix(room - 1) + "…"
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

extension Drawing {
  /// The fill of leaves of a page size: the larger the page, the deeper the blue.
  static func fill(ofPage size: UInt64) -> String {
    switch size {
    case ..<(16 << 10): "#e3f0fb"
    case ..<(256 << 10): "#c3def5"
    case ..<(2 << 20): "#93c3ec"
    case ..<(64 << 20): "#5fa3de"
    default: "#3a84c9"
    }
  }
}
