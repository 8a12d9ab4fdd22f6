import PageTables
import PhysicalMemory

/// A second reading of ARM's long descriptors, which shares no code with the formats.
///
/// Everything about the walk comes from the registers that the root's lines show.
struct LongDescriptorDecoder {
  typealias Answer = IndependentDecoder.Answer

  let memory: PhysicalMemory
  let lines: [RootDescription.Line]

  static let formats = [
    "arm64-4k", "arm64-16k", "arm64-64k", "arm64-s2-4k", "arm64-s2-16k", "arm64-s2-64k", "arm-lpae",
  ]

  /// The register of a root line; `nil` if there is no such line.
  private func register(_ key: String) -> UInt64? {
    lines.first { $0.key == key }.flatMap { UInt64($0.value.dropFirst(2), radix: 16) }
  }

  private func word(_ address: UInt64) -> UInt64 {
    guard let bytes = memory.pointer(to: address, byteCount: 8) else { return 0 }
    return (0..<8).reduce(0) { $0 | UInt64(bytes.load(fromByteOffset: $1, as: UInt8.self)) << UInt64(8 * $1) }
  }

  /// Bits `high` to `low` of a word.
  private func field(_ word: UInt64, _ high: UInt64, _ low: UInt64) -> UInt64 {
    (word >> low) % (1 << (high - low + 1))
  }

  func decode(_ address: UInt64) -> Answer? {
    if let control = register("vtcr_el2") { return stage2(address, control) }
    if let control = register("tcr_el1") { return stage1(address, control) }
    return aarch32(address, register("ttbcr") ?? 0)
  }

  // MARK: - Registers

  private func stage1(_ address: UInt64, _ control: UInt64) -> Answer? {
    let isHigh = address >> 63 == 1
    let size = isHigh ? field(control, 21, 16) : field(control, 5, 0)
    let isOff = field(control, isHigh ? 23 : 7, isHigh ? 23 : 7) == 1
    guard !isOff, size > 0 else { return nil }
    let leading = isHigh ? address.leadingZeros(ofInverted: true) : address.leadingZeros(ofInverted: false)
    guard leading >= size, let root = register(isHigh ? "ttbr1_el1" : "ttbr0_el1") else { return nil }
    let code = isHigh ? field(control, 31, 30) : field(control, 15, 14)
    let granule: UInt64? = isHigh ? [1: 14, 2: 12, 3: 16][code] : [0: 12, 1: 16, 2: 14][code]
    guard let granule else { return nil }
    let bits = 64 - size
    var level: UInt64 = 3
    while granule + (granule - 3) * (4 - level) < bits { level -= 1 }
    return walk(address % (1 << bits), root, granule, level, .aarch64)
  }

  private func stage2(_ address: UInt64, _ control: UInt64) -> Answer? {
    let bits = 64 - field(control, 5, 0)
    let granules: [UInt64: UInt64] = [0: 12, 1: 16, 2: 14]
    guard address >> bits == 0, let granule = granules[field(control, 15, 14)],
      let root = register("vttbr_el2")
    else { return nil }
    let start = field(control, 7, 6)
    return walk(address, root, granule, granule == 12 ? 2 - start : 3 - start, .stage2)
  }

  private func aarch32(_ address: UInt64, _ control: UInt64) -> Answer? {
    guard field(control, 31, 31) == 1, address >> 32 == 0 else { return nil }
    let (low, high) = (field(control, 2, 0), field(control, 18, 16))
    let isHigh = high > 0 && address >> (32 - high) == (1 << high) - 1
    guard isHigh || address >> (32 - low) == 0 else { return nil }
    guard field(control, isHigh ? 23 : 7, isHigh ? 23 : 7) == 0,
      let root = register(isHigh ? "ttbr1" : "ttbr0")
    else { return nil }
    let bits = 32 - (isHigh ? high : low)
    return walk(address % (1 << bits), root, 12, bits > 30 ? 1 : 2, .aarch32)
  }

  // MARK: - Entries

  private enum Regime { case aarch64, aarch32, stage2 }

  /// Walks from a level by the manual's number, 0 to 3.
  private func walk(
    _ address: UInt64, _ root: UInt64, _ granule: UInt64, _ start: UInt64, _ regime: Regime
  ) -> Answer? {
    var table = root
    var flags: UInt64 = 0
    let top: UInt64 = regime == .aarch32 ? 39 : 47
    for level in start...3 {
      let shift = granule + (3 - level) * (granule - 3)
      let index = level == start ? address >> shift : field(address, shift + granule - 4, shift)
      let entry = word(table + index * 8)
      if entry % 2 == 0 { return nil }
      let isTable = entry % 4 == 3
      if level < 3, isTable {
        table = field(entry, top, granule) << granule
        flags |= entry
        continue
      }
      guard level == 3 ? isTable : level == 2 || (level == 1 && granule == 12) else { return nil }
      let page = field(entry, top, shift) << shift | address % (1 << shift)
      let copies: UInt64 = [12: 16, 14: level == 3 ? 128 : 32][granule] ?? 32
      return permissions(
        Answer(
          address: page, size: field(entry, 52, 52) == 1 ? copies << shift : 1 << shift, read: true,
          write: true, execute: true, user: true, secure: false), entry, flags, regime)
    }
    return nil
  }

  private func permissions(_ answer: Answer, _ entry: UInt64, _ flags: UInt64, _ regime: Regime) -> Answer? {
    guard field(entry, 10, 10) == 1 else { return nil }
    var answer = answer
    if regime == .stage2 {
      answer.read = field(entry, 6, 6) == 1
      answer.write = field(entry, 7, 7) == 1
      // The engine writes 0 and 2 only.
      guard field(entry, 53, 53) == 0 else { return nil }
      answer.execute = field(entry, 54, 54) == 0
      return answer
    }
    // The engine's pointers restrict nothing.
    guard flags >> 59 == 0 else { return nil }
    let (user, readOnly) = (field(entry, 6, 6) == 1, field(entry, 7, 7) == 1)
    let (privilegedNever, never) = (field(entry, 53, 53) == 1, field(entry, 54, 54) == 1)
    answer.user = user
    answer.write = !readOnly
    answer.secure = field(entry, 5, 5) == 0
    if regime == .aarch32 {
      answer.execute = !never && (user || !privilegedNever)
    } else if user {
      answer.execute = !never
    } else {
      // Unprivileged code must not execute what is not its own.
      guard never else { return nil }
      answer.execute = !privilegedNever
    }
    return answer
  }
}

extension UInt64 {
  /// The leading zeros of a number or of its complement.
  fileprivate func leadingZeros(ofInverted isInverted: Bool) -> UInt64 {
    UInt64((isInverted ? ~self : self).leadingZeroBitCount)
  }
}
