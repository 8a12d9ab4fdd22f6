public import PageTables

/// An edge between a region and a device: `struct avcm` of the RFC.
///
/// It is inactive or active.
public final class Association {
  /// The association's lasting identity.
  public let id: ObjectID

  /// The region that the device sees.
  public let region: Region

  /// The device that sees the region.
  public let device: Device

  /// The attributes (`vcm_get_assoc_attr`).
  @exclusivity(unchecked) public private(set) var attributes: AssociationAttributes

  /// The smallest page of the device's format under these attributes; 0 of a device that walks no tables.
  @exclusivity(unchecked) private(set) var smallestPage: UInt64

  /// Whether the association came with the region's kind, as the processor's does.
  ///
  /// It is always active.
  public let isImplied: Bool

  /// Whether the device's table base is programmed with the region's table (`vcm_is_active`).
  @exclusivity(unchecked) public internal(set) var isActive = false

  /// False once the association was removed.
  @exclusivity(unchecked) public internal(set) var isLive = true

  /// A number that belongs to whoever uses the engine, for instance a time of modification.
  ///
  /// Zero at first.
  @exclusivity(unchecked) public var stamp: UInt64 = 0

  /// The table that the device walks, shared with other associations of the region that agree.
  @exclusivity(unchecked) var regionTable: RegionTable?

  init(id: ObjectID, region: Region, device: Device, _ visibility: Visibility, isImplied: Bool) {
    self.id = id
    self.region = region
    self.device = device
    attributes = visibility.attributes
    smallestPage = visibility.smallestPage
    self.isImplied = isImplied
  }

  /// Lets the device see the region in another way, which was checked.
  func see(by visibility: Visibility) {
    attributes = visibility.attributes
    smallestPage = visibility.smallestPage
  }

  /// The edge in words, for a sentence.
  var title: String { "the association of region '\(region.name)' with device '\(device.name)'" }

  /// The table that the device walks now; nil while inactive, and for a device that walks none.
  ///
  /// `root.tableAddress` of it is `vcm_get_pgtbl_pa`.
  public var table: (any PageTable)? { regionTable?.table }
}

/// How a device sees a region, found to be possible.
///
/// A device keeps its format as long as it is associated.
struct Visibility {
  /// The attributes of the association.
  let attributes: AssociationAttributes
  /// The smallest page of the device's format under these attributes; 0 of a device that walks no tables.
  let smallestPage: UInt64
}
