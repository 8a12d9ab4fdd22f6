public import PageTables

/// An access of a device that its tables do not permit.
public struct DeviceFault: Hashable, Sendable {
  /// Why the access was not permitted.
  public enum Reason: Hashable, Sendable {
    /// No association of the device is active.
    case inactive
    /// The walk ended without a translation.
    case walk(Walk.FaultReason)
    /// The address is mapped, but not for this kind of access.
    case permission

    /// The reason in words.
    public var words: String {
      switch self {
      case .inactive: "no active association"
      case .walk(let reason): reason.words
      case .permission: "access not permitted"
      }
    }
  }

  /// The fault's number among all of the engine: from 1.
  public let sequence: UInt64

  /// The device.
  public let device: ObjectID

  /// The device address that was accessed.
  public let address: UInt64

  /// The kind of access.
  public let access: MappingAttributes.Access

  /// The manual's name of the level at which the walk ended; empty if there was no walk.
  public let levelName: String

  /// Why.
  public let reason: Reason

  /// The walk, level by level; nil if there was none.
  public let walk: Walk?
}

/// What a fault handler says.
public enum FaultVerdict: String, CaseIterable, Sendable {
  /// The cause is gone: the access is tried again.
  case retry
  /// The access fails.
  case terminate
}
