public import PageTables

/// What stands between a device and memory.
public enum DeviceKind: String, CaseIterable, Sendable {
  /// An IOMMU that walks a page table; one region at a time.
  case iommu
  /// Nothing: the device's addresses are physical addresses.
  case oneToOne = "one-to-one"
  /// A processor's MMU; it holds the tables of several regions at once.
  case cpu
}

/// A device, as a platform declares it.
public struct DeviceDescription: Hashable, Sendable {
  /// The device's name.
  public var name: String

  /// What stands between the device and memory.
  public var kind: DeviceKind

  /// The name of the page-table format that the device walks; nil if it walks none, or none yet.
  public var format: String?

  /// The range of device addresses that the device translates, for formats with an aperture.
  public var window: DeviceWindow?

  /// The number of levels of its tables; nil means the format's default.
  public var levels: Int?

  /// The log2 of the granule of its tables in bytes; nil means the format's default.
  public var granuleLog2: Int?

  /// The requester (bus << 8 | device << 3 | function) for which root structures in memory are built; nil means
  /// the format's default.
  public var requester: UInt16?

  /// What hardware finds its tables by; nil means the format's default.
  public var root: TableConfiguration.RootKind?

  /// Makes a description.
  ///
  /// Nothing is checked before an engine is made of it.
  public init(
    name: String, kind: DeviceKind, format: String? = nil, window: DeviceWindow? = nil, levels: Int? = nil,
    granuleLog2: Int? = nil, requester: UInt16? = nil, root: TableConfiguration.RootKind? = nil
  ) {
    self.name = name
    self.kind = kind
    self.format = format
    self.window = window
    self.levels = levels
    self.granuleLog2 = granuleLog2
    self.requester = requester
    self.root = root
  }

  /// How the device's tables are made.
  public var configuration: TableConfiguration {
    TableConfiguration(
      levels: levels, granuleLog2: granuleLog2,
      window: window.map { TableConfiguration.Window(base: $0.base, size: $0.size) }, requester: requester,
      root: root)
  }
}

/// A range of device addresses that a device's hardware translates.
public struct DeviceWindow: Hashable, Sendable {
  /// The first device address.
  public var base: UInt64

  /// The number of bytes; not zero.
  public var size: UInt64

  /// Makes a window.
  public init(base: UInt64, size: UInt64) {
    self.base = base
    self.size = size
  }
}
