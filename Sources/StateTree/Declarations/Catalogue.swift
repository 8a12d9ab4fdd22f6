internal import VCM

/// The families of declarations: one for each kind of object that has nodes.
enum Family: Int, CaseIterable, Sendable {
  case tree, region, reservation, bound, device, association, allocation, memoryType, format, address
}

extension Family {
  /// The family of a node's declaration, whether its object exists or not.
  ///
  /// O(1).
  init(of node: NodeID) {
    guard node.space == .engine, let id = ObjectID(rawValue: node.object) else {
      self = node.space == .format ? .format : node.space == .interned ? .address : .tree
      return
    }
    switch id.kind {
    case .region: self = .region
    case .bound: self = .bound
    case .reservation: self = .reservation
    case .device: self = .device
    case .association: self = .association
    case .allocation: self = .allocation
    case .memoryType: self = .memoryType
    }
  }
}

/// All declarations, laid out so that a node's number leads to its declaration.
///
/// The declarations of a family are numbered in the order in which they stand, a directory before what is in it. That
/// number is the node's place, the lower eight bits of its ``NodeID``.
struct Catalogue: Sendable {
  /// A declaration at its place.
  final class Node: Sendable {
    let declaration: NodeDeclaration
    /// The declaration's, without a copy of all of it: listings ask for nothing else.
    let kind: NodeAttributes.Kind
    let place: UInt8
    /// The place of the directory that it lies in; nil of what lies in a directory of members.
    let parent: UInt8?
    /// The places of the nodes in it, in order.
    let children: [UInt8]
    let childrenByName: [String: UInt8]
    /// How many of the nodes in it are directories.
    let directoryCount: UInt64
    /// The directory's members, if it has any.
    let members: (any MemberList)?

    init(
      _ declaration: NodeDeclaration, place: UInt8, parent: UInt8?, children: [(name: String, place: UInt8)]
    ) {
      self.declaration = declaration
      kind = declaration.kind
      self.place = place
      self.parent = parent
      self.children = children.map(\.place)
      childrenByName = Dictionary(
        children.map { ($0.name, $0.place) }, uniquingKeysWith: { first, _ in first })
      if case .directory(let nodes, let members) = declaration.behaviour {
        directoryCount = UInt64(nodes.count { $0.kind == .directory })
        self.members = members
      } else {
        directoryCount = 0
        members = nil
      }
    }
  }

  /// How many nodes a family may have: leases are kept as one bit a place.
  private static var capacity: Int { 64 }

  /// The nodes by family and place, with room for as many as a family may have.
  private var nodes: [Node?] = Array(repeating: nil, count: Family.allCases.count * Self.capacity)
  /// How many places of each family are taken.
  private var counts: [Int] = Array(repeating: 0, count: Family.allCases.count)
  private var masks: [[UInt64]] = Array(
    repeating: Array(repeating: 0, count: Facets.count), count: Family.allCases.count)

  /// The places of views, one bit each, by family.
  private var viewPlaces: [UInt64] = Array(repeating: 0, count: Family.allCases.count)

  /// The catalogue of this tree.
  static let shared = Catalogue()

  private init() {
    // Place 1 of the tree is the top directory, because its inode number is 1. There is no place 0.
    counts[Family.tree.rawValue] = 1
    place([TreeRoot.declaration], .tree, parent: nil)
    place(Region.declarations, .region, parent: nil)
    place(Reservation.declarations, .reservation, parent: nil)
    place(Bound.declarations, .bound, parent: nil)
    place(Device.declarations, .device, parent: nil)
    place(Association.declarations, .association, parent: nil)
    place(PhysicalAllocation.declarations, .allocation, parent: nil)
    place(MemoryType.declarations, .memoryType, parent: nil)
    place(TreeFormat.declarations, .format, parent: nil)
    place(AddressNodes.declarations, .address, parent: nil)
  }

  private mutating func place(_ declarations: [NodeDeclaration], _ family: Family, parent: UInt8?) {
    for declaration in declarations { place(declaration, family, parent: parent) }
  }

  /// Gives a declaration the next place, and what is in it the ones behind that.
  @discardableResult
  private mutating func place(_ declaration: NodeDeclaration, _ family: Family, parent: UInt8?) -> UInt8 {
    let index = counts[family.rawValue]
    precondition(index < Self.capacity, "too many declarations of \(family)")
    let place = UInt8(index)
    counts[family.rawValue] += 1
    for facet in declaration.facets.indices {
      masks[family.rawValue][facet] |= 1 << UInt64(place)
    }
    if case .view = declaration.behaviour { viewPlaces[family.rawValue] |= 1 << UInt64(place) }
    var children: [(name: String, place: UInt8)] = []
    if case .directory(let nodes, _) = declaration.behaviour {
      for node in nodes { children.append((node.name, self.place(node, family, parent: place))) }
    }
    nodes[family.rawValue * Self.capacity + index] = Node(
      declaration, place: place, parent: parent, children: children)
    return place
  }

  /// The declaration at a place, or nil.
  ///
  /// O(1).
  func node(_ family: Family, _ place: UInt8) -> Node? {
    Int(place) < Self.capacity ? nodes[family.rawValue * Self.capacity + Int(place)] : nil
  }

  /// Whether a node is a text made of much of the graph.
  ///
  /// O(1).
  func isView(_ node: NodeID) -> Bool {
    node.place < 64 && viewPlaces[Family(of: node).rawValue] >> UInt64(node.place) & 1 == 1
  }

  /// All declarations of a family, in order.
  func nodes(_ family: Family) -> [Node] {
    nodes[family.rawValue * Self.capacity..<(family.rawValue + 1) * Self.capacity].compactMap(\.self)
  }

  /// The places of a family whose nodes show one of the facets, one bit each.
  ///
  /// O(facets).
  func places(_ family: Family, showing facets: Facets) -> UInt64 {
    let masks = masks[family.rawValue]
    return facets.indices.reduce(0) { $0 | masks[$1] }
  }

  /// The place of the node that a path leads to inside a family, beginning at its first node.
  func place(_ family: Family, _ path: String...) -> UInt8 {
    var place: UInt8 = family == .tree ? 1 : 0
    for name in path {
      guard let next = node(family, place)?.childrenByName[name] else {
        preconditionFailure("no node \(path) in \(family)")
      }
      place = next
    }
    return place
  }

  /// The place of a node of a family that lies in no directory of its own family.
  func place(_ family: Family, loose name: String) -> UInt8 {
    guard let node = nodes(family).first(where: { $0.parent == nil && $0.declaration.name == name }) else {
      preconditionFailure("no node \(name) in \(family)")
    }
    return node.place
  }
}

/// The places that code other than their declarations must know.
enum Place {
  static let root: UInt8 = 1
  static let object: UInt8 = 0
  static let regions = Catalogue.shared.place(.tree, "vcms")
  static let devices = Catalogue.shared.place(.tree, "devices")
  static let allocations = Catalogue.shared.place(.tree, "phys")
  static let memory = Catalogue.shared.place(.tree, "memory")
  static let formats = Catalogue.shared.place(.tree, "formats")
  static let regionReservations = Catalogue.shared.place(.region, "reservations")
  static let regionDevices = Catalogue.shared.place(.region, "devices")
  static let regionAssociations = Catalogue.shared.place(.region, "associations")
  static let regionBounds = Catalogue.shared.place(.region, "bounds")
  static let regionAddresses = Catalogue.shared.place(.region, "at")
  static let regionTranslations = Catalogue.shared.place(.region, "translate")
  static let regionPicture = Catalogue.shared.place(.region, "map.svg")
  static let deviceMemory = Catalogue.shared.place(.device, "memory")
  static let deviceTranslations = Catalogue.shared.place(.device, "translate")
  static let physicalAddresses = Catalogue.shared.place(.tree, "phys", "at")
  static let deviceRegions = Catalogue.shared.place(.device, "vcms")
  static let allocationUsers = Catalogue.shared.place(.allocation, "users")
  static let deviceLink = Catalogue.shared.place(.association, loose: "devices/<dev>")
  static let regionLink = Catalogue.shared.place(.association, loose: "vcms/<vcm>")
  static let userLink = Catalogue.shared.place(.reservation, loose: "users/<n>")
  static let addressLink = Catalogue.shared.place(.reservation, loose: "at/<address>")
  static let regionAddress: UInt8 = 0
  static let deviceAddress: UInt8 = 1
  static let physicalAddress: UInt8 = 2
}
