import PageTables
import PhysicalMemory

/// A second reading of the bit tables of the old formats, which shares no code with them.
///
/// Where a driver programs registers, the decoder begins at what the root's lines say of them, as the hardware does.
struct LegacyDecoder {
  typealias Answer = IndependentDecoder.Answer

  let memory: PhysicalMemory
  let lines: [RootDescription.Line]

  static let formats = [
    "sun3-mmu", "sun3x-iommu", "alpha-sg", "pasemi-iob", "ppc-tce", "ppc-tce-ioda", "apple-u4-dart",
    "cell-ioc", "sun4m-iommu", "sun4u-iommu", "sun4v-iommu", "hp-zx1", "hp-astro", "hp-u2", "amd-v1",
  ]

  func decode(_ format: String, _ address: UInt64) -> Answer? {
    guard format == "amd-v1" || isInWindow(address) else { return nil }
    return switch format {
    case "sun3-mmu": sun3(address)
    case "sun3x-iommu": sun3x(address)
    case "alpha-sg": alpha(address)
    case "pasemi-iob": pasemi(address)
    case "ppc-tce": tce(big64(root("linux,tce-base") + (address - root("base")) / root("page") * 8), address)
    case "ppc-tce-ioda": ioda(address)
    case "apple-u4-dart": dart(address)
    case "cell-ioc": cell(address)
    case "sun4m-iommu": sun4m(address)
    case "sun4u-iommu": sun4u(address)
    case "sun4v-iommu": sun4v(address)
    case "hp-zx1": directory(address, outputBits: 40)
    case "hp-astro": directory(address, outputBits: root("ibase") == 1 ? 44 : 40)
    case "hp-u2": u2(address)
    case "amd-v1": amd(address)
    default: nil
    }
  }

  // MARK: - Root lines and memory

  /// The number in a line of the root: hexadecimal, decimal, or with a unit.
  private func root(_ key: String) -> UInt64 {
    guard let text = lines.first(where: { $0.key == key })?.value else { return 0 }
    if text.hasPrefix("0x") { return UInt64(text.dropFirst(2), radix: 16) ?? 0 }
    let units: [Character: UInt64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    if let unit = text.last.flatMap({ units[$0] }) { return (UInt64(text.dropLast()) ?? 0) * unit }
    return UInt64(text) ?? 0
  }

  private func isInWindow(_ address: UInt64) -> Bool {
    address >= root("base") && address - root("base") < root("size")
  }

  private func bytes(_ address: UInt64, _ count: Int) -> [UInt64] {
    memory.entryBytes(address, count)
  }

  private func big32(_ address: UInt64) -> UInt64 { bytes(address, 4).reduce(0) { $0 * 256 + $1 } }
  private func big64(_ address: UInt64) -> UInt64 { bytes(address, 8).reduce(0) { $0 * 256 + $1 } }
  private func little64(_ address: UInt64) -> UInt64 {
    bytes(address, 8).reversed().reduce(0) { $0 * 256 + $1 }
  }

  /// Bits `high` to `low` of a word.
  private func field(_ word: UInt64, _ high: UInt64, _ low: UInt64) -> UInt64 {
    (word >> low) & (UInt64.max >> (63 - (high - low)))
  }

  private func bit(_ word: UInt64, _ place: UInt64) -> Bool { field(word, place, place) == 1 }

  private func answer(
    _ page: UInt64, _ size: UInt64, _ address: UInt64, read: Bool = true, write: Bool = true,
    user: Bool = true
  ) -> Answer {
    Answer(
      address: page / size * size + address % size, size: size, read: read, write: write, execute: read,
      user: user, secure: false)
  }

  // MARK: - Sun

  private func sun3(_ address: UInt64) -> Answer? {
    let group = field(big32(root("table") + field(address, 27, 17) * 4), 7, 0)
    guard group != 255 else { return nil }
    let entry = big32(root("pmegs") + group * 64 + field(address, 16, 13) * 4)
    guard bit(entry, 31) else { return nil }
    return answer(
      field(entry, 27, 26) << 32 | field(entry, 18, 0) << 13, 8192, address, write: bit(entry, 30),
      user: !bit(entry, 29))
  }

  private func sun3x(_ address: UInt64) -> Answer? {
    let entry = big32(root("table") + field(address, 23, 13) * 4)
    guard field(entry, 1, 0) == 1 else { return nil }
    return answer(field(entry, 25, 13) << 13, 8192, address, write: !bit(entry, 2))
  }

  private func sun4m(_ address: UInt64) -> Answer? {
    let size: UInt64 = (16 << 20) << field(root("iommu_control"), 4, 2)
    guard address >= 1 << 32 - size else { return nil }
    let entry = big32(root("iommu_base") << 4 + (address - (1 << 32 - size)) / 4096 * 4)
    guard bit(entry, 1) else { return nil }
    return answer(field(entry, 31, 8) << 12, 4096, address, write: bit(entry, 2))
  }

  private func sun4u(_ address: UInt64) -> Answer? {
    let control = root("iommu_control")
    let entries: UInt64 = 1024 << field(control, 18, 16)
    let pageBits: UInt64 = bit(control, 2) ? 16 : 13
    let entry = big64(root("iommu_tsbbase") + address >> pageBits % entries * 8)
    guard bit(entry, 63) else { return nil }
    return answer(
      field(entry, 46, 13) << 13, bit(entry, 61) ? 65536 : 8192, address, write: bit(entry, 1))
  }

  private func sun4v(_ address: UInt64) -> Answer? {
    let entry = big64(root("table") + (address - root("base")) / 8192 * 8)
    guard field(entry, 1, 0) != 0 else { return nil }
    return answer(field(entry, 63, 13) << 13, 8192, address, read: bit(entry, 0), write: bit(entry, 1))
  }

  // MARK: - Alpha

  /// Table and address are put together as the chip does it, from the three registers of the window.
  private func alpha(_ address: UInt64) -> Answer? {
    let mask = root("wsm")
    guard address & ~(mask | 0xF_FFFF) == root("wsba") & 0xFFF0_0000, root("wsba") & 3 == 3 else {
      return nil
    }
    let entry = little64(root("tba") & ~(mask >> 10) | (address & (mask | 0xF_E000)) >> 10)
    guard bit(entry, 0) else { return nil }
    return answer(field(entry, 31, 1) << 13, 8192, address)
  }

  // MARK: - PowerPC

  private func pasemi(_ address: UInt64) -> Answer? {
    let first = root("l1_\(field(address, 30, 25))")
    guard field(first, 31, 30) == 1 else { return nil }
    let entry = big32(field(first, 29, 0) << 12 + field(address, 24, 12) * 4)
    guard bit(entry, 31), field(entry, 29, 0) << 12 != root("spare") else { return nil }
    return answer(field(entry, 29, 0) << 12, 4096, address)
  }

  private func dart(_ address: UInt64) -> Answer? {
    let entry = big32(root("u4_dart_base") << 12 + address / 4096 * 4)
    guard bit(entry, 31), field(entry, 23, 0) << 12 != root("spare") else { return nil }
    return answer(field(entry, 23, 0) << 12, 4096, address)
  }

  private func tce(_ entry: UInt64, _ address: UInt64) -> Answer? {
    guard field(entry, 1, 0) != 0 else { return nil }
    return answer(
      field(entry, 51, 12) << 12, root("page"), address, read: bit(entry, 0), write: bit(entry, 1))
  }

  private func ioda(_ address: UInt64) -> Answer? {
    let tve = root("tve")
    let indexBits = field(tve, 12, 8) + 11 - 3
    let pageBits = field(tve, 4, 0) + 11
    guard bit(address, 59) == (root("tve_index") == 1) else { return nil }
    var table = field(tve, 63, 16) << 12
    for level in (0...field(tve, 15, 13)).reversed() {
      let index = (address % (1 << 59)) >> (pageBits + level * indexBits) % (1 << indexBits)
      let entry = big64(table + index * 8)
      if level == 0 { return tce(entry, address) }
      guard field(entry, 1, 0) != 0 else { return nil }
      table = field(entry, 63, 12) << 12
    }
    return nil
  }

  private func cell(_ address: UInt64) -> Answer? {
    let origin = root("ioc_iost_origin")
    let segment = big64(field(origin, 62, 12) << 12 + field(address, 34, 28) * 8)
    guard bit(origin, 63), bit(segment, 63) else { return nil }
    let pageBits = 10 + 2 * field(segment, 2, 0)
    let place = field(address, 27, pageBits) * 8
    guard place < (field(segment, 11, 5) + 1) * 4096 else { return nil }
    let entry = big64(field(segment, 61, 12) << 12 + place)
    guard field(entry, 63, 62) != 0, field(entry, 10, 0) == root("ioid") else { return nil }
    return answer(
      field(entry, 58, 12) << 12, 1 << pageBits, address, read: bit(entry, 62), write: bit(entry, 63))
  }

  // MARK: - HP

  private func directory(_ address: UInt64, outputBits: UInt64) -> Answer? {
    let pageBits: UInt64 = [12, 13, 14, 16][Int(root("tcnfg") % 4)]
    guard address & root("imask") == root("ibase") & ~1 else { return nil }
    let entry = little64(root("pdir_base") + (address & ~root("imask") & 0xFFFF_FFFF) >> pageBits * 8)
    guard bit(entry, 63) else { return nil }
    return answer(field(entry, outputBits - 1, 12) << 12, 1 << pageBits, address)
  }

  private func u2(_ address: UInt64) -> Answer? {
    let place = root("io_pdir_base") + address / 4096 * 8
    let entry = big64(place)
    let (high, low) = (entry >> 32, entry & 0xFFFF_FFFF)
    guard bit(low, 0) else { return nil }
    let page = field(high, 31, 28) << 48 | field(high, 15, 0) << 32 | field(low, 31, 12) << 12
    return answer(page, 4096, address)
  }

  // MARK: - AMD

  private func amd(_ address: UInt64) -> Answer? {
    let device = little64(root("dte_addr"))
    guard field(device, 1, 0) == 3 else { return nil }
    var (read, write) = (bit(device, 61), bit(device, 62))
    var level = field(device, 11, 9)
    var table = field(device, 51, 12) << 12
    guard level > 0, level == 6 || address >> (12 + 9 * level) == 0 else { return nil }
    while true {
      let shift = 12 + 9 * (level - 1)
      let entry = little64(table + (address >> shift) % 512 * 8)
      guard bit(entry, 0) else { return nil }
      (read, write) = (read && bit(entry, 61), write && bit(entry, 62))
      switch field(entry, 11, 9) {
      case 0: return answer(field(entry, 51, 12) << 12, 1 << shift, address, read: read, write: write)
      case 7:
        var size: UInt64 = 8192
        while entry & (size / 2) != 0 { size *= 2 }
        return answer(field(entry, 51, 12) << 12, size, address, read: read, write: write)
      case level - 1:
        level -= 1
        table = field(entry, 51, 12) << 12
      default: return nil
      }
    }
  }
}
