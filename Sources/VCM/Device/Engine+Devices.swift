public import PageTables

extension Engine {
  /// Adds a device.
  ///
  /// - Parameters:
  ///   - name: unique among devices; see ``ObjectName``.
  ///   - kind: what stands between it and memory.
  ///   - format: the name of the format it walks; nil for none yet.
  ///   - configuration: how its tables are made.
  /// - Throws: the errors of a name; `nameTaken` (EEXIST); `noSuchFormat` (EINVAL); `invalidAttribute`
  ///   (EINVAL) for a configuration that the format does not have.
  @discardableResult
  public func addDevice(
    named name: String, kind: DeviceKind = .iommu, format: String? = nil,
    configuration: TableConfiguration = TableConfiguration()
  ) throws(VCMError) -> Device {
    try ObjectName.check(name)
    guard deviceNames.find(name) == nil else { throw .taken(name, "device") }
    if let format { try Self.check(format: format, configuration: configuration) }
    let device = Device(
      id: makeID(.device), name: name, kind: kind, formatName: format, configuration: configuration,
      model: makeModel(kind))
    devices.insert(device, at: device.id.serial)
    deviceNames.insert(device)
    report(Change(.created, device.id, name: name))
    return device
  }

  /// Removes a device.
  ///
  /// - Throws: `inUse` (EBUSY) while it is associated; `noSuchObject` (ENOENT).
  public func removeDevice(_ device: Device) throws(VCMError) {
    try requireLive(device.isLive, "device", device.name)
    try requireUnassociated(device, to: "removed")
    device.isLive = false
    deviceNames.remove(device)
    devices.remove(device.id.serial)
    report(Change(.removed, device.id, name: device.name))
  }

  /// Gives a device another name.
  ///
  /// - Throws: the errors of a name; `nameTaken` (EEXIST); `noSuchObject` (ENOENT).
  public func rename(_ device: Device, to name: String) throws(VCMError) {
    try requireLive(device.isLive, "device", device.name)
    try ObjectName.check(name)
    if let holder = deviceNames.find(name) {
      if holder === device { return }
      throw .taken(name, "device")
    }
    let old = device.name
    deviceNames.remove(device)
    device.name = name
    deviceNames.insert(device)
    report(Change(.renamed, device.id, name: old))
  }

  /// Changes what stands between a device and memory.
  ///
  /// - Throws: `inUse` (EBUSY) while it is associated; `noSuchObject` (ENOENT).
  public func setKind(_ kind: DeviceKind, of device: Device) throws(VCMError) {
    try requireLive(device.isLive, "device", device.name)
    if device.kind == kind { return }
    try requireUnassociated(device, to: "given another type")
    device.kind = kind
    device.model = makeModel(kind)
    report(Change(.attributes, device.id))
  }

  /// Changes the format that a device walks; nil means none yet.
  ///
  /// - Parameter configuration: how the device's tables are made from now on; nil keeps what it has.
  /// - Throws: `inUse` (EBUSY) while it is associated; `noSuchFormat` (EINVAL); `invalidAttribute` (EINVAL)
  ///   if the format does not have the window, granule or number of levels; `noSuchObject` (ENOENT).
  public func setFormat(
    _ format: String?, configuration: TableConfiguration? = nil, of device: Device
  ) throws(VCMError) {
    try requireLive(device.isLive, "device", device.name)
    let configuration = configuration ?? device.configuration
    if device.formatName == format && device.configuration == configuration { return }
    try requireUnassociated(device, to: "given another format")
    if let format { try Self.check(format: format, configuration: configuration) }
    device.formatName = format
    device.configuration = configuration
    report(Change(.attributes, device.id))
  }

  /// Puts a device back to its state at power-on: all its associations become inactive.
  ///
  /// What they map is kept and comes back with the next activation. The association of a processor with a
  /// prebuilt region stays active.
  ///
  /// - Returns: the associations that were deactivated.
  /// - Throws: `noSuchObject` (ENOENT).
  @discardableResult
  public func reset(_ device: Device) throws(VCMError) -> [Association] {
    try requireLive(device.isLive, "device", device.name)
    let active = device.associations.filter { $0.isActive && !$0.isImplied }
    for association in active { switchOff(association) }
    device.model.reset()
    for association in active { reportActivation(of: association) }
    report(Change(.reset, device.id))
    return active
  }

  private func requireUnassociated(_ device: Device, to purpose: String) throws(VCMError) {
    guard let association = device.associations.first else { return }
    throw VCMError(
      .inUse,
      "device '\(device.name)' is associated with region '\(association.region.name)', "
        + "so that it cannot be \(purpose)"
    )
  }

  private static func check(format: String, configuration: TableConfiguration) throws(VCMError) {
    let entry = try FormatRegistry.entry(named: format)
    do {
      _ = try entry.description(for: configuration)
    } catch {
      throw VCMError(error)
    }
  }
}
