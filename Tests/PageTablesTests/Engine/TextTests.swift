import TestSupport
import Testing

@testable import PageTables

/// The writers of text without allocation, against the standard library.
struct TextTests {
  @Test func hexDigitsOfEveryWidth() {
    var random = SeededRandom(seed: 3)
    for count in 1...16 {
      for value in [0, .max, random.next(), random.next() & 0xFFFF] as [UInt64] {
        var bytes = [UInt8](repeating: 0x2E, count: count + 2)
        bytes.withUnsafeMutableBytes { buffer in
          guard let base = buffer.baseAddress else { return }
          HexDigits.write(value, count: count, at: base + 1)
        }
        let all = String(value, radix: 16)
        let expected = String((String(repeating: "0", count: 16) + all).suffix(count))
        #expect(String(decoding: bytes, as: UTF8.self) == ".\(expected).")
      }
    }
  }

  @Test func numbersAsTheStandardLibraryWritesThem() {
    for value in [0, 1, 9, 10, 4096, 0xABC, 1 << 30, 1 << 63, .max, 10_000_000_000_000_000_000] as [UInt64] {
      #expect(TextCursor.string(capacity: 40) { $0.append(decimal: value) } == "\(value)")
      #expect(TextCursor.string(capacity: 40) { $0.append(hexadecimal: value) } == hex(value))
    }
  }

  @Test func whatDoesNotFitIsLeftOut() {
    let text = TextCursor.string(capacity: 5) {
      $0.append("table")
      #expect(!$0.isTruncated)
      $0.append(word: "more")
      #expect($0.isTruncated)
      $0.pad(to: 90)
    }
    #expect(text == "table")
  }

  /// Each format has room for the longest words of any wish.
  @Test func wordsOfEveryWishFit() throws {
    func check<Format: PageTableFormat>(_ format: Format) {
      for wish in FormatCase.allWishes {
        guard let attributes = try? format.leafAttributes(for: wish) else { continue }
        _ = TextCursor.string(capacity: Format.wordsWidth) {
          format.describe(attributes, into: &$0)
          #expect(!$0.isTruncated, "\(Format.name) \(wish)")
        }
      }
    }
    check(MSMSMMU())
    check(OMAPIOMMU())
    check(ARMv7Short())
    check(IntelVTd())
    check(X86Long())
    check(MediaTekV7s())
    check(AppleDART())
    check(AppleDARTT6000())
    check(RockchipV1())
    check(RockchipV2())
    check(ExynosV1())
    check(ExynosV5())
    check(Sun50iIOMMU())
    check(TegraSMMU())
    var worst = ARMShortAttributes()
    worst.accessPermissions = 0b010
    worst.memoryClass = 31
    worst.isNotGlobal = true
    worst.isPrivilegedExecuteNever = true
    worst.domain = 15
    _ = TextCursor.string(capacity: ARMv7Short.wordsWidth) {
      ARMv7Short().describe(worst, into: &$0)
      #expect(!$0.isTruncated)
    }
    _ = TextCursor.string(capacity: X86Long.wordsWidth) {
      X86Long().describe(X86Attributes(cacheIndex: 7, isGlobal: true), into: &$0)
      #expect(!$0.isTruncated)
    }
  }

  /// Entries that we do not write have room for their words too.
  @Test func wordsOfOtherEntriesFit() {
    func fits<Format: PageTableFormat>(_ format: Format, _ attributes: Format.LeafAttributes) {
      _ = TextCursor.string(capacity: Format.wordsWidth) {
        format.describe(attributes, into: &$0)
        #expect(!$0.isTruncated, "\(Format.name)")
      }
    }
    fits(MediaTekV7s(), MediaTekAttributes(memoryClass: 31))
    fits(MediaTekV7s(), MediaTekAttributes(memoryClass: 0b00011))
    let part = DARTAttributes.Part(start: 0xFFE, end: 0xFFE)
    fits(AppleDART(), DARTAttributes(part: part))
    fits(AppleDARTT6000(), DARTAttributes(part: part))
    fits(RockchipV1(), RockchipAttributes(canRead: false, canWrite: false, cacheBits: 0x3D))
    fits(RockchipV2(), RockchipV2Attributes(canRead: false, canWrite: false, security: true))
    fits(Sun50iIOMMU(), Sun50iAttributes(domain: 15))
    fits(TegraSMMU(), TegraSMMUAttributes(canRead: false, canWrite: false))
  }
}
