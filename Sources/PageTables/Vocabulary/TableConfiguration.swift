/// The choices that a table is built with, beside its format.
///
/// What is left out takes the format's default.
///
/// A format refuses a choice that it cannot honour with `PageTableError.badConfiguration`; choices that mean nothing to
/// a format must be left at their defaults.
public struct TableConfiguration: Hashable, Sendable {
  /// The aperture of a format that translates only a window of device addresses.
  public struct Window: Hashable, Sendable {
    /// The first device address.
    public var base: UInt64
    /// The number of bytes.
    public var size: UInt64

    /// A window of `size` bytes at `base`.
    public init(base: UInt64, size: UInt64) {
      self.base = base
      self.size = size
    }
  }

  /// Which of two roots the table hangs from, in formats that have two (ARM's TTBR0 and TTBR1).
  public enum Base: UInt8, Hashable, Sendable {
    /// The root of low addresses (vcm.h USE_LOW_BASE).
    case low
    /// The root of high addresses (vcm.h USE_HIGH_BASE).
    case high
  }

  /// What hardware finds the table by, in formats that more than one kind of hardware walks.
  public enum RootKind: String, Hashable, Sendable, CaseIterable {
    /// The base registers of a processor, or of a context bank.
    case registers
    /// A stream table entry of an Arm SMMUv3, for a first stage with a context descriptor.
    case smmuv3
    /// A device context of a RISC-V IOMMU in the base format, 32 bytes.
    case riscvIOMMU = "riscv-iommu"
    /// A device context of a RISC-V IOMMU in the extended format, 64 bytes, of units that translate MSIs.
    case riscvIOMMUExtended = "riscv-iommu-msi"
    /// VT-d's root and context tables in legacy mode.
    case legacy
    /// VT-d's root, context and PASID tables in scalable mode.
    case scalable
  }

  /// The number of levels, 1 = one flat table; `nil` = the format's default.
  public var levels: Int?
  /// The log2 of the granule in bytes (12, 14, 16), in formats that have several; `nil` = the format's default.
  public var granuleLog2: Int?
  /// The window of device addresses; `nil` = the format's default.
  public var window: Window?
  /// The root in use.
  public var base: Base
  /// How many leading zero bits an address needs to belong to the low root (vcm.h SPLIT); 0 = all addresses are low.
  public var split: Int
  /// The requester (bus << 8 | device << 3 | function) for whom root structures in memory are built.
  public var requester: UInt16?
  /// What hardware finds the table by; `nil` = the format's default.
  public var root: RootKind?

  /// A configuration; without arguments every default.
  public init(
    levels: Int? = nil, granuleLog2: Int? = nil, window: Window? = nil, base: Base = .low, split: Int = 0,
    requester: UInt16? = nil, root: RootKind? = nil
  ) {
    self.levels = levels
    self.granuleLog2 = granuleLog2
    self.window = window
    self.base = base
    self.split = split
    self.requester = requester
    self.root = root
  }
}
