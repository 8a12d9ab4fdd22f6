import PageTables
import PhysicalMemory

/// A second reading of the manuals' bit tables, which shares no code with the formats it checks.
///
/// Each decoder follows one device address from the root line `table=` and says where it leads.
struct IndependentDecoder {
  /// Where an address leads.
  struct Answer: Equatable {
    var address: UInt64
    var size: UInt64
    var read: Bool
    var write: Bool
    var execute: Bool
    var user: Bool
    var secure: Bool
  }

  let memory: PhysicalMemory
  let table: UInt64
  var levels = 4
  /// All lines of the root, for formats whose walk begins at registers.
  var lines: [RootDescription.Line] = []

  /// Whether there is a decoder for the named format.
  func knows(_ format: String) -> Bool {
    [
      "msm-smmu", "arm-v7s", "omap-iommu", "intel-vtd", "intel-vtd-fs", "amd-v2", "x86-64", "x86-64-la57",
    ].contains(format)
      || ModernDecoder.formats.contains(format) || RISCVDecoder.formats.contains(format)
      || X86Decoder.formats.contains(format)
      || LegacyDecoder.formats.contains(format) || LongDescriptorDecoder.formats.contains(format)
      || SoCDecoder.formats.contains(format)
  }

  /// What structures in memory say of tables.
  private var roots: DeviceRootDecoder { DeviceRootDecoder(memory: memory, lines: lines) }

  private func word32(_ address: UInt64) -> UInt64 {
    memory.entryBytes(address, 4).reversed().reduce(0) { $0 * 256 + $1 }
  }

  private func word64(_ address: UInt64) -> UInt64 {
    memory.entryBytes(address, 8).reversed().reduce(0) { $0 * 256 + $1 }
  }

  /// Bits `high` to `low` of a word.
  private func field(_ word: UInt64, _ high: UInt64, _ low: UInt64) -> UInt64 {
    (word >> low) % (1 << (high - low + 1))
  }

  /// The answer of the named format for an address; `nil` for a fault.
  func decode(_ format: String, _ address: UInt64) -> Answer? {
    switch format {
    case "msm-smmu", "arm-v7s": armShort(address, hasPXN: format == "arm-v7s")
    case "omap-iommu": omap(address)
    case "intel-vtd": roots.vtd(isFirstStage: false).flatMap { vtd(address, $0.table, levels: $0.levels) }
    case "intel-vtd-fs": roots.vtd(isFirstStage: true).flatMap { x86(address, $0.table, levels: $0.levels) }
    case "amd-v2":
      // NX is not the device's.
      roots.amdGuest().flatMap { x86(address, $0.table, levels: $0.levels) }
    case "x86-64", "x86-64-la57": x86(address, table, levels: UInt64(levels))
    case "x86-32", "x86-pae": X86Decoder(memory: memory, table: table).decode(format, address)
    case _ where RISCVDecoder.formats.contains(format):
      lines.contains { $0.key == "ddtp" }
        ? roots.riscv(format).flatMap { RISCVDecoder(memory: memory, table: $0).decode(format, address) }
        : RISCVDecoder(memory: memory, table: table).decode(format, address)
    case _ where LongDescriptorDecoder.formats.contains(format):
      LongDescriptorDecoder(memory: memory, registers: roots.longDescriptorRegisters()).decode(address)
    case _ where ModernDecoder.formats.contains(format):
      ModernDecoder(memory: memory, lines: lines).decode(format, address)
    case _ where SoCDecoder.formats.contains(format):
      SoCDecoder(memory: memory, lines: lines).decode(format, address)
    default: LegacyDecoder(memory: memory, lines: lines).decode(format, address)
    }
  }

  private func armShort(_ address: UInt64, hasPXN: Bool) -> Answer? {
    let first = word32(table + address / 0x10_0000 * 4)
    let type = first % 4
    if type == 1 {
      let second = word32(first / 1024 * 1024 + field(address, 19, 12) * 4)
      let secure = field(first, 3, 3) == 0
      if second % 4 == 0 { return nil }
      let permissions = field(second, 9, 9) * 4 + field(second, 5, 4)
      if second % 4 == 1 {
        return armAnswer(
          field(second, 31, 16) << 16 | address % 65536, 65536, permissions, field(second, 15, 15), secure)
      }
      return armAnswer(field(second, 31, 12) << 12 | address % 4096, 4096, permissions, second % 2, secure)
    }
    guard type == 2 || (type == 3 && hasPXN) else { return nil }
    let permissions = field(first, 15, 15) * 4 + field(first, 11, 10)
    let secure = field(first, 19, 19) == 0
    let never = field(first, 4, 4)
    if field(first, 18, 18) == 0 {
      return armAnswer(
        field(first, 31, 20) << 20 | address % (1 << 20), 1 << 20, permissions, never, secure)
    }
    let high = field(first, 23, 20) << 32 | (hasPXN ? field(first, 8, 5) << 36 : 0)
    return armAnswer(
      high | field(first, 31, 24) << 24 | address % (1 << 24), 1 << 24, permissions, never, secure)
  }

  private func armAnswer(
    _ address: UInt64, _ size: UInt64, _ permissions: UInt64, _ never: UInt64, _ secure: Bool
  ) -> Answer? {
    // AP[2:0]: 1 privileged RW, 3 everybody RW, 5 privileged R, 7 everybody R; the engine writes no other but 0.
    guard [0, 1, 3, 5, 7].contains(permissions) else { return nil }
    return Answer(
      address: address, size: size, read: permissions != 0, write: permissions == 1 || permissions == 3,
      execute: never == 0 && permissions != 0, user: permissions == 3 || permissions == 7, secure: secure)
  }

  private func omap(_ address: UInt64) -> Answer? {
    func answer(_ word: UInt64, _ bits: UInt64) -> Answer {
      Answer(
        address: (word >> bits) << bits | address % (1 << bits), size: 1 << bits, read: true, write: true,
        execute: true, user: true, secure: false)
    }
    let first = word32(table + address / 0x10_0000 * 4)
    switch first % 4 {
    case 1:
      let second = word32(first / 1024 * 1024 + field(address, 19, 12) * 4)
      return second % 4 == 0 ? nil : answer(second, second % 4 == 1 ? 16 : 12)
    case 2: return answer(first, field(first, 18, 18) == 1 ? 24 : 20)
    default: return nil
    }
  }

  private func vtd(_ address: UInt64, _ table: UInt64, levels: UInt64) -> Answer? {
    guard address >> (12 + 9 * levels) == 0 else { return nil }
    var base = table
    var read = true
    var write = true
    for level in (0..<levels).reversed() {
      let shift = 12 + 9 * level
      let entry = word64(base + field(address, shift + 8, shift) * 8)
      guard entry % 4 != 0 else { return nil }
      read = read && entry % 2 == 1
      write = write && field(entry, 1, 1) == 1
      if level == 0 || field(entry, 7, 7) == 1 {
        let output = (field(entry, 51, 12) << 12) / (1 << shift) * (1 << shift) | address % (1 << shift)
        return Answer(
          address: output, size: 1 << shift, read: read, write: write, execute: read, user: true,
          secure: false)
      }
      base = field(entry, 51, 12) << 12
    }
    return nil
  }

  private func x86(_ address: UInt64, _ table: UInt64, levels: UInt64) -> Answer? {
    let sign = address >> (11 + 9 * levels)
    guard sign == 0 || sign == UInt64.max >> (11 + 9 * levels) else { return nil }
    var base = table
    var (write, user, never) = (true, true, false)
    for level in (0..<levels).reversed() {
      let shift = 12 + 9 * level
      let entry = word64(base + field(address, shift + 8, shift) * 8)
      guard entry % 2 == 1 else { return nil }
      write = write && field(entry, 1, 1) == 1
      user = user && field(entry, 2, 2) == 1
      never = never || entry >> 63 == 1
      if level == 0 || field(entry, 7, 7) == 1 {
        let output = (field(entry, 51, 12) << 12) / (1 << shift) * (1 << shift) | address % (1 << shift)
        return Answer(
          address: output, size: 1 << shift, read: true, write: write, execute: !never, user: user,
          secure: false)
      }
      base = field(entry, 51, 12) << 12
    }
    return nil
  }
}
