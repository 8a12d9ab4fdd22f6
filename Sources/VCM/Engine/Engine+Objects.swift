/// An object of the graph, of whatever kind.
public enum GraphObject {
  /// A region.
  case region(Region)
  /// A reservation.
  case reservation(Reservation)
  /// A device.
  case device(Device)
  /// An association.
  case association(Association)
  /// A physical allocation.
  case allocation(PhysicalAllocation)
  /// A memory type.
  case memoryType(MemoryType)
  /// A bound.
  case bound(Bound)
}

extension Engine {
  /// The object with an id; nil if there is none any more.
  ///
  /// O(log n).
  public func object(with id: ObjectID) -> GraphObject? {
    switch id.kind {
    case .region: regions[id.serial].map(GraphObject.region)
    case .reservation: reservations[id.serial].map(GraphObject.reservation)
    case .device: devices[id.serial].map(GraphObject.device)
    case .association: associations[id.serial].map(GraphObject.association)
    case .allocation: allocations[id.serial].map(GraphObject.allocation)
    case .bound: bounds[id.serial].map(GraphObject.bound)
    case .memoryType:
      id.serial <= UInt64(memoryTypes.count) ? .memoryType(memoryTypes[Int(id.serial) - 1]) : nil
    }
  }

  /// The region with this name.
  ///
  /// O(1).
  public func region(named name: String) -> Region? { regionNames.find(name) }

  /// The device with this name.
  ///
  /// O(1).
  public func device(named name: String) -> Device? { deviceNames.find(name) }

  /// The allocation with this name.
  ///
  /// O(1).
  public func allocation(named name: String) -> PhysicalAllocation? { allocationNames.find(name) }

  /// The memory type with this name.
  ///
  /// O(memory types).
  public func memoryType(named name: String) -> MemoryType? {
    memoryTypes.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// The oldest region that is younger than the one with `id`; the oldest of all for nil.
  ///
  /// The region with the id need not exist any more, so that an id serves as a directory cookie. O(log n).
  public func firstRegion(after id: ObjectID?) -> Region? {
    regions.first(from: (id?.serial ?? 0) + 1)?.object
  }

  /// The same for devices.
  ///
  /// O(log n).
  public func firstDevice(after id: ObjectID?) -> Device? {
    devices.first(from: (id?.serial ?? 0) + 1)?.object
  }

  /// The same for physical allocations.
  ///
  /// O(log n).
  public func firstAllocation(after id: ObjectID?) -> PhysicalAllocation? {
    allocations.first(from: (id?.serial ?? 0) + 1)?.object
  }

  /// The number of regions.
  ///
  /// O(1).
  public var regionCount: Int { regions.count }

  /// The number of reservations of all regions.
  ///
  /// O(1).
  public var reservationCount: Int { reservations.count }

  /// The number of devices.
  ///
  /// O(1).
  public var deviceCount: Int { devices.count }

  /// The number of associations.
  ///
  /// O(1).
  public var associationCount: Int { associations.count }

  /// The number of physical allocations.
  ///
  /// O(1).
  public var allocationCount: Int { allocations.count }
}
