import Testing

@testable import PageTables

struct RockchipVectorTests {
  @Test func firstVersion() throws {
    let format = RockchipV1()
    #expect(format.tableEntry(pointingTo: 0x6000_1000, level: 1, key: 0) == 0x6000_1001, "G13")
    Vector.check(format, "G14", sizeLog2: 12, output: 0x89AB_C000, RockchipAttributes(), 0x89AB_C007)
    Vector.check(
      format, "G14b", sizeLog2: 12, output: 0xFFFF_F000, RockchipAttributes(canWrite: false, cacheBits: 1),
      0xFFFF_F00B)
    #expect(format.path(to: 0x1234_5000) == [0x48, 0x345], "G13, G14")
    #expect(format.path(to: 0xFFC0_0000) == [0x3FF, 0x0], "G14b")
    #expect(try format.entry(0xFFFF_F000, MappingAttributes(access: .read)) == 0xFFFF_F00B, "G14b")
    #expect(format.line("dte_addr", rootAddress: 0x6000_0000) == "0x60000000")
  }

  /// Each policy has its bits, and other bits are shown as they are.
  @Test func policies() throws {
    let format = RockchipV1()
    for (policy, bits) in [
      (MappingAttributes.CachePolicy.notCached, 0x008 as UInt32), (.writeThrough, 0x188),
      (.writeBackNoWriteAllocate, 0x1D8), (.writeBackWriteAllocate, 0x1F8),
    ] {
      let entry = try format.entry(0x1000, MappingAttributes(access: .write, cache: policy))
      #expect(entry == 0x1005 | bits)
      let attributes = format.leafAttributes(of: entry, level: 0, path: .max)
      #expect(format.mappingAttributes(of: attributes) == MappingAttributes(access: .write, cache: policy))
    }
    func words(_ entry: UInt32) -> String {
      let attributes = format.leafAttributes(of: entry, level: 0, path: .max)
      return TextCursor.string(capacity: RockchipV1.wordsWidth) { format.describe(attributes, into: &$0) }
    }
    #expect(words(0x89AB_C007) == "prot=rwx cache=bus")
    #expect(words(0x89AB_C1F0) == "prot=none cache=bus")
    #expect(words(0x89AB_C029) == "prot=none cache-bits=0x5")
    #expect(words(0x89AB_C1FF) == "prot=rwx cache=wb-wa")
  }

  @Test func secondVersion() throws {
    let format = RockchipV2()
    #expect(format.tableEntry(pointingTo: 0x12_6000_1000, level: 1, key: 0) == 0x6000_1211, "G15")
    #expect(format.tableAddress(of: 0x6000_1211, level: 1) == 0x12_6000_1000, "G15")
    Vector.check(
      format, "G16", sizeLog2: 12, output: 0x34_89AB_C000, RockchipV2Attributes(canWrite: false),
      0x89AB_C433)
    Vector.check(format, "G16b", sizeLog2: 12, output: 0xFF_FFFF_F000, RockchipV2Attributes(), 0xFFFF_FFF7)
    #expect(format.path(to: 0x1234_5000) == [0x48, 0x345], "G15, G16")
    #expect(format.path(to: 0xFFFF_F000) == [0x3FF, 0x3FF], "G16b")
    #expect(try format.entry(0x34_89AB_C000, MappingAttributes(access: .read)) == 0x89AB_C433, "G16")
    #expect(try format.entry(0xFF_FFFF_F000, MappingAttributes()) == 0xFFFF_FFF7, "G16b")
    #expect(format.line("dte_addr", rootAddress: 0x12_6000_0000) == "0x60000211")
  }
}
