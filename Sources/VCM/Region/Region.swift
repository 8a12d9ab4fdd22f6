/// A virtual address space `[start, start + length)` that devices see: `struct vcm` of the RFC.
///
/// A region hands out reservations and is associated with devices. All changes go through the ``Engine``.
public final class Region {
  /// The region's lasting identity.
  public let id: ObjectID

  /// The name, unique among regions.
  @exclusivity(unchecked) public internal(set) var name: String

  /// The first device address (`vcm_get_start_addr`).
  @exclusivity(unchecked) public internal(set) var start: UInt64

  /// The number of bytes (`vcm_get_len`).
  @exclusivity(unchecked) public internal(set) var length: UInt64

  /// What kind of address space it is.
  @exclusivity(unchecked) public internal(set) var kind: RegionKind

  /// The associations, oldest first.
  ///
  /// A region has few.
  @exclusivity(unchecked) public internal(set) var associations: [Association] = []

  /// The smallest page of the region (`vcm_get_min_page_size`): 4096, or the largest of the smallest pages of
  /// the formats that its devices walk.
  @exclusivity(unchecked) public internal(set) var minimumPageSize: UInt64 = Region.smallestPage

  /// A number that belongs to whoever uses the engine, for instance a time of modification.
  ///
  /// Zero at first.
  @exclusivity(unchecked) public var stamp: UInt64 = 0

  /// False once the region was freed.
  @exclusivity(unchecked) public internal(set) var isLive = true

  /// No region has smaller pages than this.
  public static let smallestPage: UInt64 = 4096

  @exclusivity(unchecked) var space: AddressSpace
  @exclusivity(unchecked) var reservationNames = NameIndex<Reservation>()
  @exclusivity(unchecked) var nextReservationNumber: UInt64 = 0
  @exclusivity(unchecked) var bounds: [Bound] = []
  @exclusivity(unchecked) var tables: [RegionTable] = []
  @exclusivity(unchecked) var attributeCensus = AttributeCensus()
  /// How many reservations there are, those in bounds included.
  @exclusivity(unchecked) public internal(set) var reservationCount = 0
  /// How many of them are backed.
  @exclusivity(unchecked) public internal(set) var backedCount = 0

  init(
    id: ObjectID, name: String, start: UInt64, length: UInt64, kind: RegionKind,
    workspace: AddressSpace.Workspace
  ) {
    self.id = id
    self.name = name
    self.start = start
    self.length = length
    self.kind = kind
    space = AddressSpace(first: start, length: length, workspace: workspace)
  }

  /// The last device address, which may be the largest there is.
  public var last: UInt64 { start &+ (length &- 1) }

  /// The number of bytes that are neither reserved nor part of a bound.
  ///
  /// O(1).
  public var freeBytes: UInt64 { space.freeBytes }

  /// The length of the largest range that can be reserved.
  ///
  /// O(1).
  public var largestFree: UInt64 { space.largestFree }

  /// Whether the region is in use: it has reservations, bounds, or associations other than its own.
  public var isInUse: Bool {
    reservationCount > 0 || !bounds.isEmpty || associations.contains { !$0.isImplied }
  }

  /// Whether the region has associations and all of them are active.
  public var isActive: Bool { !associations.isEmpty && associations.allSatisfy(\.isActive) }

  /// All addresses of the region.
  var range: AddressRange { AddressRange(first: start, last: last) }
}
