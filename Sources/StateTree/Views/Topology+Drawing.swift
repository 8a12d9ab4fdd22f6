/// The graph as a picture: devices to the left, regions in the middle, buffers to the right.
///
/// It is drawn directly and not by Graphviz, because a filesystem must not start programs.
struct TopologyPicture: ViewCapture {
  let topology: Topology

  private static let boxWidth = 210
  private static let boxHeight = 46
  private static let gap = 190
  private static let rowHeight = 68
  private static let margin = 24
  private static let top = 70

  private static let looks: [(heading: String, fill: String, stroke: String)] = [
    ("devices", "#e3f0fb", "#2b6cb0"), ("vcms", "#e2f5df", "#2f855a"), ("phys", "#fdebd3", "#b7791f"),
  ]

  /// A picture.
  ///
  /// O(nodes log nodes + edges).
  func render() -> [UInt8] {
    let columns = [topology.devices, topology.regions, topology.buffers]
    let rows = max(1, columns.map(\.count).max() ?? 0)
    let places = place(columns, rows)
    let width = 2 * Self.margin + 3 * Self.boxWidth + 2 * Self.gap
    var drawing = Drawing(
      width: width, height: Self.top + rows * Self.rowHeight + 10 + 18 * topology.remarks.count)
    for (column, look) in Self.looks.enumerated() {
      let count = columns[column].count
      drawing.text(Self.left(column), 32, look.heading, .heading)
      drawing.text(Self.left(column), 50, count == 500 ? "500 or more" : "\(count)", .dim)
    }
    draw(places, &drawing)
    for (column, nodes) in columns.enumerated() {
      for node in nodes {
        guard let y = places[node.id] else { continue }
        let (x, look) = (Self.left(column), Self.looks[column])
        drawing.box(
          x, y, Self.boxWidth, Self.boxHeight, fill: look.fill, stroke: look.stroke, radius: 6,
          title: "\(node.title): \(node.detail)")
        drawing.text(x + 12, y + 19, node.title, .bold, within: Self.boxWidth - 24)
        drawing.text(x + 12, y + 36, node.detail, .dim, within: Self.boxWidth - 24)
      }
    }
    for (index, remark) in topology.remarks.enumerated() {
      drawing.text(Self.margin, Self.top + rows * Self.rowHeight + 8 + 18 * index, remark, .dim)
    }
    return drawing.svg
  }

  private static func left(_ column: Int) -> Int { margin + column * (boxWidth + gap) }

  /// The tops of the boxes: each column is centred, and its nodes follow the middle of what they are joined with, so that
  /// edges cross little.
  private func place(_ columns: [[Topology.Node]], _ rows: Int) -> [String: Int] {
    var neighbours: [String: [String]] = [:]
    for edge in topology.edges {
      neighbours[edge.from, default: []].append(edge.to)
      neighbours[edge.to, default: []].append(edge.from)
    }
    var places: [String: Int] = [:]
    // The regions first, as they were made; then what is on either side of them.
    for column in [1, 0, 2] {
      let ranked = columns[column].enumerated().map { index, node -> (rank: Int, index: Int, id: String) in
        let around = (neighbours[node.id] ?? []).compactMap { places[$0] }
        return (around.isEmpty ? .max : around.reduce(0, +) / around.count, index, node.id)
      }.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }
      let first = Self.top + (rows - ranked.count) * Self.rowHeight / 2
      for (row, node) in ranked.enumerated() { places[node.id] = first + row * Self.rowHeight }
    }
    return places
  }

  /// The edges, each of which leaves and enters its boxes at a point of its own.
  private func draw(_ places: [String: Int], _ drawing: inout Drawing) {
    var leaving: [String: [Int]] = [:]
    var entering: [String: [Int]] = [:]
    for (index, edge) in topology.edges.enumerated() where places[edge.from] != nil && places[edge.to] != nil
    {
      leaving[edge.from, default: []].append(index)
      entering[edge.to, default: []].append(index)
    }
    var starts: [Int: Int] = [:]
    var ends: [Int: Int] = [:]
    let edges = topology.edges
    for (id, indices) in leaving {
      let order = indices.sorted { (places[edges[$0].to] ?? 0, $0) < (places[edges[$1].to] ?? 0, $1) }
      for (rank, index) in order.enumerated() {
        starts[index] = Self.port(places[id] ?? 0, rank, order.count)
      }
    }
    for (id, indices) in entering {
      let order = indices.sorted { (places[edges[$0].from] ?? 0, $0) < (places[edges[$1].from] ?? 0, $1) }
      for (rank, index) in order.enumerated() { ends[index] = Self.port(places[id] ?? 0, rank, order.count) }
    }
    var labels: [(x: Int, y: Int, text: String)] = []
    for (index, edge) in edges.enumerated() {
      guard let start = starts[index], let end = ends[index] else { continue }
      let x = Self.left(edge.from.hasPrefix("d") ? 0 : 1) + Self.boxWidth
      drawing.arrow(
        x, start, x + Self.gap, end, stroke: edge.isActive ? "#52606d" : "#9aa5b1", isDashed: !edge.isActive,
        title: edge.label)
      labels.append((x + Self.gap / 2, (start + end) / 2 + 4, edge.label))
    }
    // Above the lines, so that they can be read.
    for label in labels {
      drawing.text(label.x, label.y, label.text, [.dim, .centre, .outlined], within: Self.gap - 50)
    }
  }

  /// Where the edge of some rank meets a box.
  private static func port(_ top: Int, _ rank: Int, _ count: Int) -> Int {
    top + boxHeight * (rank + 1) / (count + 1)
  }
}
