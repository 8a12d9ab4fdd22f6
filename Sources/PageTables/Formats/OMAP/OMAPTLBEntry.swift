/// A TLB entry of the OMAP IOMMU as its CAM and RAM registers hold it: what LD_TLB loads and READ_CAM/READ_RAM show.
///
/// Facts: Linux include/plat/iommu2.h v2.6.35 (`MMU_CAM_*`, `MMU_RAM_*`).
struct OMAPTLBEntry: Hashable, Sendable {
  /// The first device address.
  var deviceAddress: UInt64
  /// The first physical address.
  var outputAddress: UInt64
  /// The log2 of the bytes: 12, 16, 20 or 24.
  var sizeLog2: Int
  /// The attributes.
  var attributes: OMAPAttributes
  /// Whether the entry is kept when others are replaced.
  var isPreserved: Bool

  /// The tag side: the address, 1:0 the size (0 = 1M, 1 = 64K, 2 = 4K, 3 = 16M), 2 valid, 3 preserved.
  var cam: UInt32 {
    let size: UInt32 =
      switch sizeLog2 {
      case 20: 0
      case 16: 1
      case 12: 2
      default: 3
      }
    let tag = UInt32(truncatingIfNeeded: deviceAddress) & UInt32.max << UInt32(sizeLog2 & 31)
    return tag | size | 1 << 2 | (isPreserved ? 1 << 3 : 0)
  }

  /// The data side: the address, 6 mixed, 8:7 the element size, 9 big-endian.
  var ram: UInt32 {
    let address = UInt32(truncatingIfNeeded: outputAddress) & UInt32.max << UInt32(sizeLog2 & 31)
    return address | (attributes.isMixed ? 1 << 6 : 0) | UInt32(attributes.elementSize & 3) << 7
      | (attributes.isBigEndian ? 1 << 9 : 0)
  }
}
