internal import VCM

/// The graph of devices, regions and buffers, for pictures.
struct Topology: Sendable {
  /// A node of the picture.
  struct Node {
    let id: String
    let title: String
    let detail: String
  }

  /// An edge of the picture.
  struct Edge {
    let from: String
    let to: String
    let label: String
    let isActive: Bool
  }

  /// The largest number of nodes of a kind that is drawn: beyond that a picture shows nothing.
  static let mostNodes = 500
  /// The largest number of reservations that are looked at: beyond that edges are left out, which is said.
  static let mostReservations = 20_000

  private(set) var devices: [Node] = []
  private(set) var regions: [Node] = []
  private(set) var buffers: [Node] = []
  private(set) var edges: [Edge] = []
  /// What was left out.
  private(set) var leftOut = 0
  /// Whether reservations, and perhaps edges, were left out.
  private(set) var isCut = false
  /// How many reservations were looked at.
  private var reservationCount = 0

  /// The graph.
  ///
  /// O(devices, regions and buffers), and at most ``mostReservations``.
  init(_ state: TreeState) {
    var last: ObjectID?
    while let device = state.engine.firstDevice(after: last) {
      last = device.id
      guard devices.count < Self.mostNodes else {
        leftOut += 1
        continue
      }
      let format = device.formatName.map { " " + $0 } ?? ""
      devices.append(
        Node(id: "d\(device.id.serial)", title: device.name, detail: device.kind.rawValue + format))
    }
    last = nil
    while let allocation = state.engine.firstAllocation(after: last) {
      last = allocation.id
      guard buffers.count < Self.mostNodes else {
        leftOut += 1
        continue
      }
      buffers.append(
        Node(
          id: "b\(allocation.id.serial)", title: allocation.name,
          detail: allocation.chunkCount == 1
            ? "\(Print.rounded(allocation.length)) in one chunk"
            : "\(Print.rounded(allocation.length)) in \(allocation.chunkCount) chunks"))
    }
    last = nil
    while let region = state.engine.firstRegion(after: last) {
      last = region.id
      guard regions.count < Self.mostNodes else {
        leftOut += 1
        continue
      }
      add(region)
    }
  }

  private mutating func add(_ region: Region) {
    let id = "r\(region.id.serial)"
    let range = "\(Print.address(region.start)) + \(Print.rounded(region.length))"
    regions.append(Node(id: id, title: region.name, detail: "\(region.kind.rawValue) \(range)"))
    for association in region.associations {
      edges.append(
        Edge(
          from: "d\(association.device.id.serial)", to: id,
          label: association.isActive ? "active" : "inactive",
          isActive: association.isActive))
    }
    var uses: [ObjectID: [String]] = [:]
    var order: [ObjectID] = []
    var next: UInt64? = region.start
    // A region that has nothing backed, or only so much, need not be walked to its end.
    var rest = region.backedCount
    while rest > 0, order.count < Self.mostNodes, let from = next,
      let reservation = region.firstReservation(from: from)
    {
      reservationCount += 1
      guard reservationCount <= Self.mostReservations else {
        isCut = true
        break
      }
      next = reservation.last == .max ? nil : reservation.last + 1
      guard let backing = reservation.backing else { continue }
      rest -= 1
      if uses[backing.id] == nil { order.append(backing.id) }
      uses[backing.id, default: []].append(reservation.name)
    }
    for buffer in order {
      let names = uses[buffer] ?? []
      let label = names.count > 3 ? "\(names.count) reservations" : names.joined(separator: ", ")
      edges.append(Edge(from: id, to: "b\(buffer.serial)", label: label, isActive: true))
    }
  }

  /// The graph in the language of Graphviz.
  var dot: String {
    var lines = ["digraph vcmfs {", "  rankdir=LR;", "  node [fontname=\"sans-serif\"];"]
    for (nodes, shape) in [(devices, "component"), (regions, "box"), (buffers, "cylinder")] {
      for node in nodes {
        lines.append(
          "  \(node.id) [shape=\(shape), label=\"\(Self.escaped(node.title))\\n\(Self.escaped(node.detail))\"];"
        )
      }
    }
    let drawn = Set((devices + regions + buffers).map(\.id))
    for edge in edges where drawn.contains(edge.from) && drawn.contains(edge.to) {
      let style = edge.isActive ? "" : ", style=dashed"
      lines.append("  \(edge.from) -> \(edge.to) [label=\"\(Self.escaped(edge.label))\"\(style)];")
    }
    for (index, remark) in remarks.enumerated() {
      lines.append("  remark\(index) [shape=plaintext, label=\"\(remark)\"];")
    }
    return (lines + ["}"]).map { $0 + "\n" }.joined()
  }

  /// What the picture does not show, in words.
  var remarks: [String] {
    (leftOut > 0 ? ["and \(leftOut) more"] : [])
      + (isCut ? ["edges of the first \(Self.mostReservations) reservations only"] : [])
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
  }
}

/// The graph for Graphviz, to be put into words later.
struct TopologyText: ViewCapture {
  let topology: Topology

  func render() -> [UInt8] { Array(topology.dot.utf8) }
}
