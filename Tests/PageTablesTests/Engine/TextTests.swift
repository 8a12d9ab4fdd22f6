import CStores
import TestSupport
import Testing

@testable import PageTables

/// The writers of text without allocation, against the standard library.
struct TextTests {
  typealias StoreLines =
    @Sendable (
      UnsafeMutablePointer<CChar>?, UnsafePointer<CChar>?, Int, UnsafePointer<hex_column>?, Int,
      UnsafePointer<UInt64>?, Int
    ) -> Void

  /// Both codes that store lines, the plain one and the processor's best.
  @Test(arguments: [store_hex_lines, store_hex_lines_plainly])
  func hexDigitsOfEveryWidth(store: StoreLines) {
    var random = SeededRandom(seed: 3)
    let line = "a quite long line, wide enough: for two numbers and for some words"
    for digits in 1...16 {
      let values = [0, .max, random.next(), random.next() & 0xFFFF, 0x9a0b_c1d2_e3f4_5678, 1] as [UInt64]
      let columns = [(2, digits), (20, 17 - digits)]
      var bytes = [CChar](repeating: 0x2E, count: line.utf8.count * 3 + 1)
      store(
        &bytes, line, line.utf8.count, columns.map { hex_column(offset: UInt32($0.0), digits: UInt32($0.1)) },
        2,
        values, 3)
      let expected = (0..<3).map { number in
        var text = Array(line.utf8)
        for (index, (offset, digits)) in columns.enumerated() {
          let all = String(repeating: "0", count: 16) + String(values[number * 2 + index], radix: 16)
          text.replaceSubrange(offset..<offset + digits, with: all.utf8.suffix(digits))
        }
        return String(decoding: text, as: UTF8.self)
      }
      #expect(String(decoding: bytes.map(UInt8.init), as: UTF8.self) == expected.joined() + ".")
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
