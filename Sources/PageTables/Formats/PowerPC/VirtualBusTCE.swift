/// An entry of the virtual bus of iSeries partitions, whose bits differ from those of PCI's entries.
///
/// Bit 0 permits the device to write; bits 10 and 11 say that the entry is valid, for all partitions. No format writes
/// such entries: their tables belong to the hypervisor. Facts: Linux v2.6.35 arch/powerpc/include/asm/tce.h,
/// platforms/iseries/iommu.c (`tce_build_iSeries`).
struct VirtualBusTCE: Hashable, Sendable {
  /// The page's address.
  var outputAddress: UInt64
  /// Whether the device may write.
  var canWrite: Bool

  init(outputAddress: UInt64, canWrite: Bool) {
    self.outputAddress = outputAddress
    self.canWrite = canWrite
  }

  /// The entry that a word holds; `nil` for one that is not valid.
  init?(word: UInt64) {
    guard word >> 11 & 1 != 0 else { return nil }
    outputAddress = word & 0x000F_FFFF_FFFF_F000
    canWrite = word & 1 != 0
  }

  /// The entry as a word, valid for all partitions.
  var word: UInt64 {
    outputAddress & 0x000F_FFFF_FFFF_F000 | 0xC00 | (canWrite ? 1 : 0)
  }
}
