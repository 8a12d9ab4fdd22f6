import PageTables
import PhysicalMemory

/// A second reading of the bit tables of s390's PCI functions, the 68040 and SPARC's reference MMU, which shares no code with
/// the formats.
///
/// Each walk begins at the registers in the root's lines.
struct ModernDecoder {
  typealias Answer = IndependentDecoder.Answer

  static let formats = ["s390-pci", "m68k-040", "sparc-srmmu"]

  let memory: PhysicalMemory
  let lines: [RootDescription.Line]

  func decode(_ format: String, _ address: UInt64) -> Answer? {
    switch format {
    case "s390-pci": s390(address)
    case "m68k-040": m68k(address)
    default: sparc(address)
    }
  }

  private func register(_ key: String) -> UInt64 {
    lines.first { $0.key == key }.flatMap { UInt64($0.value.dropFirst(2), radix: 16) } ?? 0
  }

  /// A big-endian number.
  private func number(_ address: UInt64, bytes: Int) -> UInt64 {
    memory.entryBytes(address, bytes).reduce(0) { $0 * 256 + $1 }
  }

  /// Bits `high` to `low` of a word.
  private func field(_ word: UInt64, _ high: UInt64, _ low: UInt64) -> UInt64 {
    (word >> low) & (UInt64.max >> (63 - (high - low)))
  }

  /// Region, segment and page tables; 0 is a valid entry.
  private func s390(_ address: UInt64) -> Answer? {
    let start = register("iota")
    guard field(start, 11, 11) == 1, field(start, 7, 5) == 0, address >= register("pba"),
      address <= register("pal")
    else { return nil }
    var type = field(start, 4, 2)
    guard type < 4, type == 3 || address >> (31 + 11 * type) == 0 else { return nil }
    var table = field(start, 63, 14) << 14
    var isProtected = false
    while true {
      let entry = number(table + field(address, 30 + 11 * type, 20 + 11 * type) % 2048 * 8, bytes: 8)
      guard field(entry, 5, 5) == 0, field(entry, 3, 2) == type else { return nil }
      isProtected = isProtected || field(entry, 9, 9) == 1
      if type == 0 {
        table = field(entry, 63, 11) << 11
        break
      }
      guard field(entry, 1, 0) == 3, field(entry, 7, 6) == 0 else { return nil }
      table = field(entry, 63, 14) << 14
      type -= 1
    }
    let entry = number(table + field(address, 19, 12) * 8, bytes: 8)
    guard field(entry, 10, 10) == 0, field(entry, 11, 11) == 0 else { return nil }
    let isWritable = !isProtected && field(entry, 9, 9) == 0
    return Answer(
      address: field(entry, 63, 12) << 12 + address % 4096, size: 4096, read: true, write: isWritable,
      execute: true, user: true, secure: false)
  }

  /// Root, pointer and page descriptors; what is write-protected anywhere is so.
  private func m68k(_ address: UInt64) -> Answer? {
    guard address >> 32 == 0, field(register("tc"), 15, 15) == 1 else { return nil }
    let pageBits: UInt64 = field(register("tc"), 14, 14) == 1 ? 13 : 12
    let root = number(field(register("urp"), 31, 9) << 9 + field(address, 31, 25) * 4, bytes: 4)
    guard root % 4 >= 2 else { return nil }
    let pointer = number(field(root, 31, 9) << 9 + field(address, 24, 18) * 4, bytes: 4)
    guard pointer % 4 >= 2 else { return nil }
    let low: UInt64 = pageBits == 13 ? 7 : 8
    let page = number(field(pointer, 31, low) << low + field(address, 17, pageBits) * 4, bytes: 4)
    guard page % 2 == 1 else { return nil }
    return Answer(
      address: field(page, 31, pageBits) << pageBits + address % (1 << pageBits), size: 1 << pageBits,
      read: true, write: field(root | pointer | page, 2, 2) == 0, execute: true, user: field(page, 7, 7) == 0,
      secure: false)
  }

  /// A context's entry, then up to three levels.
  private func sparc(_ address: UInt64) -> Answer? {
    guard address >> 32 == 0, register("mmu_control") % 2 == 1 else { return nil }
    var entry = number(register("ctpr") << 4 + register("ctx") * 4, bytes: 4)
    for (high, shift) in [(31, 24), (23, 18), (17, 12)] as [(UInt64, UInt64)] {
      guard entry % 4 == 1 else { return nil }
      entry = number(field(entry, 31, 2) << 6 + field(address, high, shift) * 4, bytes: 4)
      if entry % 4 == 2 {
        let access = field(entry, 4, 2)
        let output = field(entry, 31, 8) << 12
        guard output % (1 << shift) == 0 else { return nil }
        return Answer(
          address: output + address % (1 << shift), size: 1 << shift, read: access != 4,
          write: [1, 3, 7].contains(access), execute: [2, 3, 4, 6, 7].contains(access), user: access < 6,
          secure: false)
      }
    }
    return nil
  }
}
