import PageTables
import PhysicalMemory

/// A second reading of the structures by which IOMMUs find a device's table, which shares no code with the formats.
///
/// Each begins at the registers that the root's lines show, and reads memory from there on; the lines that show entries are
/// not looked at.
struct DeviceRootDecoder {
  /// A table and its levels.
  typealias Found = (table: UInt64, levels: UInt64)

  let memory: PhysicalMemory
  let lines: [RootDescription.Line]

  /// The number in a line of the root.
  func line(_ key: String) -> UInt64? {
    guard let text = lines.first(where: { $0.key == key })?.value else { return nil }
    return text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
  }

  /// The requester in lspci's spelling: bus, device, function.
  private var requester: (bus: UInt64, function: UInt64)? {
    guard let text = lines.first(where: { $0.key == "requester" })?.value else { return nil }
    let parts = text.split { $0 == ":" || $0 == "." }
    guard parts.count == 3, let bus = UInt64(parts[0], radix: 16), let device = UInt64(parts[1], radix: 16),
      let function = UInt64(parts[2])
    else { return nil }
    return (bus, device * 8 + function)
  }

  private func word(_ address: UInt64) -> UInt64 {
    memory.entryBytes(address, 8).reversed().reduce(0) { $0 * 256 + $1 }
  }

  /// Bits `high` to `low` of a word.
  private func field(_ word: UInt64, _ high: UInt64, _ low: UInt64) -> UInt64 {
    (word >> low) & (UInt64.max >> (63 - (high - low)))
  }

  private func page(_ word: UInt64) -> UInt64 { field(word, 63, 12) << 12 }

  // MARK: - Intel

  /// The table behind VT-d's root table address; `nil` unless it is present and of the stage.
  func vtd(isFirstStage: Bool) -> Found? {
    guard let register = line("rtaddr"), let (bus, function) = requester else { return nil }
    let root = page(register) + bus * 16
    switch field(register, 11, 10) {
    case 0:
      guard word(root) % 2 == 1, !isFirstStage else { return nil }
      let context = page(word(root)) + function * 16
      // Translation type 0: a second stage.
      guard word(context) % 2 == 1, field(word(context), 3, 2) == 0 else { return nil }
      return (page(word(context)), field(word(context + 8), 2, 0) + 2)
    case 1:
      let half = word(root + (function < 128 ? 0 : 8))
      guard half % 2 == 1 else { return nil }
      let context = page(half) + function % 128 * 32
      guard word(context) % 2 == 1 else { return nil }
      let pasid = field(word(context + 8), 19, 0)
      guard pasid >> 6 < 1 << (field(word(context), 11, 9) + 7) else { return nil }
      let directory = word(page(word(context)) + (pasid >> 6) * 8)
      guard directory % 2 == 1 else { return nil }
      return pasidEntry(page(directory) + pasid % 64 * 64, isFirstStage)
    default: return nil
    }
  }

  private func pasidEntry(_ place: UInt64, _ isFirstStage: Bool) -> Found? {
    let (first, third) = (word(place), word(place + 16))
    guard first % 2 == 1 else { return nil }
    switch field(first, 8, 6) {
    case 1 where isFirstStage:
      // FSPM 0 or 1; NXE, without which XD is reserved.
      guard field(third, 3, 2) < 2, field(third, 5, 5) == 1 else { return nil }
      return (page(third), 4 + field(third, 3, 2))
    case 2 where !isFirstStage: return (page(first), field(first, 4, 2) + 2)
    default: return nil
    }
  }

  // MARK: - AMD

  /// The address of the requester's device table entry; `nil` beyond the table's end.
  func deviceTableEntry() -> UInt64? {
    guard let register = line("device_table_base"), let (bus, function) = requester else { return nil }
    let offset = (bus * 256 + function) * 32
    guard offset < (field(register, 8, 0) + 1) * 4096 else { return nil }
    return field(register, 51, 12) << 12 + offset
  }

  /// The guest table of PASID 0 behind the device table, for requests without a PASID.
  func amdGuest() -> Found? {
    guard let place = deviceTableEntry() else { return nil }
    let (first, second, third) = (word(place), word(place + 8), word(place + 16))
    // V and TV; mode 0 of the host; GIOV and GV.
    guard field(first, 1, 0) == 3, field(first, 11, 9) == 0, field(first, 55, 54) == 3 else { return nil }
    guard field(first, 62, 61) == 3, field(third, 55, 54) < 2 else { return nil }
    var table =
      field(first, 60, 58) << 12 | field(second, 31, 16) << 15 | field(second, 63, 43) << 31
    for _ in 0...field(first, 57, 56) {
      let entry = word(table)
      guard entry % 2 == 1 else { return nil }
      table = field(entry, 51, 12) << 12
    }
    return (table, 4 + field(third, 55, 54))
  }

  // MARK: - Arm

  /// The registers of long-descriptor formats: those of the lines, or what a stream table entry says instead of them.
  func longDescriptorRegisters() -> [String: UInt64] {
    guard line("strtab_base") != nil else {
      return lines.reduce(into: [:]) { $0[$1.key] = UInt64($1.value.dropFirst(2), radix: 16) }
    }
    guard let entry = streamTableEntry(), word(entry) % 2 == 1 else { return ["tcr_el1": 0] }
    let first = word(entry)
    switch field(first, 3, 1) {
    case 5 where field(first, 63, 59) == 0: return contextDescriptor(field(first, 51, 6) << 6)
    case 6:
      let third = word(entry + 16)
      // S2AA64, little-endian, no stalls.
      guard field(third, 52, 51) == 1, field(third, 57, 57) == 0 else { return ["tcr_el1": 0] }
      let fourth = word(entry + 24)
      return [
        "vtcr_el2": field(third, 50, 32) | field(fourth, 3, 3) << 32, "s2ttb": field(fourth, 51, 4) << 4,
      ]
    default: return ["tcr_el1": 0]
    }
  }

  private func streamTableEntry() -> UInt64? {
    guard let base = line("strtab_base"), let shape = line("strtab_base_cfg"), let stream = line("streamid"),
      stream >> field(shape, 5, 0) == 0
    else { return nil }
    let table = field(base, 51, 6) << 6
    if field(shape, 17, 16) == 0 { return table + stream * 64 }
    let split = field(shape, 10, 6)
    let entry = word(table + (stream >> split) * 8)
    let offset = stream % (1 << split)
    guard field(entry, 4, 0) > 0, offset < 1 << (field(entry, 4, 0) - 1) else { return nil }
    return field(entry, 51, 6) << 6 + offset * 64
  }

  /// TCR as a processor's register would have it, from a context descriptor.
  private func contextDescriptor(_ place: UInt64) -> [String: UInt64] {
    let first = word(place)
    // V, AA64, A; not ENDI.
    guard field(first, 31, 31) == 1, field(first, 41, 41) == 1, field(first, 46, 46) == 1,
      field(first, 15, 15) == 0
    else { return ["tcr_el1": 0] }
    var control: UInt64 = field(first, 34, 32) << 32 | field(word(place + 16), 58, 58) << 59
    for half: UInt64 in [0, 16] {
      control |= field(first, half + 5, half) << half
      control |= field(first, half + 7, half + 6) << (half + 14)
      control |= field(first, half + 13, half + 8) << (half + 8)
      control |= field(first, half + 14, half + 14) << (half + 7)
    }
    return [
      "tcr_el1": control, "ttb0": field(word(place + 8), 51, 4) << 4,
      "ttb1": field(word(place + 16), 51, 4) << 4, "mair_el1": word(place + 24),
    ]
  }

  // MARK: - RISC-V

  /// The table behind a RISC-V IOMMU's directory, if its mode is that of the format.
  func riscv(_ format: String) -> UInt64? {
    guard let register = line("ddtp"), let device = line("device_id"), let control = line("fctl") else {
      return nil
    }
    let isExtended = lines.contains { $0.key == "msiptp" }
    let bits: [UInt64] = isExtended ? [6, 9, 9] : [7, 9, 8]
    let levels = Int(field(register, 3, 0)) - 1
    guard (1...3).contains(levels), device >> bits.prefix(levels).reduce(0, +) == 0 else { return nil }
    var table = field(register, 53, 10) << 12
    for level in (1..<max(levels, 1)).reversed() {
      let below = bits.prefix(level).reduce(0, +)
      let entry = word(table + (device >> below) % (1 << bits[level]) * 8)
      guard entry % 2 == 1, field(entry, 9, 1) == 0 else { return nil }
      table = field(entry, 53, 10) << 12
    }
    let context = table + device % (1 << bits[0]) * (isExtended ? 64 : 32)
    return contextTable(context, format, control)
  }

  private func contextTable(_ context: UInt64, _ format: String, _ control: UInt64) -> UInt64? {
    let (tc, guest, first) = (word(context), word(context + 8), word(context + 24))
    let isNarrow = format.contains("sv32")
    // V, no PDTV; SXL and GXL agree with the width.
    guard tc % 2 == 1, field(tc, 5, 5) == 0, (field(tc, 11, 11) == 1) == isNarrow,
      (field(control, 2, 2) == 1) == isNarrow
    else { return nil }
    let modes: [UInt64] =
      format.contains("48") ? [9] : format.contains("57") ? [10] : [8]
    let (stage, other) = format.hasSuffix("x4") ? (guest, first) : (first, guest)
    guard modes.contains(field(stage, 63, 60)), field(other, 63, 60) == 0 else { return nil }
    return field(stage, 43, 0) << 12
  }
}
