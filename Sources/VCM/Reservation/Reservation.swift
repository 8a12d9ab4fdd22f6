/// A contiguous range of a region: `struct res` of the RFC.
///
/// It holds attributes and may be backed by a physical allocation, whose bytes then appear, from the first
/// on, at its device addresses. All changes go through the ``Engine``.
public final class Reservation {
  /// First, so that a look-up by name touches one line of the cache.
  var storedName: StoredName

  /// The reservation's lasting identity.
  public let id: ObjectID

  /// The region that the range belongs to (`vcm_get_vcm_from_res`).
  public let region: Region

  /// The bound that the range was taken from, if any.
  public let bound: Bound?

  /// The first device address (`vcm_get_dev_addr`).
  @exclusivity(unchecked) public internal(set) var address: UInt64

  /// The number of bytes (`vcm_get_res_len`).
  public let length: UInt64

  /// The attributes (`vcm_get_res_attr`).
  @exclusivity(unchecked) public internal(set) var attributes: ReservationAttributes

  /// The log2 of the alignment that was asked for: 12 to 63, or 0 for the default.
  @exclusivity(unchecked) public internal(set) var alignmentOrder: UInt8

  /// False once the reservation was removed.
  @exclusivity(unchecked) public internal(set) var isLive = true

  /// The number of this reservation among its allocation's users; meaningless while unbacked.
  @exclusivity(unchecked) public internal(set) var userNumber: UInt64 = 0

  /// The allocation behind it (`vcm_get_physmem_from_res`), if it is backed.
  @exclusivity(unchecked) public internal(set) var backing: PhysicalAllocation?

  /// A number that belongs to whoever uses the engine, for instance a time of modification.
  ///
  /// Zero at first.
  @exclusivity(unchecked) public var stamp: UInt64 = 0

  init(
    id: ObjectID, region: Region, bound: Bound?, address: UInt64, length: UInt64,
    attributes: ReservationAttributes, alignmentOrder: UInt8, name: StoredName
  ) {
    self.id = id
    self.region = region
    self.bound = bound
    self.address = address
    self.length = length
    self.attributes = attributes
    self.alignmentOrder = alignmentOrder
    storedName = name
  }

  /// The name, unique in the region.
  public var name: String { storedName.text(prefix: "r") }

  /// The last device address, which may be the largest there is.
  public var last: UInt64 { address &+ (length &- 1) }

  /// Whether an allocation is behind it.
  public var isBacked: Bool { backing != nil }

  /// How many of its bytes have memory behind them: the shorter of its own and its allocation's length.
  public var backedLength: UInt64 { min(length, backing?.length ?? 0) }

  /// The alignment that was asked for, in bytes; nil for the default.
  public var alignment: UInt64? { alignmentOrder == 0 ? nil : 1 << UInt64(alignmentOrder & 63) }
}
