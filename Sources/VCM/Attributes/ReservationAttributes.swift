public import PageTables

/// What a device may do with a reservation and how its accesses are cached.
///
/// The raw value has the bits of `vcm.h`: the cache policy in bits 3 to 0, secure in bit 4, supervisor in bit
/// 5, user in bit 6, execute in bit 7, write in bit 8, read in bit 9. The alignment order, which `vcm.h`
/// keeps in five bits from bit 10, is a value of the reservation (``Reservation/alignmentOrder``).
public struct ReservationAttributes: RawRepresentable, Hashable, Sendable {
  /// The kinds of access that may be permitted.
  public typealias Access = MappingAttributes.Access
  /// Who may use a mapping.
  public typealias Privilege = MappingAttributes.Privilege
  /// How memory is cached.
  public typealias CachePolicy = MappingAttributes.CachePolicy

  /// The bits of `vcm.h`.
  public let rawValue: UInt32

  /// The attributes with these bits, or nil if they contradict each other or are not attributes: an unknown
  /// cache policy, a bit from 10 on, both or neither of user and supervisor.
  public init?(rawValue: UInt32) {
    guard rawValue >> 10 == 0, rawValue & 15 <= 3, (rawValue >> 5) & 3 == 1 || (rawValue >> 5) & 3 == 2 else {
      return nil
    }
    self.rawValue = rawValue
  }

  /// Attributes from their parts.
  ///
  /// The default is `prot=rw cache=none user`.
  public init(
    access: Access = [.read, .write], cache: CachePolicy = .notCached, privilege: Privilege = .user,
    isSecure: Bool = false
  ) {
    var bits = UInt32(cache.rawValue) & 15
    if isSecure { bits |= Bit.secure }
    bits |= privilege == .supervisor ? Bit.supervisor : Bit.user
    if access.contains(.execute) { bits |= Bit.execute }
    if access.contains(.write) { bits |= Bit.write }
    if access.contains(.read) { bits |= Bit.read }
    rawValue = bits
  }

  /// The accesses that are permitted.
  public var access: Access {
    var access: Access = []
    if rawValue & Bit.execute != 0 { access.insert(.execute) }
    if rawValue & Bit.write != 0 { access.insert(.write) }
    if rawValue & Bit.read != 0 { access.insert(.read) }
    return access
  }

  /// How accesses are cached.
  public var cache: CachePolicy { CachePolicy(rawValue: UInt8(rawValue & 15)) ?? .notCached }

  /// Who may use the reservation.
  public var privilege: Privilege { rawValue & Bit.supervisor != 0 ? .supervisor : .user }

  /// Whether the reservation belongs to the secure world.
  public var isSecure: Bool { rawValue & Bit.secure != 0 }

  /// The same wishes, as page tables take them.
  public var mapping: MappingAttributes {
    MappingAttributes(access: access, privilege: privilege, isSecure: isSecure, cache: cache)
  }

  private enum Bit {
    static let secure: UInt32 = 1 << 4
    static let supervisor: UInt32 = 1 << 5
    static let user: UInt32 = 1 << 6
    static let execute: UInt32 = 1 << 7
    static let write: UInt32 = 1 << 8
    static let read: UInt32 = 1 << 9
  }
}
