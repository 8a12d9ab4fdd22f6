import Testing

@testable import PageTables

struct HPVectorTests {
  @Test func zx1Entries() throws {
    typealias Row = Vector<HPZX1>
    let large = try HPZX1(.window(1 << 30, 1 << 30, granuleLog2: 14))
    Row.check(HPZX1(), "Z1", sizeLog2: 12, output: 0x1234_5000, NoAttributes(), 0x8000_0000_1234_5000)
    Row.check(large, "Z2", sizeLog2: 14, output: 0x4321_C000, NoAttributes(), 0x8000_0000_4321_C000)
    Row.check(large, "Z3", sizeLog2: 14, output: 0xFF_FFFF_C000, NoAttributes(), 0x8000_00FF_FFFF_C000)
    #expect(HPZX1().path(to: 0x4000_3000) == [3])
    #expect(large.path(to: 0x4000_4000) == [1] && large.path(to: 0x7FFF_C000) == [65535])
    #expect(HPZX1().kind(of: 0x1234_5000, level: 0) == .empty, "Z1 unmapped")
  }

  /// Z4: what Linux' driver leaves below a large page is read as nothing, and never written.
  @Test func zx1DriverError() throws {
    let large = try HPZX1(.window(1 << 30, 1 << 30, granuleLog2: 14))
    #expect(large.kind(of: 0x8000_0000_4321_9000, level: 0) == .leaf)
    #expect(large.outputAddress(of: 0x8000_0000_4321_9000, level: 0) == 0x4321_8000)
    #expect(try large.entry(0x4321_9800, MappingAttributes()) == 0x8000_0000_4321_8000)
  }

  @Test(arguments: [(12, "0x0"), (13, "0x1"), (14, "0x2"), (16, "0x3")])
  func zx1Registers(page: Int, code: String) throws {
    let format = try HPZX1(.window(1 << 30, 1 << 30, granuleLog2: page))
    #expect(format.line("ibase", rootAddress: 0x1000) == "0x40000001")
    #expect(format.line("imask", rootAddress: 0x1000) == "0xc0000000")
    #expect(format.line("tcnfg", rootAddress: 0x1000) == code)
    #expect(format.line("pdir_base", rootAddress: 0x1000) == "0x1000")
  }

  @Test func astroEntries() throws {
    typealias Row = Vector<HPAstro>
    let pluto = try HPAstro(.window(0x4000_0000, 1 << 30))
    let astro = HPAstro()
    Row.check(astro, "H1", sizeLog2: 12, output: 0x1234_5000, AstroAttributes(), 0x8000_0000_1234_5000)
    Row.check(
      astro, "H2", sizeLog2: 12, output: 0x3FFF_E000, AstroAttributes(virtualIndex: 0xA5),
      0x8000_0000_3FFF_E0A5)
    Row.check(
      pluto, "H3", sizeLog2: 12, output: 0xFF_FFF0_F000, AstroAttributes(virtualIndex: 0x3C),
      0x8000_00FF_FFF0_F03C)
    Row.check(
      astro, "H4", sizeLog2: 12, output: 0x800_0123_4000, AstroAttributes(virtualIndex: 0xFF),
      0x8000_0800_0123_40FF)
    #expect(astro.bytes(of: 0x8000_0000_1234_5000) == [0x00, 0x50, 0x34, 0x12, 0, 0, 0, 0x80], "H1")
    #expect(astro.bytes(of: 0x8000_0000_3FFF_E0A5) == [0xA5, 0xE0, 0xFF, 0x3F, 0, 0, 0, 0x80], "H2")
    #expect(pluto.bytes(of: 0x8000_00FF_FFF0_F03C) == [0x3C, 0xF0, 0xF0, 0xFF, 0xFF, 0, 0, 0x80], "H3")
    #expect(astro.bytes(of: 0x8000_0800_0123_40FF) == [0xFF, 0x40, 0x23, 0x01, 0, 0x08, 0, 0x80], "H4")
    let paths = [0x3000, 0x01FF_F000, 0x1_0000].map { astro.path(to: $0) }
    #expect(paths == [[3], [8191], [16]])
    #expect(pluto.path(to: 0x4001_0000) == [16])
    #expect(astro.outputBits == 44 && pluto.outputBits == 40)
    #expect(throws: PageTableError.self) { try HPAstro(.window(0, 1 << 30, granuleLog2: 14)) }
  }

  @Test func u2Entries() {
    typealias Row = Vector<HPU2>
    let both = U2Attributes(virtualIndex: 0xABC, stopsMost: true)
    Row.check(
      HPU2(), "H5", sizeLog2: 12, output: 0x1234_5000, U2Attributes(isSafe: false, prefetches: true),
      0x0000_0000_1234_5011)
    Row.check(HPU2(), "H6", sizeLog2: 12, output: 0x3FFF_E000, both, 0x0ABC_0000_3FFF_E007)
    Row.check(
      HPU2(), "H7", sizeLog2: 12, output: 0xFF_1234_5000, U2Attributes(virtualIndex: 0x123, isSafe: false),
      0x0123_00FF_1234_5001)
    Row.check(
      HPU2(), "H8", sizeLog2: 12, output: 0xFF_F000, U2Attributes(virtualIndex: 0xFFF), 0x0FFF_0000_00FF_F003)
    Row.check(
      HPU2(), "PA[51:48]", sizeLog2: 12, output: 0xA_0000_0000_0000, U2Attributes(), 0xA000_0000_0000_0003)
    #expect(HPU2().bytes(of: 0x0ABC_0000_3FFF_E007) == [0x0A, 0xBC, 0, 0, 0x3F, 0xFF, 0xE0, 0x07])
    let paths = [0x3000, 0x10_0000, 0x10_1000, 0].map { HPU2().path(to: $0) }
    #expect(paths == [[3], [256], [257], [0]])
    #expect(HPU2().line("io_control", rootAddress: 0) == "0x20080")
    #expect(HPU2().line("io_chain_id_mask", rootAddress: 0) == "0x3fc00000")
  }
}
