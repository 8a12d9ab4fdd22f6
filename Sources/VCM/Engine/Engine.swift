public import PhysicalMemory

/// The graph of regions, reservations, devices and physical memory, and every operation on it.
///
/// An operation either does all of what it says, or throws a ``VCMError`` and nothing has changed. The engine
/// has no lock, thread or clock: whoever owns it serialises the calls.
///
/// ```swift
/// let engine = try Engine(platform: .default)
/// let region = try engine.createRegion(named: "out", start: 0x1000, length: 128 << 20)
/// let buffer = try engine.allocate(PhysicalRequest(length: 1 << 20))
/// let reservation = try engine.reserve(ReservationRequest(length: 1 << 20), in: region)
/// try engine.back(reservation, with: buffer)
/// ```
public final class Engine {
  /// The machine that is modelled.
  public let platform: Platform

  /// The physical memory, with the buffers' bytes and the page tables in it.
  public let memory: PhysicalMemory

  /// The pools, in the platform's order.
  public let memoryTypes: [MemoryType]

  /// Each of the pools in a list by itself, which all buffers that come from it share.
  let aloneMemoryTypes: [[MemoryType]]

  /// Who hears of changes.
  ///
  /// Not retained.
  public weak var observer: (any ChangeObserver)?

  // An operation owns the engine, and nothing that it calls with a part of it comes back to the engine: what would be checked
  // at every access at run time is a fifth of a reservation's cost.
  @exclusivity(unchecked) var regions = ObjectTable<Region>()
  @exclusivity(unchecked) var regionNames = NameIndex<Region>()
  @exclusivity(unchecked) var reservations = ObjectTable<Reservation>()
  @exclusivity(unchecked) var devices = ObjectTable<Device>()
  @exclusivity(unchecked) var deviceNames = NameIndex<Device>()
  @exclusivity(unchecked) var associations = ObjectTable<Association>()
  @exclusivity(unchecked) var allocations = ObjectTable<PhysicalAllocation>()
  @exclusivity(unchecked) var allocationNames = NameIndex<PhysicalAllocation>()
  @exclusivity(unchecked) var bounds = ObjectTable<Bound>()
  @exclusivity(unchecked) var nextAllocationNumber: UInt64 = 0
  @exclusivity(unchecked) var lastSerials = InlineArray<8, UInt64>(repeating: 0)

  /// How many faults there were, of all devices.
  public internal(set) var faultCount: UInt64 = 0

  /// Which allocation owns which pages of physical memory.
  let owners: AddressSpace
  let workspace = AddressSpace.Workspace()
  let tableMemory: EngineTableMemory

  /// The buffers that wrap existing ranges.
  var wrappedRanges = WrappedRanges()

  /// How the models of devices are made.
  let makeModel: (DeviceKind) -> any DeviceModel

  /// An engine over a new anonymous memory.
  ///
  /// - Throws: as ``init(platform:memory:makeModel:)``.
  public convenience init(platform: Platform = .default) throws(VCMError) {
    try platform.check()
    let memory: PhysicalMemory
    do {
      memory = try PhysicalMemory(memfdWith: platform.windows)
    } catch {
      throw VCMError(error)
    }
    try self.init(platform: platform, memory: memory)
  }

  /// An engine over a given memory, with the platform's devices.
  ///
  /// - Parameters:
  ///   - platform: what there is.
  ///   - memory: has a window for every memory type: ``Platform/windows``.
  ///   - makeModel: makes the part of a device that differs from kind to kind; the default models hardware.
  /// - Throws: `invalidArgument` (EINVAL) for a platform that cannot be, with the sentence saying why;
  ///   `outOfMemory`.
  public init(
    platform: Platform, memory: PhysicalMemory,
    makeModel: @escaping (DeviceKind) -> any DeviceModel = { $0.makeModel() }
  ) throws(VCMError) {
    try platform.check()
    self.platform = platform
    self.memory = memory
    self.makeModel = makeModel
    memoryTypes = try Self.makePools(platform)
    aloneMemoryTypes = memoryTypes.map { [$0] }
    let tablePools = memoryTypes.filter(\.description.holdsTables)
    tableMemory = EngineTableMemory(
      memory: memory, pools: tablePools.isEmpty ? Array(memoryTypes.suffix(1)) : tablePools)
    owners = AddressSpace(firstPage: 0, endPage: 1 << 52, workspace: workspace)
    lastSerials[Int(ObjectKind.memoryType.rawValue)] = UInt64(memoryTypes.count)
    for description in platform.devices {
      try addDevice(
        named: description.name, kind: description.kind, format: description.format,
        configuration: description.configuration)
    }
  }

  deinit {
    tearDown()
  }

  /// The next id of a kind.
  func makeID(_ kind: ObjectKind) -> ObjectID {
    lastSerials[Int(kind.rawValue)] += 1
    return ObjectID(kind: kind, serial: lastSerials[Int(kind.rawValue)])
  }

  /// Tells the observer.
  func report(_ change: @autoclosure () -> Change) {
    if let observer { observer.engineDidChange(change()) }
  }

  private static func makePools(_ platform: Platform) throws(VCMError) -> [MemoryType] {
    let last = platform.memoryTypes.count - 1
    let marked = platform.memoryTypes.contains(where: \.holdsTables)
    var pools: [MemoryType] = []
    for (index, description) in platform.memoryTypes.enumerated() {
      let holdsTables = marked ? description.holdsTables : index == last
      let buddy = BuddyAllocator(
        base: description.base, size: description.size,
        smallestOrder: holdsTables ? EngineTableMemory.smallestOrder : 12)
      guard let buddy else {
        throw VCMError(.outOfMemory, "no memory for the allocator of memory type '\(description.name)'")
      }
      pools.append(
        MemoryType(
          id: ObjectID(kind: .memoryType, serial: UInt64(index) + 1), description: description, buddy: buddy))
    }
    return pools
  }

  /// Breaks the cycles of references between the objects, so that all of them go with the engine.
  private func tearDown() {
    var next: UInt64 = 0
    while let (number, reservation) = reservations.first(from: next) {
      reservation.backing = nil
      next = number + 1
    }
    next = 0
    while let (number, allocation) = allocations.first(from: next) {
      allocation.breakCycles()
      next = number + 1
    }
    next = 0
    while let (number, association) = associations.first(from: next) {
      association.regionTable = nil
      association.region.breakCycles()
      association.device.associations = []
      association.device.activeAssociations = []
      next = number + 1
    }
    next = 0
    while let (number, bound) = bounds.first(from: next) {
      bound.region.breakCycles()
      next = number + 1
    }
  }
}
