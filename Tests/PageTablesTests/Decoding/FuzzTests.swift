import PageTables
import PhysicalMemory
import TestSupport
import Testing

/// Memory full of noise, taken for a table of every format: it is shown and checked, and nothing crashes or runs away.
struct FuzzTests {
  @Test(arguments: FormatCase.all, [41, 42] as [UInt64])
  func noise(format: FormatCase, seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let base: UInt64 = seed == 42 ? 0 : 0x8000_0000
    let memory = try TestTableMemory(base: base, size: 1 << 25).memory
    let bigEndian = try format.description.endianness == .big
    let wide = try format.description.entryByteCount == 8
    // What no test writes stays zero: a sparse file.
    for _ in 0..<1500 {
      let address = base + UInt64.random(in: 0..<1 << 25, using: &random) / 4096 * 4096
      for word in 0..<16 as Range<UInt64> {
        let value = Self.word(base, &random)
        let place = memory.pointer(to: address + word * 8, byteCount: 8)
        place?.storeBytes(of: Self.stored(value, wide: wide, bigEndian: bigEndian), as: UInt64.self)
      }
    }
    for root in [base, base + 0x4000, base + 0x100_0000] {
      let decoded = try format.entry.decode(
        memory, rootAddress: root, configuration: format.configuration,
        options: DecodingOptions(sparePage: nil, tableLimit: 3000))
      look(decoded, &random)
    }
  }

  /// Noise, pointers into memory, and leaves with every flag.
  private static func word(_ base: UInt64, _ random: inout SeededRandom) -> UInt64 {
    let inside = base + UInt64.random(in: 0..<1 << 25, using: &random) / 1024 * 1024
    switch UInt64.random(in: 0..<6, using: &random) {
    case 0: return random.next()
    case 1: return inside | UInt64.random(in: 0..<16, using: &random)
    case 2: return inside >> 2 | UInt64.random(in: 0..<256, using: &random)
    case 3: return inside | 0x6000_0000_0000_0001 | UInt64.random(in: 0..<8, using: &random) << 9
    case 4: return inside | 1 << 63 | UInt64.random(in: 0..<0x1000, using: &random)
    default: return .max &- UInt64.random(in: 0..<0x1000, using: &random)
    }
  }

  /// A word as it lies in memory; of 32-bit entries one is the word's low half, and one its high half.
  private static func stored(_ value: UInt64, wide: Bool, bigEndian: Bool) -> UInt64 {
    guard bigEndian else { return value.littleEndian }
    if wide { return value.bigEndian }
    let (low, high) = (UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32))
    return UInt64(low.bigEndian) | UInt64(high.bigEndian) << 32
  }

  private func look(_ decoded: DecodedTable, _ random: inout SeededRandom) {
    let problems = decoded.problems(limit: 5)
    #expect(problems.problems.count <= 5 * TableProblem.Kind.allCases.count)
    var count = 0
    decoded.forEachRun(within: 0...UInt64.max) { _ in
      count += 1
      return count < 5000
    }
    let first = random.next()
    let range = first...max(first, first &+ 1 << 30)
    for range in [range, 0...UInt64.max] {
      count = 0
      decoded.snapshot.renderLines(within: range) {
        count += $0.count / decoded.snapshot.bytesPerLine
        return count < 3000
      }
      count = 0
      decoded.snapshot.forEachEntry(within: range) { _ in
        count += 1
        return count < 1000
      }
    }
    let offset = UInt64.random(in: 0..<decoded.snapshot.byteCount + 1, using: &random)
    _ = decoded.snapshot.read(offset: offset, count: 10_000)
  }
}
