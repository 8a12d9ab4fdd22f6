import PageTables
import PhysicalMemory

/// A second reading of ARM's long descriptors, which shares no code with the formats.
///
/// Everything about the walk comes from the registers that the root's lines show.
struct LongDescriptorDecoder {
  typealias Answer = IndependentDecoder.Answer

  let memory: PhysicalMemory
  /// The registers; `ttb0`, `ttb1` and `s2ttb` are bases as an SMMU's structures have them.
  let registers: [String: UInt64]

  static let formats =
    ["", "s2-"].flatMap { stage in
      ["4k", "16k", "64k"].flatMap { ["arm64-\(stage)\($0)", "arm64-\(stage)\($0)-52"] }
    } + ["arm-lpae"]

  private func register(_ key: String) -> UInt64? { registers[key] }

  /// The base in TTBR or VTTBR: with a physical size of 6, bits 51:48 stand in 5:2.
  private func base(_ register: UInt64, _ physicalSize: UInt64) -> UInt64 {
    physicalSize == 6
      ? field(register, 47, 6) << 6 | field(register, 5, 2) << 48 : field(register, 47, 1) << 1
  }

  private func word(_ address: UInt64) -> UInt64 {
    memory.entryBytes(address, 8).reversed().reduce(0) { $0 * 256 + $1 }
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
    let physicalSize = field(control, 34, 32)
    let root =
      register(isHigh ? "ttb1" : "ttb0")
      ?? register(isHigh ? "ttbr1_el1" : "ttbr0_el1").map { base($0, physicalSize) }
    guard leading >= size, let root else { return nil }
    let code = isHigh ? field(control, 31, 30) : field(control, 15, 14)
    let granule: UInt64? = isHigh ? [1: 14, 2: 12, 3: 16][code] : [0: 12, 1: 16, 2: 14][code]
    guard let granule else { return nil }
    let bits = 64 - size
    var levels: UInt64 = 1
    while granule + (granule - 3) * levels < bits { levels += 1 }
    return walk(
      address % (1 << bits), root, granule, 4 - Int(levels), .aarch64,
      form(granule, physicalSize, field(control, 59, 59)))
  }

  private func stage2(_ address: UInt64, _ control: UInt64) -> Answer? {
    let bits = 64 - field(control, 5, 0)
    let granules: [UInt64: UInt64] = [0: 12, 1: 16, 2: 14]
    guard address >> bits == 0, let granule = granules[field(control, 15, 14)],
      let root = register("s2ttb") ?? register("vttbr_el2").map({ base($0, field(control, 18, 16)) })
    else { return nil }
    let start = Int(field(control, 7, 6))
    return walk(
      address, root, granule, granule == 12 ? 2 - start : 3 - start, .stage2,
      form(granule, field(control, 18, 16), field(control, 32, 32)))
  }

  /// Where the high bits of addresses stand.
  private enum Form { case inPlace, bits15To12, bits9To8 }

  private func form(_ granule: UInt64, _ physicalSize: UInt64, _ isWide: UInt64) -> Form {
    if granule == 16 { return physicalSize == 6 ? .bits15To12 : .inPlace }
    return isWide == 1 ? .bits9To8 : .inPlace
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
    return walk(address % (1 << bits), root, 12, bits > 30 ? 1 : 2, .aarch32, .inPlace)
  }

  // MARK: - Entries

  private enum Regime { case aarch64, aarch32, stage2 }

  /// The address in an entry, from bit `shift` on.
  private func output(_ entry: UInt64, _ shift: UInt64, _ regime: Regime, _ form: Form) -> UInt64 {
    switch form {
    case .inPlace:
      let top: UInt64 = regime == .aarch32 ? 39 : 47
      return field(entry, top, shift) << shift
    case .bits15To12:
      // A block of 4T lies above all of bits 47:16 but six.
      return field(entry, 47, shift) << shift | field(entry, 15, 12) << 48
    case .bits9To8: return field(entry, 49, shift) << shift | field(entry, 9, 8) << 50
    }
  }

  /// Walks from a level by the manual's number, -1 to 3.
  private func walk(
    _ address: UInt64, _ root: UInt64, _ granule: UInt64, _ start: Int, _ regime: Regime, _ form: Form
  ) -> Answer? {
    var table = root
    var flags: UInt64 = 0
    for level in start...3 {
      let shift = granule + UInt64(3 - level) * (granule - 3)
      let index = level == start ? address >> shift : field(address, shift + granule - 4, shift)
      let entry = word(table + index * 8)
      if entry % 2 == 0 { return nil }
      let isTable = entry % 4 == 3
      if level < 3, isTable {
        table = output(entry, granule, regime, form)
        flags |= entry
        continue
      }
      let lowest = (granule == 12 ? 1 : 2) - (form == .inPlace ? 0 : 1)
      guard level == 3 ? isTable : level >= lowest else { return nil }
      let page = output(entry, shift, regime, form) | address % (1 << shift)
      let copies: UInt64 = [12: 16, 14: level == 3 ? 128 : 32][granule] ?? 32
      // There is no hint on the level that 52 bits add.
      if field(entry, 52, 52) == 1, form != .inPlace, level == lowest { return nil }
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
