/// How long descriptors hold physical addresses.
///
/// Facts: ARM DDI 0487, D8.3; Linux arch/arm64/include/asm/pgtable-hwdef.h (`PTE_ADDR_HIGH`, `PTE_ADDR_HIGH_SHIFT`).
enum ARMLongAddresses: Hashable, Sendable {
  /// In place, of as many bits.
  case inPlace(bits: Int)
  /// FEAT_LPA, for a granule of 64K: PA[47:16] in place, PA[51:48] in bits 15:12.
  case lpa
  /// FEAT_LPA2 with DS = 1, for 4K and 16K: PA[49:12] in place, PA[51:50] in bits 9:8, where else SH stands.
  case lpa2

  /// The bits of an address.
  var bits: Int {
    switch self {
    case .inPlace(let bits): bits
    case .lpa, .lpa2: 52
    }
  }

  /// Whether blocks stand one level higher than with 48 bits: 512G, 64G or 4T.
  var hasLargeBlocks: Bool { bits == 52 }

  /// An address as it stands in an entry.
  func encoded(_ address: UInt64) -> UInt64 {
    switch self {
    case .inPlace: address
    case .lpa: address & 0x0000_FFFF_FFFF_0000 | (address >> 48 & 15) << 12
    case .lpa2: address & 0x0003_FFFF_FFFF_FFFF | (address >> 50 & 3) << 8
    }
  }

  /// The address in an entry, a multiple of 2^alignmentLog2.
  func decoded(_ entry: UInt64, alignmentLog2: Int) -> UInt64 {
    let high = UInt64.max << UInt64(alignmentLog2)
    return switch self {
    case .inPlace(let bits): entry & high & (1 << UInt64(bits) - 1)
    case .lpa: entry & high & 0x0000_FFFF_FFFF_0000 | (entry >> 12 & 15) << 48
    case .lpa2: entry & high & 0x0003_FFFF_FFFF_FFFF | (entry >> 8 & 3) << 50
    }
  }

  /// The base register of a root: with 52 bits PA[51:48] in bits 5:2.
  func baseRegister(_ rootAddress: UInt64) -> UInt64 {
    bits == 52 ? rootAddress & 0x0000_FFFF_FFFF_FFC0 | (rootAddress >> 48 & 15) << 2 : rootAddress
  }
}
