/// A granule of AArch64's tables and how wide addresses are, as a type, so that each has a format of its own.
protocol ARM64Granule: Sendable {
  /// The log2 of its bytes.
  static var sizeLog2: Int { get }
  /// The end of the formats' names.
  static var suffix: String { get }
  /// The granule in the formats' summaries.
  static var title: String { get }
  /// How entries hold physical addresses.
  static var addresses: ARMLongAddresses { get }
  /// TnSZ, for 25 to 48 or 52 bits of input; the first is the standard.
  static var sizeOffsets: ClosedRange<Int> { get }
  /// Its code in TCR.TG0 and VTCR.TG0.
  static var lowCode: UInt64 { get }
  /// Its code in TCR.TG1.
  static var highCode: UInt64 { get }
}

/// 4K: four levels for 48 bits.
enum ARM64Granule4K: ARM64Granule {
  static let sizeLog2 = 12
  static let suffix = "4k"
  static let title = "4K"
  static let lowCode: UInt64 = 0
  static let highCode: UInt64 = 2
}

/// 16K: four levels for 48 bits, the first of two entries.
enum ARM64Granule16K: ARM64Granule {
  static let sizeLog2 = 14
  static let suffix = "16k"
  static let title = "16K"
  static let lowCode: UInt64 = 2
  static let highCode: UInt64 = 1
}

/// 64K: three levels for 48 bits.
enum ARM64Granule64K: ARM64Granule {
  static let sizeLog2 = 16
  static let suffix = "64k"
  static let title = "64K"
  static let lowCode: UInt64 = 1
  static let highCode: UInt64 = 3
}

/// 4K with addresses of 52 bits (FEAT_LPA2): five levels, the first of 16 entries.
enum ARM64Granule4K52: ARM64Granule {
  static let sizeLog2 = 12
  static let suffix = "4k-52"
  static let title = "4K, 52-bit addresses (FEAT_LPA2)"
  static let lowCode: UInt64 = 0
  static let highCode: UInt64 = 2
  static let addresses = ARMLongAddresses.lpa2
  static let sizeOffsets = 12...39
}

/// 16K with addresses of 52 bits (FEAT_LPA2): four levels, the first of 32 entries.
enum ARM64Granule16K52: ARM64Granule {
  static let sizeLog2 = 14
  static let suffix = "16k-52"
  static let title = "16K, 52-bit addresses (FEAT_LPA2)"
  static let lowCode: UInt64 = 2
  static let highCode: UInt64 = 1
  static let addresses = ARMLongAddresses.lpa2
  static let sizeOffsets = 12...39
}

/// 64K with addresses of 52 bits (FEAT_LPA, FEAT_LVA): three levels, the first of 1024 entries.
enum ARM64Granule64K52: ARM64Granule {
  static let sizeLog2 = 16
  static let suffix = "64k-52"
  static let title = "64K, 52-bit addresses (FEAT_LPA, FEAT_LVA)"
  static let lowCode: UInt64 = 1
  static let highCode: UInt64 = 3
  static let addresses = ARMLongAddresses.lpa
  static let sizeOffsets = 12...39
}

extension ARM64Granule {
  static var addresses: ARMLongAddresses { .inPlace(bits: 48) }
  static var sizeOffsets: ClosedRange<Int> { 16...39 }

  /// The first configuration's region.
  static var standardRegion: ARMLongRegion { ARMLongRegion(width: 64, sizeOffset: sizeOffsets.lowerBound) }

  /// The region that a configuration asks for.
  static func region(
    _ configuration: TableConfiguration, format: String
  ) throws(PageTableError) -> ARMLongRegion {
    try ARMLongRegion(
      configuration, width: 64, standard: sizeOffsets.lowerBound, sizeOffsets: sizeOffsets, format: format)
  }

  /// IPS and PS: the code of a width of physical addresses.
  static func physicalSizeCode(_ bits: Int) -> UInt64 {
    switch bits {
    case ...32: 0
    case ...36: 1
    case ...40: 2
    case ...42: 3
    case ...44: 4
    case ...48: 5
    default: 6
    }
  }

  /// TCR_EL1 with one half of the address space in use: tables write-back, inner shareable.
  static func tcr(_ region: ARMLongRegion, physicalBits: Int) -> UInt64 {
    let size = UInt64(region.sizeOffset)
    // SH = 3, ORGN = IRGN = 1.
    let walks: UInt64 = 0x3500
    let half =
      region.isHigh
      ? size << 16 | walks << 16 | highCode << 30 | 1 << 7
      : size | walks | lowCode << 14 | 1 << 23
    return half | physicalSizeCode(physicalBits) << 32 | (addresses == .lpa2 ? 1 << 59 : 0)
  }

  /// VTCR_EL2: tables write-back, inner shareable.
  static func vtcr(_ region: ARMLongRegion, _ shape: ARMLongShape, physicalBits: Int) -> UInt64 {
    let start = UInt64(sizeLog2 == 12 ? 2 - shape.startLevel : 3 - shape.startLevel)
    return (addresses == .lpa2 ? 1 << 32 : 0) | 1 << 31 | physicalSizeCode(physicalBits) << 16 | lowCode << 14
      | 0x3500 | (start & 3) << 6
      | UInt64(region.sizeOffset)
  }
}
