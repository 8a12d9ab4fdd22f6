internal import PageTables
internal import VCM

/// Everything behind the tree: the engine, and what the tree itself remembers.
///
/// All of it is guarded by the tree's lock, so that what every request touches needs no check at run time that nobody else is
/// at it; none of its parts comes back to the state while it changes.
final class TreeState {
  let engine: Engine
  let options: TreeOptions
  let formats: [TreeFormat]
  /// The memory types that page tables come from.
  let tableMemoryTypes: [MemoryType]
  private var observer: StateObserver?
  /// Held in common by those who copy from or to buffers without the tree's lock, and alone by who frees one.
  let memoryGate = MemoryGate()

  @exclusivity(unchecked) var failures = Failures()
  @exclusivity(unchecked) var leases = Leases()
  @exclusivity(unchecked) var listings = ListingsUnderWay()
  @exclusivity(unchecked) var times: Times
  /// The attribute files of an object that were unlinked, one bit a place, and by whom.
  @exclusivity(unchecked) var hidden: [UInt64: (places: UInt64, process: Int32)] = [:]
  /// What the running operation has made untrue.
  @exclusivity(unchecked) private var invalidations: [Invalidation] = []
  /// The same as a set, once there are more than ``fewInvalidations``.
  @exclusivity(unchecked) private var noted: Set<Invalidation> = []
  /// The objects that went last.
  @exclusivity(unchecked) var graves = Graves()
  /// The addresses that were looked up by path.
  @exclusivity(unchecked) var addresses = AddressTable()
  /// The lines of `events`.
  let events = LineStream()
  /// How many events there were.
  @exclusivity(unchecked) var eventCount: UInt64 = 0
  /// What is done about the faults of devices.
  var faultDesks: [ObjectID: FaultDesk] = [:]
  /// How many faults devices had.
  var faultCounts: [ObjectID: UInt64] = [:]
  /// Rises with every change of the graph.
  @exclusivity(unchecked) var generation: UInt64 = 0
  /// The files of memory that are open, and how often.
  @exclusivity(unchecked) var openMemory: [NodeID: Int] = [:]
  /// The texts made of much of the graph.
  var views = ViewShelf()
  /// How operations went.
  @exclusivity(unchecked) var operations = OperationLog()
  /// The bytes of regions that have memory behind them.
  var backedBytes: [ObjectID: UInt64] = [:]
  /// The buffers that are behind more than one reservation.
  var sharedAllocations: Set<ObjectID> = []
  /// The buffers that wrap existing ranges, which may be parts of other buffers.
  var wrappedAllocations: Set<ObjectID> = []
  /// Calls later.
  let alarms = AlarmClock()
  /// Who is to be called when the running operation has let go of the lock.
  @exclusivity(unchecked) var wakeups: [@Sendable () -> Void] = []
  /// The layouts of dumps, by format as configured.
  var layouts: [FormatDescription: TableLayout] = [:]
  /// The moment of the running operation, so that all of its changes have one time.
  @exclusivity(unchecked) private var moment: UInt64?
  /// The latest moment of any operation.
  @exclusivity(unchecked) private var latest: UInt64

  init(engine: Engine, options: TreeOptions) {
    self.engine = engine
    self.options = options
    formats = FormatRegistry.all.enumerated().map {
      TreeFormat(index: $0.offset, description: $0.element.description)
    }
    let marked = engine.memoryTypes.filter(\.description.holdsTables)
    tableMemoryTypes = marked.isEmpty ? Array(engine.memoryTypes.suffix(1)) : marked
    latest = Self.nanoseconds(options.clock())
    times = Times(beginning: latest)
    observer = StateObserver(self)
    engine.observer = observer
  }

  /// The time of the running operation in nanoseconds since 1970; no two that change something have the same.
  ///
  /// The kernel tells by a directory's time whether the listing that it has kept is still true.
  var now: UInt64 {
    if let moment { return moment }
    let now = max(Self.nanoseconds(options.clock()), latest &+ 1)
    (moment, latest) = (now, now)
    return now
  }

  /// Ends an operation: hands out what it made untrue.
  func finish() -> [Invalidation] {
    moment = nil
    addresses.dropUnclaimed()
    guard !invalidations.isEmpty else { return [] }
    defer {
      invalidations = []
      if !noted.isEmpty { noted = [] }
    }
    return invalidations
  }

  /// Ends an operation: hands out who is to be called.
  func takeWakeups() -> [@Sendable () -> Void] {
    guard !wakeups.isEmpty else { return [] }
    defer { wakeups = [] }
    return wakeups
  }

  /// Notes what the running operation has made untrue, once.
  func note(_ invalidation: Invalidation) {
    guard !hasNoted(invalidation) else { return }
    if invalidations.isEmpty { invalidations.reserveCapacity(Self.fewInvalidations / 2) }
    invalidations.append(invalidation)
    if invalidations.count == Self.fewInvalidations + 1 {
      noted = Set(invalidations)
    } else if invalidations.count > Self.fewInvalidations {
      noted.insert(invalidation)
    }
  }

  /// Whether the running operation has made something untrue already.
  func hasNoted(_ invalidation: Invalidation) -> Bool {
    invalidations.count > Self.fewInvalidations
      ? noted.contains(invalidation) : invalidations.contains(invalidation)
  }

  /// So many are looked through faster than hashed; most operations have fewer.
  private static var fewInvalidations: Int { 16 }

  /// The number of objects that exist.
  var objectCount: UInt64 {
    UInt64(
      engine.regionCount + engine.reservationCount + engine.deviceCount + engine.associationCount
        + engine.allocationCount)
  }

  private static func nanoseconds(_ timestamp: Timestamp) -> UInt64 {
    UInt64(clamping: timestamp.seconds) &* 1_000_000_000 &+ UInt64(timestamp.nanoseconds)
  }

  /// The object that a node belongs to.
  ///
  /// - Throws: `ENOENT` if it is gone.
  func subject(of node: NodeID) throws(VCMError) -> Subject {
    switch node.space {
    case .engine:
      if node.object == 0 { return .tree }
      guard let id = ObjectID(rawValue: node.object) else { throw .gone }
      return try subject(of: id)
    case .format:
      guard node.object < UInt64(formats.count) else { throw .gone }
      return .format(formats[Int(node.object)])
    case .interned: return .address(try addresses.node(node.object, engine))
    case nil: throw .gone
    }
  }

  /// The object with an id.
  ///
  /// - Throws: `ENOENT` if it is gone.
  func subject(of id: ObjectID) throws(VCMError) -> Subject {
    switch engine.object(with: id) {
    case .region(let region): return .region(region)
    case .reservation(let reservation): return .reservation(reservation)
    case .device(let device): return .device(device)
    case .association(let association): return .association(association)
    case .allocation(let allocation): return .allocation(allocation)
    case .memoryType(let memoryType): return .memoryType(memoryType)
    case .bound(let bound): return .bound(bound)
    case nil: throw .gone
    }
  }

  /// A node's object and declaration.
  ///
  /// - Throws: `ENOENT` if there is no such node.
  func resolve(_ node: NodeID) throws(VCMError) -> (subject: Subject, node: Catalogue.Node) {
    let subject = try subject(of: node)
    guard let found = Catalogue.shared.node(subject.family, node.place) else { throw .gone }
    return (subject, found)
  }

  /// The directory that a node lies in.
  func parent(of node: NodeID, _ subject: Subject, _ declared: Catalogue.Node) -> NodeID {
    if let parent = declared.parent { return node.sibling(parent) }
    switch subject {
    case .tree: return .root
    case .region: return tree(Place.regions)
    case .reservation(let reservation):
      if declared.place == Place.userLink, let allocation = reservation.backing {
        return NodeID(allocation.id, Place.allocationUsers)
      }
      if declared.place == Place.addressLink {
        return NodeID(reservation.region.id, Place.regionAddresses)
      }
      return NodeID(reservation.region.id, Place.regionReservations)
    case .bound(let bound): return NodeID(bound.region.id, Place.regionBounds)
    case .device: return tree(Place.devices)
    case .address(let address): return address.directory
    case .association(let association):
      switch declared.place {
      case Place.deviceLink: return NodeID(association.region.id, Place.regionDevices)
      case Place.regionLink: return NodeID(association.device.id, Place.deviceRegions)
      default: return NodeID(association.region.id, Place.regionAssociations)
      }
    case .allocation: return tree(Place.allocations)
    case .memoryType: return tree(Place.memory)
    case .format: return tree(Place.formats)
    }
  }

  /// A node of the tree itself.
  func tree(_ place: UInt8) -> NodeID { NodeID(.engine, object: 0, place: place) }
}
