/// Which half of a split address space an association drives.
///
/// The raw value has the bits of `vcm.h`: use the high base in bit 1, use the low base in bit 2, and from bit
/// 3 on five bits with the number of leading zero bits that an address must have to use the low table.
public struct AssociationAttributes: RawRepresentable, Hashable, Sendable {
  /// The base register of a table.
  public enum Base: UInt8, CaseIterable, Sendable {
    /// The low table, such as ARM's TTBR0.
    case low
    /// The high table, such as ARM's TTBR1.
    case high
  }

  /// The base register.
  public var base: Base

  /// The number of leading zero bits of an address that uses the low table: 0 to 31.
  ///
  /// With 0 everything is low.
  public var split: UInt8

  /// Attributes from their parts.
  ///
  /// `split` must be below 32.
  public init(base: Base = .low, split: UInt8 = 0) {
    self.base = base
    self.split = split & 31
  }

  /// The attributes with these bits, or nil if a bit is set that is none of theirs or both bases are chosen.
  public init?(rawValue: UInt32) {
    guard rawValue & 1 == 0, rawValue >> 8 == 0, rawValue & 6 != 6 else { return nil }
    self.init(base: rawValue & 2 != 0 ? .high : .low, split: UInt8((rawValue >> 3) & 31))
  }

  /// The bits of `vcm.h`.
  public var rawValue: UInt32 { (base == .high ? 2 : 4) | UInt32(split & 31) << 3 }
}
