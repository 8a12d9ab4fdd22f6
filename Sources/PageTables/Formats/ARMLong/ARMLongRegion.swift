/// The device addresses that a long-descriptor table translates: those with some number of equal leading bits.
///
/// TnSZ leading zeros belong to TTBR0, TnSZ leading ones to TTBR1. Facts: ARM DDI 0487, D8.2; ARM DDI 0406C, B3.6.
struct ARMLongRegion: Hashable, Sendable {
  /// The bits of an address: 64 or, in AArch32, 32.
  private let width: Int
  /// TnSZ: the number of equal leading bits.
  let sizeOffset: Int
  /// Whether the leading bits are ones and the table hangs from TTBR1.
  let isHigh: Bool

  /// The region of low addresses with `sizeOffset` leading zeros.
  init(width: Int, sizeOffset: Int) {
    self.width = width
    self.sizeOffset = sizeOffset
    isHigh = false
  }

  /// The region that a configuration asks for: `split` is TnSZ, 0 the standard.
  ///
  /// - Throws: `badConfiguration` unless TnSZ is among `sizeOffsets`, and named for the high base.
  init(
    _ configuration: TableConfiguration, width: Int, standard: Int, sizeOffsets: ClosedRange<Int>,
    format: String
  ) throws(PageTableError) {
    self.width = width
    sizeOffset = configuration.split == 0 ? standard : configuration.split
    isHigh = configuration.base == .high
    guard sizeOffsets.contains(sizeOffset) else {
      throw .badConfiguration(key: "split", value: "\(configuration.split)", format: format)
    }
    guard !isHigh || configuration.split > 0 else {
      throw .badConfiguration(key: "base", value: "high", format: format)
    }
  }

  /// The bits of an address that the table translates.
  var bits: Int { width - sizeOffset }

  /// The first address.
  var base: UInt64 {
    guard isHigh else { return 0 }
    return (width < 64 ? 1 << UInt64(width) : 0) &- 1 << UInt64(bits)
  }

  /// How far into the region an address lies; `nil` if it lies outside.
  func offset(of deviceAddress: UInt64) -> UInt64? {
    let offset = deviceAddress &- base
    return offset >> UInt64(bits) == 0 ? offset : nil
  }
}
