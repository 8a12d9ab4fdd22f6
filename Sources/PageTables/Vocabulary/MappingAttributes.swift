/// What a mapping shall permit and how memory behind it shall be cached, in words that belong to no format.
///
/// Every format turns these wishes into the bits of its entries, refuses by name what it cannot enforce
/// (`PageTableError.cannotExpress`), and documents in `FormatDescription.attributes` what it has no bits for.
public struct MappingAttributes: Hashable, Sendable {
  /// The kinds of access that a mapping permits.
  public struct Access: OptionSet, Hashable, Sendable {
    /// Bit 0 read, bit 1 write, bit 2 execute.
    public let rawValue: UInt8

    /// The set with these bits.
    public init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    /// Loads by the device.
    public static let read = Access(rawValue: 1)
    /// Stores by the device.
    public static let write = Access(rawValue: 2)
    /// Instruction fetches by the device.
    public static let execute = Access(rawValue: 4)
  }

  /// Who may use the mapping.
  public enum Privilege: UInt8, Hashable, Sendable, CaseIterable {
    /// Privileged and unprivileged accesses alike.
    case user
    /// Privileged accesses only.
    case supervisor
  }

  /// How memory behind the mapping is cached: the policies of vcm.h, with its numbers.
  public enum CachePolicy: UInt8, Hashable, Sendable, CaseIterable {
    /// Not cached.
    case notCached = 0
    /// Write-back, allocated on read and on write.
    case writeBackWriteAllocate = 1
    /// Write-back, allocated on read only.
    case writeBackNoWriteAllocate = 2
    /// Write-through.
    case writeThrough = 3
  }

  /// What is permitted.
  public var access: Access
  /// To whom it is permitted.
  public var privilege: Privilege
  /// Whether accesses go to the secure physical address space.
  public var isSecure: Bool
  /// The wished cache policy: a hint where the format has no bits for it.
  public var cache: CachePolicy

  /// Attributes; without arguments those of a new reservation: read and write, for everybody, not secure, not cached.
  public init(
    access: Access = [.read, .write], privilege: Privilege = .user, isSecure: Bool = false,
    cache: CachePolicy = .notCached
  ) {
    self.access = access
    self.privilege = privilege
    self.isSecure = isSecure
    self.cache = cache
  }
}
