/// A sub-range of a region, at a place that the region chose, that hands out reservations of its own.
///
/// It begins without a range; giving it a length takes one out of the region (`vcm_create_bound`).
public final class Bound {
  /// The bound's lasting identity.
  public let id: ObjectID

  /// The region that the range is taken from.
  public let region: Region

  /// The name, unique among the region's bounds.
  public internal(set) var name: String

  /// The first device address (`vcm_get_bound_start_addr`); nil while the bound has no range.
  public internal(set) var start: UInt64?

  /// The number of bytes (`vcm_get_bound_len`); 0 while the bound has no range.
  public internal(set) var length: UInt64 = 0

  /// False once the bound was freed.
  public internal(set) var isLive = true

  /// A number that belongs to whoever uses the engine.
  ///
  /// Zero at first.
  public var stamp: UInt64 = 0

  /// The reservations inside; there is none while the bound has no range.
  var space: AddressSpace?

  /// How many reservations were taken from it and live.
  public internal(set) var reservationCount = 0

  init(id: ObjectID, region: Region, name: String) {
    self.id = id
    self.region = region
    self.name = name
  }

  /// All addresses of the bound, once it has a range.
  var range: AddressRange? { start.flatMap { AddressRange(first: $0, length: length) } }

  /// The number of bytes that are not reserved.
  ///
  /// O(1).
  public var freeBytes: UInt64 { space?.freeBytes ?? 0 }

  /// The length of the largest range that can be reserved.
  ///
  /// O(1).
  public var largestFree: UInt64 { space?.largestFree ?? 0 }
}
