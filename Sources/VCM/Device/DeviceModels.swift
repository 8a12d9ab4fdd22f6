internal import PageTables

extension DeviceKind {
  /// The model of hardware of this kind.
  public func makeModel() -> any DeviceModel {
    switch self {
    case .iommu: ModelledIOMMU()
    case .oneToOne: DirectDevice()
    case .cpu: ProcessorDevice()
    }
  }
}

/// A device behind an IOMMU that walks one table at a time, or two where the address space is split.
final class ModelledIOMMU: DeviceModel {
  var hardwareVersion: String { "vcmfs modelled iommu 1.0" }
  var walksTables: Bool { true }
  var seesPhysicalAddresses: Bool { false }

  func check(_ activation: Association, beside active: [Association]) throws(VCMError) {
    for other in active where !Self.areHalves(activation.attributes, other.attributes) {
      throw VCMError(
        .deviceTaken,
        "device '\(activation.device.name)' walks the table of region '\(other.region.name)'; "
          + "deactivate that first"
      )
    }
  }

  /// Whether two associations drive the two roots of one split.
  private static func areHalves(_ first: AssociationAttributes, _ second: AssociationAttributes) -> Bool {
    first.split == second.split && first.split > 0 && first.base != second.base
  }

  func activate(_ association: Association, root: RootDescription?) throws(VCMError) {}
  func deactivate(_ association: Association) {}
  func map(_ mapping: DeviceMapping, in association: Association) throws(VCMError) {}
  func unmap(_ mapping: DeviceMapping, in association: Association) {}
  func changeAttributes(_ mapping: DeviceMapping, in association: Association) throws(VCMError) {}
  func reset() {}
}

/// A device with nothing between it and memory: its addresses are physical addresses.
final class DirectDevice: DeviceModel {
  var hardwareVersion: String { "vcmfs direct device 1.0" }
  var walksTables: Bool { false }
  var seesPhysicalAddresses: Bool { true }

  func check(_ activation: Association, beside active: [Association]) throws(VCMError) {}
  func activate(_ association: Association, root: RootDescription?) throws(VCMError) {}
  func deactivate(_ association: Association) {}
  func map(_ mapping: DeviceMapping, in association: Association) throws(VCMError) {}
  func unmap(_ mapping: DeviceMapping, in association: Association) {}
  func changeAttributes(_ mapping: DeviceMapping, in association: Association) throws(VCMError) {}
  func reset() {}
}

/// A processor, whose MMU has a table for each address space.
final class ProcessorDevice: DeviceModel {
  var hardwareVersion: String { "vcmfs processor 1.0" }
  var walksTables: Bool { true }
  var seesPhysicalAddresses: Bool { false }
  func check(_ activation: Association, beside active: [Association]) throws(VCMError) {}
  func activate(_ association: Association, root: RootDescription?) throws(VCMError) {}
  func deactivate(_ association: Association) {}
  func map(_ mapping: DeviceMapping, in association: Association) throws(VCMError) {}
  func unmap(_ mapping: DeviceMapping, in association: Association) {}
  func changeAttributes(_ mapping: DeviceMapping, in association: Association) throws(VCMError) {}
  func reset() {}
}

extension DeviceMapping {
  /// Refuses a mapping whose device addresses are not its physical addresses.
  func requireIdentity(because reason: String) throws(VCMError) {
    guard !isIdentity else { return }
    let place = hex(deviceAddress)
    guard runs.count == 1, let run = runs.first else {
      throw VCMError(
        .notContiguous, "\(reason), so that backing needs one contiguous chunk at \(place), not \(runs.count)"
      )
    }
    throw VCMError(
      .notContiguous,
      "\(reason), so that the reservation at \(place) needs memory there, not at \(hex(run.physicalAddress))")
  }
}
