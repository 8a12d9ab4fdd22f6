public import PageTables

extension Engine {
  /// Follows a device address through what a device walks now: `vcm_dev_addr_to_phys_addr`.
  ///
  /// The encoded table in memory is read, not the list of reservations. A device that walks no table sees
  /// physical addresses.
  ///
  /// - Throws: `notActive` (ENOENT) if no association of the device is active; `fault` (EFAULT) with the
  ///   level and the reason if the address is not mapped; `noSuchObject` (ENOENT).
  public func physicalAddress(of deviceAddress: UInt64, seenBy device: Device) throws(VCMError) -> UInt64 {
    try requireLive(device.isLive, "device", device.name)
    if device.model.seesPhysicalAddresses { return deviceAddress }
    guard let walk = walk(deviceAddress, of: device) else {
      throw VCMError(.notActive, "no association of device '\(device.name)' is active")
    }
    switch walk.result {
    case .mapped(let mapping): return mapping.outputAddress
    case .fault(_, let level, let reason):
      throw VCMError(
        .fault,
        "device '\(device.name)' faults at \(hex(deviceAddress)): \(reason.words) at level \(level)")
    }
  }

  /// The walk of a device address through the tables that a device has now; nil if it has none.
  ///
  /// Where several are active, the first in which the address is mapped, else the last.
  public func walk(_ deviceAddress: UInt64, of device: Device) -> Walk? {
    var last: Walk?
    for association in device.activeAssociations {
      guard let walk = association.table?.walk(deviceAddress) else { continue }
      if case .mapped = walk.result { return walk }
      last = walk
    }
    return last
  }
}
