/// A granule of AArch64's tables, as a type, so that each has a format of its own.
protocol ARM64Granule: Sendable {
  /// The log2 of its bytes.
  static var sizeLog2: Int { get }
  /// The end of the formats' names, and the size in their summaries.
  static var suffix: String { get }
  /// Its code in TCR.TG0 and VTCR.TG0.
  static var lowCode: UInt64 { get }
  /// Its code in TCR.TG1.
  static var highCode: UInt64 { get }
}

/// 4K: four levels for 48 bits.
enum ARM64Granule4K: ARM64Granule {
  static let sizeLog2 = 12
  static let suffix = "4k"
  static let lowCode: UInt64 = 0
  static let highCode: UInt64 = 2
}

/// 16K: four levels for 48 bits, the first of two entries.
enum ARM64Granule16K: ARM64Granule {
  static let sizeLog2 = 14
  static let suffix = "16k"
  static let lowCode: UInt64 = 2
  static let highCode: UInt64 = 1
}

/// 64K: three levels for 48 bits.
enum ARM64Granule64K: ARM64Granule {
  static let sizeLog2 = 16
  static let suffix = "64k"
  static let lowCode: UInt64 = 1
  static let highCode: UInt64 = 3
}

extension ARM64Granule {
  /// TnSZ, 25 to 48 bits of input.
  static var sizeOffsets: ClosedRange<Int> { 16...39 }

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
    return half | physicalSizeCode(physicalBits) << 32
  }

  /// VTCR_EL2: tables write-back, inner shareable.
  static func vtcr(_ region: ARMLongRegion, _ shape: ARMLongShape, physicalBits: Int) -> UInt64 {
    let start = UInt64(sizeLog2 == 12 ? 2 - shape.startLevel : 3 - shape.startLevel)
    return 1 << 31 | physicalSizeCode(physicalBits) << 16 | lowCode << 14 | 0x3500 | (start & 3) << 6
      | UInt64(region.sizeOffset)
  }
}
