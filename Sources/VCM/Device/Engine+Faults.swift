public import PageTables

extension Engine {
  /// Sets who decides about a device's faults: `vcm_hook`.
  ///
  /// Nil means that every fault ends its access.
  ///
  /// - Throws: `noSuchObject` (ENOENT).
  public func hook(
    _ device: Device, handler: ((DeviceFault) -> FaultVerdict)?
  ) throws(VCMError) {
    try requireLive(device.isLive, "device", device.name)
    device.faultHandler = handler
  }

  /// The physical address that an access of a device reaches, through its encoded tables and their
  /// permissions.
  ///
  /// A fault goes to the device's handler. If that says `retry`, the access is tried again, at most 16 times:
  /// a handler that never cures the cause must not hold the device forever.
  ///
  /// - Parameters:
  ///   - address: the device address.
  ///   - access: what is attempted; all of it must be permitted.
  ///   - device: who accesses.
  /// - Throws: `fault` (EFAULT) with the level and the reason; `noSuchObject` (ENOENT).
  /// - Complexity: O(levels) an attempt.
  public func access(
    _ address: UInt64, _ access: MappingAttributes.Access, by device: Device
  ) throws(VCMError) -> UInt64 {
    try requireLive(device.isLive, "device", device.name)
    var fault: DeviceFault
    var attempts = 0
    repeat {
      switch attempt(address, access, by: device) {
      case .success(let physical): return physical
      case .failure(let found): fault = found.fault
      }
      attempts += 1
    } while device.faultHandler?(fault) == .retry && attempts < 16
    let level = fault.levelName.isEmpty ? "" : " at level \(fault.levelName)"
    throw VCMError(.fault, "device '\(device.name)' faults at \(hex(address))\(level): \(fault.reason.words)")
  }

  /// One attempt of an access, without the handler: the physical address, or a fault with a number of its
  /// own.
  public func attempt(
    _ address: UInt64, _ access: MappingAttributes.Access, by device: Device
  ) -> Result<UInt64, FaultError> {
    if device.model.seesPhysicalAddresses { return .success(address) }
    guard let walk = walk(address, of: device) else {
      return .failure(fault(address, access, device, "", .inactive, nil))
    }
    switch walk.result {
    case .fault(_, let levelName, let reason):
      return .failure(fault(address, access, device, levelName, .walk(reason), walk))
    case .mapped(let mapping):
      guard mapping.attributes.access.isSuperset(of: access) else {
        let levelName = walk.steps.last?.levelName ?? ""
        return .failure(fault(address, access, device, levelName, .permission, walk))
      }
      return .success(mapping.outputAddress)
    }
  }

  private func fault(
    _ address: UInt64, _ access: MappingAttributes.Access, _ device: Device, _ levelName: String,
    _ reason: DeviceFault.Reason, _ walk: Walk?
  ) -> FaultError {
    faultCount += 1
    return FaultError(
      fault: DeviceFault(
        sequence: faultCount, device: device.id, address: address, access: access, levelName: levelName,
        reason: reason, walk: walk))
  }
}

/// A fault, as the failure of an attempt.
public struct FaultError: Error, Hashable, Sendable {
  /// The fault.
  public let fault: DeviceFault
}
