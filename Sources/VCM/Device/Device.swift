public import PageTables

/// Something that talks to memory, through an MMU or directly: the device end of an association.
public final class Device {
  /// The device's lasting identity.
  public let id: ObjectID

  /// The name, unique among devices.
  @exclusivity(unchecked) public internal(set) var name: String

  /// What stands between the device and memory.
  @exclusivity(unchecked) public internal(set) var kind: DeviceKind

  /// The name of the page-table format that it walks; nil if it walks none, or none yet.
  @exclusivity(unchecked) public internal(set) var formatName: String? {
    didSet { namedFormat = formatName.flatMap { FormatRegistry.named($0) } }
  }

  /// The format of that name: found once, because each look at an association asks for it.
  @exclusivity(unchecked) private(set) var namedFormat: (any FormatEntry)?

  /// How its tables are made beside the format: window, levels and the like.
  @exclusivity(unchecked) public internal(set) var configuration: TableConfiguration

  /// The associations, oldest first.
  @exclusivity(unchecked) public internal(set) var associations: [Association] = []

  /// The associations whose tables the device walks now, oldest first.
  @exclusivity(unchecked) public internal(set) var activeAssociations: [Association] = []

  /// False once the device was removed.
  @exclusivity(unchecked) public internal(set) var isLive = true

  /// A number that belongs to whoever uses the engine, for instance a time of modification.
  ///
  /// Zero at first.
  @exclusivity(unchecked) public var stamp: UInt64 = 0

  /// Who decides about the device's faults; nil means that every fault ends its access.
  @exclusivity(unchecked) var faultHandler: ((DeviceFault) -> FaultVerdict)?

  /// The part that differs from kind to kind.
  @exclusivity(unchecked) var model: any DeviceModel

  init(
    id: ObjectID, name: String, kind: DeviceKind, formatName: String?, configuration: TableConfiguration,
    model: any DeviceModel
  ) {
    self.id = id
    self.name = name
    self.kind = kind
    self.formatName = formatName
    namedFormat = formatName.flatMap { FormatRegistry.named($0) }
    self.configuration = configuration
    self.model = model
  }

  /// The version of the modelled hardware, in words (`vcm_hw_ver`).
  public var hardwareVersion: String { model.hardwareVersion }
}
