// The bits that processors and IOMMUs ignore in entries, leave to software, or take as hints, and those that they set by
// themselves. What is named here is not reported as reserved when an entry that somebody else made has it. Formats that are
// not named have no such bits, or none that drivers use.

/// Bits `high` to `low`.
private func bits(_ high: UInt64, _ low: UInt64) -> UInt64 {
  (UInt64.max >> (63 - high)) & (UInt64.max << low)
}

/// Intel SDM volume 3A, tables 4-14 to 4-20: 11:9 and 58:52 are ignored, 62:59 a protection key or ignored. In pointers also
/// bits 8 and 6 are ignored, and PWT, PCD and XD restrict.
extension X86LongFormat {
  func ignoredBits(_ kind: EntryKind, level: Int) -> UInt64 {
    bits(62, 52) | bits(11, 9) | (kind == .table ? bits(63, 63) | bits(8, 8) | bits(6, 6) | bits(4, 3) : 0)
  }
}

/// Intel SDM volume 3A, tables 4-8 to 4-11; bits 62:52 are reserved here.
extension X86PAE {
  func ignoredBits(_ kind: EntryKind, level: Int) -> UInt64 {
    let pointer = level >= 2 ? bits(4, 3) : bits(63, 63) | bits(8, 8) | bits(6, 6) | bits(4, 3)
    return bits(11, 9) | (kind == .table ? pointer : 0)
  }
}

/// Intel SDM volume 3A, tables 4-4 to 4-6.
extension X86Classic {
  func ignoredBits(_ kind: EntryKind, level: Int) -> UInt32 {
    UInt32(bits(11, 9) | (kind == .table ? bits(8, 8) | bits(6, 6) | bits(4, 3) : 0))
  }
}

/// ARM DDI 0487, D8.3. Leaves: 58:55 software's, 62:59 PBHA or ignored, 63 ignored, 51 DBM, 50 GP, 16 nT. Pointers: 58:51 and
/// 11:2 are ignored, of which 10 is AF with FEAT_HAFT; 63:59 restrict at stage 1.
extension ARMLongFormat {
  func ignoredBits(_ kind: EntryKind, level: Int) -> UInt64 {
    kind == .table ? bits(63, 51) | bits(11, 2) : bits(63, 55) | bits(51, 50) | bits(16, 16)
  }

  /// AF; and with DBM set, dirty state, which is bit 7 at both stages.
  func updatedBits(of entry: UInt64, level: Int) -> UInt64 {
    bits(10, 10) | (entry >> 51 & 1 != 0 ? bits(7, 7) : 0)
  }
}

/// ARM DDI 0406C, B3.5.1: bit 9 of first-level entries is implementation defined.
extension ARMShortFormat {
  func ignoredBits(_ kind: EntryKind, level: Int) -> UInt32 { level > 0 ? 1 << 9 : 0 }
}

/// U-Boot drivers/iommu/apple_dart.c (`DART_L1_TABLE`) sets bit 1 of pointers.
extension DARTFormat {
  func ignoredBits(_ kind: EntryKind, level: Int) -> UInt64 { kind == .table ? bits(1, 1) : 0 }
}

/// In the first generation bit 1 of a leaf disables what 63:40 say.
extension AppleDART {
  func ignoredBits(_ kind: EntryKind, level: Int) -> UInt64 { kind == .table ? bits(1, 1) : bits(63, 40) }
}

/// Intel VT-d, 9.8: 61:52 and 63 are ignored, 10:8 are accessed, dirty and ignored, 6:2 memory type, PAT and execute, which
/// legacy mode ignores; of a page also bit 7; of a pointer also bit 11.
extension IntelVTd {
  func ignoredBits(_ kind: EntryKind, level: Int) -> UInt64 {
    bits(63, 63) | bits(61, 52) | bits(10, 8) | bits(6, 2)
      | (kind == .table ? bits(11, 11) : level == 0 ? bits(7, 7) : 0)
  }
}

/// AMD 48882, 2.2.3: 4:1 and 8:7 are ignored, 5 accessed, 6 dirty (ignored in pointers), 63 ignored.
extension AMDv1 {
  func ignoredBits(_ kind: EntryKind, level: Int) -> UInt64 {
    bits(63, 63) | bits(8, 1)
  }

  func updatedBits(of entry: UInt64, level: Int) -> UInt64 { bits(6, 5) }
}

/// z/Architecture Principles of Operation, chapter 3: of a page 8 is change override and 7:0 are software's; of a pointer
/// 9 protects what is below.
extension S390PCI {
  func ignoredBits(_ kind: EntryKind, level: Int) -> UInt64 { kind == .table ? bits(9, 9) : bits(8, 0) }
}

/// M68040 User's Manual, section 3.2: of a page 9:8 go out with an access, 11 is the user's, and of 8K also 12; of others
/// what lies below the address and above U is not looked at, 3 is U, and 2 protects what is below. Pages of type 1 and 3, tables of type 2 and 3 are the
/// same.
extension M68040 {
  func ignoredBits(_ kind: EntryKind, level: Int) -> UInt32 {
    guard kind == .table else { return UInt32(bits(UInt64(pageShift - 1), 11) | bits(9, 8) | bits(1, 1)) }
    return UInt32(bits(UInt64(tableSizeLog2(level - 1) - 1), 2) | bits(0, 0))
  }
}

/// RISC-V Instruction Set Manual volume II, Sv32 to Sv57: 9:8 are software's; of a pointer bit 5, global, is inherited.
extension RISCVFormat {
  func ignoredBits(_ kind: EntryKind, level: Int) -> Word {
    Word(truncatingIfNeeded: bits(9, 8) | (kind == .table ? bits(5, 5) : 0))
  }

  /// A and D.
  func updatedBits(of entry: Word, level: Int) -> Word { Word(truncatingIfNeeded: bits(7, 6)) }
}

/// Linux drivers/iommu/exynos-iommu.c (`lv2ent_small`): of a small page bit 0 is not looked at.
extension ExynosFormat {
  func ignoredBits(_ kind: EntryKind, level: Int) -> UInt32 { kind == .leaf && level == 0 ? 1 : 0 }
}
