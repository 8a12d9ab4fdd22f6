/// How a physical allocation was asked for.
///
/// The raw value has the bits of `vcm.h`: coherent in bit 0, contiguous in bit 1, all chunk sizes in bit 2, 1
/// MiB, 64 KiB and 4 KiB chunks in bits 3 to 5, and the alignment order in five bits from bit 6.
public struct PhysicalAttributes: Hashable, Sendable {
  /// The sizes of chunks that were permitted, none of which is above 1 GiB.
  private let sizes: UInt32

  /// Whether the buffer had to be one contiguous range.
  public let isContiguous: Bool

  /// The log2 of the alignment that was asked for, or 0 for none.
  public let alignmentOrder: UInt8

  init(blockSizes: [UInt64], isContiguous: Bool, alignment: UInt64?) {
    sizes = blockSizes.reduce(0) { $0 | UInt32(truncatingIfNeeded: $1) }
    self.isContiguous = isContiguous
    alignmentOrder = alignment.map { UInt8($0.trailingZeroBitCount) } ?? 0
  }

  /// The sizes of chunks that were permitted: bit n for `2^n` bytes.
  public var blockSizeBits: UInt64 { UInt64(sizes) }

  /// The sizes of chunks that were permitted, largest first.
  public var blockSizes: [UInt64] {
    (0..<64).reversed().map { UInt64(1) << UInt64($0) }.filter { blockSizeBits & $0 != 0 }
  }

  /// The alignment that was asked for, in bytes; nil for none.
  public var alignment: UInt64? { alignmentOrder == 0 ? nil : 1 << UInt64(alignmentOrder & 63) }

  /// The bits of `vcm.h`.
  public var rawValue: UInt32 {
    let sizes: [(UInt64, UInt32)] = [(1 << 20, 3), (64 << 10, 4), (4 << 10, 5)]
    var bits: UInt32 = isContiguous ? 1 << 1 : 0
    for (size, bit) in sizes where blockSizeBits & size != 0 { bits |= 1 << bit }
    if bits >> 3 == 7 { bits |= 1 << 2 }
    return bits | UInt32(alignmentOrder & 31) << 6
  }
}
