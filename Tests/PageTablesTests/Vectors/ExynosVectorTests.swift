import Testing

@testable import PageTables

struct ExynosVectorTests {
  private static let readOnly = ExynosAttributes(canWrite: false)
  private static let writeOnly = ExynosAttributes(canRead: false)

  @Test func versions1To3() throws {
    let format = ExynosV1()
    #expect(format.tableEntry(pointingTo: 0x6000_0400, level: 1, key: 0) == 0x6000_0401, "G17")
    Vector.check(format, "G18", sizeLog2: 12, output: 0x89AB_C000, ExynosAttributes(), 0x89AB_C012)
    Vector.check(format, "G19", sizeLog2: 16, output: 0x9A56_0000, Self.readOnly, 0x9A56_0211)
    Vector.check(format, "G20", level: 1, sizeLog2: 20, output: 0xA030_0000, Self.readOnly, 0xA030_8402)
    #expect(format.path(to: 0x1234_5000) == [0x123, 0x45], "G17, G18")
    #expect(format.path(to: 0x1235_0000) == [0x123, 0x50], "G19")
    #expect(format.path(to: 0x2010_0000).first == 0x201, "G20")
    #expect(format.kind(of: 3, level: 1) == .reserved && format.kind(of: 3, level: 0) == .leaf)
    #expect(format.line("pt_base_addr", rootAddress: 0x6000_0000) == "0x60000000")
  }

  /// What is written without reading would become readable, so it is refused; no access at all can be expressed.
  @Test func wishes() throws {
    let format = ExynosV1()
    #expect(try format.entry(0x89AB_C000, MappingAttributes()) == 0x89AB_C012, "G18")
    #expect(try format.entry(0xA030_0000, MappingAttributes(access: .read), level: 1) == 0xA030_8402, "G20")
    #expect(try format.entry(0x89AB_C000, MappingAttributes(access: [])) == 0x89AB_C002)
    #expect(throws: PageTableError.cannotExpress(attribute: "write without read", format: "exynos-v1")) {
      try format.entry(0x89AB_C000, MappingAttributes(access: .write))
    }
    let newer = ExynosV5()
    #expect(try newer.entry(0x8_A030_0000, MappingAttributes(access: .write), level: 1) == 0x8A03_0022, "G23")
    #expect(try newer.entry(0x8_9ABC_D000, MappingAttributes()) == 0x89AB_CD0E, "G22")
  }

  @Test func version5() throws {
    let format = ExynosV5()
    #expect(format.tableEntry(pointingTo: 0x8_6000_0400, level: 1, key: 0) == 0x8600_0041, "G21")
    #expect(format.tableAddress(of: 0x8600_0041, level: 1) == 0x8_6000_0400, "G21")
    Vector.check(format, "G22", sizeLog2: 12, output: 0x8_9ABC_D000, ExynosAttributes(), 0x89AB_CD0E)
    Vector.check(format, "G23", level: 1, sizeLog2: 20, output: 0x8_A030_0000, Self.writeOnly, 0x8A03_0022)
    #expect(format.path(to: 0x1234_5000) == [0x123, 0x45], "G21")
    // Large pages are not on the page: type 1, address >> 4.
    Vector.check(format, "64K", sizeLog2: 16, output: 0xF_9A56_0000, Self.readOnly, 0xF9A5_6005)
    #expect(format.line("pt_base", rootAddress: 0x8_6000_0000) == "0x860000")
  }
}
