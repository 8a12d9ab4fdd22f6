import PageTables
import PhysicalMemory

/// A second reading of the bit tables of SoC IOMMUs, which shares no code with the formats.
///
/// Every walk begins at the registers among the root's lines, as the hardware's does.
struct SoCDecoder {
  typealias Answer = IndependentDecoder.Answer

  let memory: PhysicalMemory
  let lines: [RootDescription.Line]

  static let formats = [
    "mediatek-v7s", "apple-dart", "apple-dart-t6000", "rockchip-v1", "rockchip-v2", "exynos-v1", "exynos-v5",
    "sun50i", "tegra-smmu", "tegra-gart", "sprd",
  ]

  func decode(_ format: String, _ address: UInt64) -> Answer? {
    switch format {
    case "mediatek-v7s": mediatek(address)
    case "apple-dart": dart(address)
    case "apple-dart-t6000": dart2(address)
    case "rockchip-v1": rockchip(address) { word in field(word, 31, 12) << 12 }
    case "rockchip-v2":
      rockchip(address) { word in
        field(word, 7, 4) << 36 | field(word, 11, 8) << 32 | field(word, 31, 12) << 12
      }
    case "exynos-v1": exynos(address)
    case "exynos-v5": exynos5(address)
    case "sun50i": sun50i(address)
    case "tegra-smmu": tegra(address)
    case "tegra-gart": gart(address)
    case "sprd": sprd(address)
    default: nil
    }
  }

  // MARK: - Root lines and memory

  private func has(_ key: String) -> Bool { lines.contains { $0.key == key } }

  private func root(_ key: String) -> UInt64 {
    guard let text = lines.first(where: { $0.key == key })?.value else { return 0 }
    return (text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)) ?? 0
  }

  private func word(_ address: UInt64, bytes count: Int = 4) -> UInt64 {
    memory.entryBytes(address, count).reversed().reduce(0) { $0 * 256 + $1 }
  }

  /// Bits `high` to `low` of a word.
  private func field(_ word: UInt64, _ high: UInt64, _ low: UInt64) -> UInt64 {
    (word >> low) & (UInt64.max >> (63 - (high - low)))
  }

  private func bit(_ word: UInt64, _ place: UInt64) -> Bool { field(word, place, place) == 1 }

  private func answer(
    _ page: UInt64, _ size: UInt64, _ address: UInt64, read: Bool = true, write: Bool = true,
    secure: Bool = false
  ) -> Answer {
    Answer(
      address: page / size * size + address % size, size: size, read: read, write: write, execute: read,
      user: true, secure: secure)
  }

  // MARK: - MediaTek

  private func mediatek(_ address: UInt64) -> Answer? {
    let base = root("mmu_pt_base_addr")
    guard address < root("entries") << 20 else { return nil }
    let first = word(field(base, 2, 0) << 32 + field(base, 31, 7) << 7 + address >> 20 * 4)
    func high(_ entry: UInt64) -> UInt64 {
      (bit(entry, 9) ? 1 << 32 : 0) + (bit(entry, 4) ? 1 << 33 : 0) + (bit(entry, 5) ? 1 << 34 : 0)
    }
    switch field(first, 1, 0) {
    case 1:
      let second = word(field(first, 31, 10) << 10 + high(first) + field(address, 19, 12) * 4)
      let secure = !bit(first, 3)
      switch field(second, 1, 0) {
      case 1: return answer(field(second, 31, 16) << 16 + high(second), 65536, address, secure: secure)
      case 2: return answer(field(second, 31, 12) << 12 + high(second), 4096, address, secure: secure)
      default: return nil
      }
    case 2:
      let secure = !bit(first, 19)
      return bit(first, 18)
        ? answer(field(first, 31, 24) << 24 + high(first), 1 << 24, address, secure: secure)
        : answer(field(first, 31, 20) << 20 + high(first), 1 << 20, address, secure: secure)
    default: return nil
    }
  }

  // MARK: - Apple

  private func dart(_ address: UInt64) -> Answer? {
    guard address < 1 << 32, bit(root("tcr"), 7) else { return nil }
    let register: UInt64
    let indices: (UInt64, UInt64)
    let size: UInt64 = has("ttbr3") ? 4096 : 16384
    if size == 4096 {
      register = root("ttbr\(field(address, 31, 30))")
      indices = (field(address, 29, 21), field(address, 20, 12))
    } else {
      register = root("ttbr0")
      indices = (field(address, 35, 25), field(address, 24, 14))
    }
    guard bit(register, 31) else { return nil }
    let first = word(field(register, 30, 0) << 12 + indices.0 * 8, bytes: 8)
    guard bit(first, 0) else { return nil }
    let second = word(field(first, 35, 12) << 12 + indices.1 * 8, bytes: 8)
    // The whole page, and the protection of parts disabled.
    guard bit(second, 0), bit(second, 1), second >> 40 == 0xFFF else { return nil }
    return answer(
      field(second, 35, 12) << 12, size, address, read: !bit(second, 8), write: !bit(second, 7))
  }

  /// The registers of both chips, where both can walk the table, lead to one place; entries are read once.
  private func dart2(_ address: UInt64) -> Answer? {
    if has("ttbr0") {
      let (base, newer) = (root("ttbr0"), root("t8110_ttbr"))
      guard bit(root("tcr"), 7), bit(base, 31), field(base, 30, 0) << 12 == field(newer, 31, 2) << 14 else {
        return nil
      }
    }
    return dart2T8110(address)
  }

  private func dart2T8110(_ address: UInt64) -> Answer? {
    let (base, control) = (root("t8110_ttbr"), root("t8110_tcr"))
    guard bit(control, 0), bit(base, 0), address < 1 << (bit(control, 3) ? 42 : 32) else { return nil }
    return dart2(address, table: field(base, 31, 2) << 14, levels: bit(control, 3) ? 3 : 2)
  }

  private func dart2(_ address: UInt64, table: UInt64, levels: UInt64) -> Answer? {
    var table = table
    for level in (1..<levels).reversed() {
      let pointer = word(table + field(address, 24 + 11 * level, 14 + 11 * level) * 8, bytes: 8)
      guard bit(pointer, 0) else { return nil }
      table = field(pointer, 37, 10) << 14
    }
    let entry = word(table + field(address, 24, 14) * 8, bytes: 8)
    guard bit(entry, 0), entry >> 40 == 0xFFF else { return nil }
    return answer(
      field(entry, 37, 10) << 14, 16384, address, read: !bit(entry, 3), write: !bit(entry, 2))
  }

  // MARK: - Rockchip

  private func rockchip(_ address: UInt64, _ target: (UInt64) -> UInt64) -> Answer? {
    guard address < 1 << 32 else { return nil }
    let directory = word(target(root("dte_addr")) + field(address, 31, 22) * 4)
    guard bit(directory, 0) else { return nil }
    let entry = word(target(directory) + field(address, 21, 12) * 4)
    guard bit(entry, 0) else { return nil }
    return answer(target(entry), 4096, address, read: bit(entry, 1), write: bit(entry, 2))
  }

  // MARK: - Exynos

  private func exynos(_ address: UInt64) -> Answer? {
    // Access protection is checked only if CFG says so.
    guard address < 1 << 32, bit(root("mmu_cfg"), 2) else { return nil }
    let first = word(root("pt_base_addr") + address >> 20 * 4)
    switch field(first, 1, 0) {
    case 2:
      return answer(
        field(first, 31, 20) << 20, 1 << 20, address, read: bit(first, 10),
        write: bit(first, 10) && !bit(first, 15))
    case 1:
      let second = word(field(first, 31, 10) << 10 + field(address, 19, 12) * 4)
      guard field(second, 1, 0) != 0 else { return nil }
      return answer(
        field(second, 31, 12) << 12, bit(second, 1) ? 4096 : 65536, address, read: bit(second, 4),
        write: bit(second, 4) && !bit(second, 9))
    default: return nil
    }
  }

  private func exynos5(_ address: UInt64) -> Answer? {
    guard address < 1 << 32, bit(root("mmu_cfg"), 2) else { return nil }
    let first = word(root("pt_base") << 12 + address >> 20 * 4)
    switch field(first, 1, 0) {
    case 2:
      return answer(
        field(first, 31, 16) << 20, 1 << 20, address, read: bit(first, 4), write: bit(first, 5))
    case 1:
      let second = word(field(first, 31, 6) << 10 + field(address, 19, 12) * 4)
      guard field(second, 1, 0) != 0 else { return nil }
      return answer(
        field(second, 31, 8) << 12, bit(second, 1) ? 4096 : 65536, address, read: bit(second, 2),
        write: bit(second, 3))
    default: return nil
    }
  }

  // MARK: - Allwinner

  private func sun50i(_ address: UInt64) -> Answer? {
    guard address < 1 << 32 else { return nil }
    let first = word(root("ttb") + address >> 20 * 4)
    guard field(first, 1, 0) == 1 else { return nil }
    let second = word(field(first, 31, 10) << 10 + field(address, 19, 12) * 4)
    guard bit(second, 1) else { return nil }
    let domain = field(second, 7, 4)
    let control = root("dm_aut_ctrl\(domain / 2)")
    // The first and the last of six masters; the entry is read once, for it may be changing.
    let rights = [0, 5].map { (master: UInt64) in field(control >> (16 * (domain % 2) + 2 * master), 1, 0) }
    guard rights[0] == rights[1] else { return nil }
    return answer(
      field(second, 31, 12) << 12, 4096, address, read: !bit(rights[0], 0), write: !bit(rights[0], 1))
  }

  // MARK: - Tegra

  private func tegra(_ address: UInt64) -> Answer? {
    guard address < 1 << 32 else { return nil }
    var flags = root("ptb_data")
    let first = word(field(flags, 21, 0) << 12 + field(address, 31, 22) * 4)
    guard first != 0 else { return nil }
    flags &= first
    if !bit(first, 28) {
      return answer(
        field(first, 21, 10) << 22, 1 << 22, address, read: bit(flags, 31), write: bit(flags, 30),
        secure: !bit(flags, 29))
    }
    let second = word(field(first, 21, 0) << 12 + field(address, 21, 12) * 4)
    guard second != 0 else { return nil }
    flags &= second
    return answer(
      field(second, 21, 0) << 12, 4096, address, read: bit(flags, 31), write: bit(flags, 30),
      secure: !bit(flags, 29))
  }

  private func gart(_ address: UInt64) -> Answer? {
    guard address >= root("base"), address - root("base") < root("size") else { return nil }
    let entry = word(root("table") + (address - root("base")) >> 12 * 4)
    return bit(entry, 31) ? answer(field(entry, 30, 12) << 12, 4096, address) : nil
  }

  // MARK: - Unisoc

  private func sprd(_ address: UInt64) -> Answer? {
    let first = root("first_vpn")
    guard address >> 12 >= first, address >> 12 - first <= root("vpn_range") else { return nil }
    let entry = word(root("first_ppn") << 12 + (address >> 12 - first) * 4)
    return entry == 0 ? nil : answer(entry << 12, 4096, address)
  }
}
