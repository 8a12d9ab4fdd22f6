internal import PageTables
internal import VCM

/// What a node belongs to.
///
/// One word, which is handed around with every look at a node: what is larger is boxed.
enum Subject {
  /// The tree itself: what exists once.
  case tree
  case region(Region)
  case reservation(Reservation)
  case bound(Bound)
  case device(Device)
  case association(Association)
  case allocation(PhysicalAllocation)
  case memoryType(MemoryType)
  indirect case format(TreeFormat)
  /// An address that was looked up by path.
  indirect case address(AddressNode)

  /// The family of its declarations.
  var family: Family {
    switch self {
    case .tree: .tree
    case .region: .region
    case .reservation: .reservation
    case .bound: .bound
    case .device: .device
    case .association: .association
    case .allocation: .allocation
    case .memoryType: .memoryType
    case .format: .format
    case .address: .address
    }
  }

  /// The object's number, as its nodes have it.
  var key: UInt64 { node(0).objectKey }

  /// A node of the object.
  func node(_ place: UInt8) -> NodeID {
    switch self {
    case .tree: NodeID(.engine, object: 0, place: place)
    case .region(let region): NodeID(region.id, place)
    case .reservation(let reservation): NodeID(reservation.id, place)
    case .bound(let bound): NodeID(bound.id, place)
    case .device(let device): NodeID(device.id, place)
    case .association(let association): NodeID(association.id, place)
    case .allocation(let allocation): NodeID(allocation.id, place)
    case .memoryType(let memoryType): NodeID(memoryType.id, place)
    case .format(let format): NodeID(.format, object: UInt64(format.index), place: place)
    case .address(let address): NodeID(.interned, object: address.serial, place: place)
    }
  }

  /// The name of the object's directory.
  var name: String {
    switch self {
    case .tree: ""
    case .region(let region): region.name
    case .reservation(let reservation): reservation.name
    case .bound(let bound): bound.name
    case .device(let device): device.name
    case .association(let association): association.device.name
    case .allocation(let allocation): allocation.name
    case .memoryType(let memoryType): memoryType.name
    case .format(let format): format.description.name
    case .address(let address): Print.address(address.address)
    }
  }

  /// The kind and the name, for sentences.
  var title: String {
    switch self {
    case .tree: "the tree"
    case .region: "region \(Number.quoted(name))"
    case .reservation: "reservation \(Number.quoted(name))"
    case .bound: "bound \(Number.quoted(name))"
    case .device: "device \(Number.quoted(name))"
    case .association(let association):
      "the association of \(Number.quoted(association.region.name)) and \(Number.quoted(name))"
    case .allocation: "buffer \(Number.quoted(name))"
    case .memoryType: "memory type \(Number.quoted(name))"
    case .format: "format \(Number.quoted(name))"
    case .address: "address \(name)"
    }
  }
}

extension NodeID {
  /// A node of an object of the engine.
  init(_ object: ObjectID, _ place: UInt8) {
    self.init(.engine, object: object.rawValue, place: place)
  }
}

/// A kind of object that has nodes.
protocol TreeObject: SendableMetatype {
  /// The object, if the subject is of this kind.
  static func from(_ subject: Subject) -> Self?
}

extension TreeObject {
  /// The object.
  ///
  /// - Throws: `ENOENT` if the subject is of another kind, which a node's declaration rules out.
  static func of(_ subject: Subject) throws(VCMError) -> Self {
    guard let object = from(subject) else { throw .gone }
    return object
  }
}

/// The tree itself as an object: what exists once.
struct TreeRoot: TreeObject {
  static func from(_ subject: Subject) -> TreeRoot? {
    if case .tree = subject { TreeRoot() } else { nil }
  }
}

/// A page-table format and its place in the registry.
struct TreeFormat: TreeObject {
  let index: Int
  let description: FormatDescription

  static func from(_ subject: Subject) -> TreeFormat? {
    if case .format(let format) = subject { format } else { nil }
  }
}

extension Region: TreeObject {
  static func from(_ subject: Subject) -> Region? {
    if case .region(let region) = subject { region } else { nil }
  }
}

extension Reservation: TreeObject {
  static func from(_ subject: Subject) -> Reservation? {
    if case .reservation(let reservation) = subject { reservation } else { nil }
  }
}

extension Bound: TreeObject {
  static func from(_ subject: Subject) -> Bound? {
    if case .bound(let bound) = subject { bound } else { nil }
  }
}

extension Device: TreeObject {
  static func from(_ subject: Subject) -> Device? {
    if case .device(let device) = subject { device } else { nil }
  }
}

extension Association: TreeObject {
  static func from(_ subject: Subject) -> Association? {
    if case .association(let association) = subject { association } else { nil }
  }
}

extension PhysicalAllocation: TreeObject {
  static func from(_ subject: Subject) -> PhysicalAllocation? {
    if case .allocation(let allocation) = subject { allocation } else { nil }
  }
}

extension MemoryType: TreeObject {
  static func from(_ subject: Subject) -> MemoryType? {
    if case .memoryType(let memoryType) = subject { memoryType } else { nil }
  }
}

extension Subject {
  /// Whether the object may be taken away, and its files be unlinked on the way to that.
  var isRemovable: Bool {
    switch self {
    case .tree, .memoryType, .format, .address: false
    case .region, .reservation, .bound, .device, .association, .allocation: true
    }
  }
}
