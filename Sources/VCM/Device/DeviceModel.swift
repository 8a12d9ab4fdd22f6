public import PageTables

/// What differs from kind to kind of devices: how one is programmed, and what it needs to see a region.
///
/// The engine knows devices only through this protocol. A kind that drives real hardware is one more
/// implementation. A call that throws must have changed nothing; the engine then takes back what the
/// operation did elsewhere.
public protocol DeviceModel: AnyObject {
  /// The version of the hardware, in words (`vcm_hw_ver`).
  var hardwareVersion: String { get }

  /// Whether the device walks page tables that the engine builds. Otherwise a format means nothing to it.
  var walksTables: Bool { get }

  /// Whether the device's addresses are physical addresses, so that memory must lie at its reservation's
  /// address.
  var seesPhysicalAddresses: Bool { get }

  /// Refuses an activation beside the ones that hold.
  ///
  /// - Throws: `deviceTaken` (EBUSY).
  func check(_ activation: Association, beside active: [Association]) throws(VCMError)

  /// Programs the device with the table of an association, complete as it is; `root` is nil if there is none.
  ///
  /// - Throws: `hardwareFailure` (EIO), `noDevice` (ENODEV).
  func activate(_ association: Association, root: RootDescription?) throws(VCMError)

  /// Takes the table away again. Cannot fail: a device that does not obey is reset.
  func deactivate(_ association: Association)

  /// Hears that a mapping was added to the region of an active association; the tables have it already.
  ///
  /// - Throws: `hardwareFailure` (EIO).
  func map(_ mapping: DeviceMapping, in association: Association) throws(VCMError)

  /// Hears that a mapping is gone: what the device remembers of it must be forgotten.
  func unmap(_ mapping: DeviceMapping, in association: Association)

  /// Hears that a mapping has new attributes; the tables have them already.
  ///
  /// - Throws: `hardwareFailure` (EIO).
  func changeAttributes(_ mapping: DeviceMapping, in association: Association) throws(VCMError)

  /// Puts the device back to its state at power-on, after its associations were deactivated.
  func reset()
}

/// The bytes behind a reservation, as a device comes to see them.
public struct DeviceMapping {
  /// The first device address.
  public let deviceAddress: UInt64

  /// The physical memory, in order, neighbours joined.
  public let runs: [OutputRun]

  /// What the device may do.
  public let attributes: MappingAttributes

  /// The number of bytes.
  public var length: UInt64 { runs.reduce(0) { $0 &+ $1.length } }

  /// Whether the device addresses are the physical addresses.
  public var isIdentity: Bool {
    runs.count == 1 && runs.first?.physicalAddress == deviceAddress
  }
}
