import TestSupport
import Testing
import VCM

@testable import StateTree

@Suite struct NumberTests {
  @Test(
    arguments: [
      ("0", 0), ("4096", 4096), ("0x1000", 0x1000), ("0XffFF", 0xFFFF), ("4K", 4096), ("4k", 4096),
      ("4KB", 4096),
      ("4KiB", 4096), ("4kib", 4096), ("16M", 16 << 20), ("16MiB", 16 << 20), ("1G", 1 << 30),
      ("2T", 2 << 40),
      ("3P", 3 << 50), ("1E", 1 << 60), ("0x10K", 0x4000), ("0x1G", 1 << 30), ("0xE", 14), ("007", 7),
      ("18446744073709551615", .max), ("0xffffffffffffffff", .max), ("15E", 15 << 60),
    ] as [(String, UInt64)])
  func good(text: String, value: UInt64) throws {
    #expect(try Number.parse(text[...]) == value)
  }

  @Test(arguments: [
    "", " ", "K", "0x", "0xK", "x10", "-1", "+1", "4 K", "4KK", "4KiBB", "4Ki", "4B", "4i", "1.5K", "1e3",
    "0b11", "1_000",
    "4K ", " 4K", "\u{0664}K", "4\u{212A}", "0x1.8", "deadbeef", "4KB4", "\0", "4\0",
  ])
  func malformed(text: String) {
    #expect(throws: Number.Failure.malformed) { try Number.parse(text[...]) }
    #expect(errno { () throws(VCMError) in _ = try Number.size(text[...], as: "size") } == 22)
  }

  @Test(arguments: [
    "18446744073709551616", "16E", "0x10000000000000000", "18014398509481984K",
    "99999999999999999999999999999999K",
  ])
  func tooLarge(text: String) {
    #expect(throws: Number.Failure.tooLarge) { try Number.parse(text[...]) }
  }

  @Test func whatIsPrintedIsRead() throws {
    var random = SeededRandom(seed: 7)
    for _ in 0..<2000 {
      let value = random.next() >> UInt64.random(in: 0..<64, using: &random)
      #expect(try Number.parse(Print.length(value)[...]) == value)
      #expect(try Number.parse(Print.address(value)[...]) == value)
      #expect(try Number.parse(Print.friendly(value)[...]) == value)
      #expect(Print.length(value).utf8.count == Print.lengthWidth(value))
      #expect(Print.address(value).utf8.count == Print.addressWidth(value))
    }
    #expect(Print.addressWidth(0) == 3)
    #expect(Print.addressWidth(.max) == 18)
  }

  /// Random texts: never a trap, and the same answer as a slow twin.
  @Test func randomTexts() {
    var random = SeededRandom(seed: 8)
    let alphabet = Array("0123456789abcdefxXKMGTPEkmgtpeiB -+.")
    for _ in 0..<20000 {
      let text = String(
        (0..<Int.random(in: 0...8, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) }
      )
      #expect((try? Number.parse(text[...])) == Self.slowly(text), "\(text)")
    }
  }

  private static func slowly(_ text: String) -> UInt64? {
    var digits = text.lowercased()
    var shift: UInt64 = 0
    let isHex = digits.hasPrefix("0x") && digits.count > 2
    for (index, unit) in ["k", "m", "g", "t", "p", "e"].enumerated() {
      for suffix in ["ib", "b", ""] where digits.hasSuffix(unit + suffix) && shift == 0 {
        // In a hexadecimal number E is a digit, whatever follows it.
        if isHex && unit == "e" && suffix.isEmpty { continue }
        if isHex && unit == "e" && suffix == "b" { continue }
        digits.removeLast(unit.count + suffix.count)
        shift = UInt64(10 * (index + 1))
      }
    }
    if isHex {
      digits.removeFirst(2)
    }
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
    guard let value = UInt64(digits, radix: isHex ? 16 : 10) else { return nil }
    let (product, overflow) = value.multipliedReportingOverflow(by: 1 << shift)
    return overflow ? nil : product
  }

  @Test func sentencesQuoteSafely() {
    #expect(Number.quoted("a\u{1}b\nc") == "'a?b?c'")
    #expect(
      Number.quoted(String(repeating: "x", count: 100)) == "'" + String(repeating: "x", count: 64) + "...'")
  }
}
