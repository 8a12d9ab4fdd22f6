/// A run of physical addresses, the output side of a mapping.
public struct OutputRun: Hashable, Sendable {
  /// The first physical address.
  public var physicalAddress: UInt64
  /// The number of bytes.
  public var length: UInt64

  /// A run of `length` bytes from `physicalAddress` on.
  public init(physicalAddress: UInt64, length: UInt64) {
    self.physicalAddress = physicalAddress
    self.length = length
  }
}
