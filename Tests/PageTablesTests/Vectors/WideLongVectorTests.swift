import Testing

@testable import PageTables

/// Long descriptors with addresses of 52 bits.
struct WideLongVectorTests {
  private static func attributes(user: Bool = true) -> ARMStage1Attributes {
    var attributes = ARMStage1Attributes()
    attributes.memoryIndex = 1
    attributes.isNonSecure = false
    attributes.isUser = user
    attributes.isExecuteNever = false
    attributes.isPrivilegedExecuteNever = false
    return attributes
  }

  @Test func granule64K() {
    typealias Row = Vector<ARM64Stage1<ARM64Granule64K52>>
    let format = ARM64Stage1<ARM64Granule64K52>()
    Row.check(
      format, "B11", sizeLog2: 16, output: 0xF_EDCB_A987_0000, Self.attributes(), 0x0000_EDCB_A987_FF47)
    #expect(format.path(to: 0xF_EDCB_A987_0000).last == 0x0987, "B11")
    #expect(
      format.tableEntry(pointingTo: 0xA_0001_0000_0000, level: 1, key: 0) == 0x0000_0001_0000_A003, "B12")
    #expect(format.tableAddress(of: 0x0000_0001_0000_A003, level: 1) == 0xA_0001_0000_0000, "B12")
    #expect(format.description.pageSizes.map(\.trailingZeroBitCount) == [16, 21, 29, 34, 42])
    #expect((0...2).map(format.indexBits) == [13, 13, 10])
    // A block of 4T: bits 15:12 are the address's, bits 41:16 are not.
    Row.check(
      format, "4T", level: 2, sizeLog2: 42, output: 0xF_FC00_0000_0000, Self.attributes(),
      0x0000_FC00_0000_FF45)
  }

  @Test func granule4K() {
    typealias Row = Vector<ARM64Stage1<ARM64Granule4K52>>
    let format = ARM64Stage1<ARM64Granule4K52>()
    Row.check(
      format, "B13", sizeLog2: 12, output: 0xD_2345_6789_A000, Self.attributes(), 0x0001_2345_6789_AF47)
    #expect(format.path(to: 0x7F_FFFF_F000).last == 0x1FF, "B13")
    #expect(
      format.tableEntry(pointingTo: 0x4_0000_8000_0000, level: 3, key: 0) == 0x0000_0000_8000_0103, "B14")
    #expect(format.tableAddress(of: 0x0000_0000_8000_0103, level: 3) == 0x4_0000_8000_0000, "B14")
    #expect(format.description.levelNames == ["L-1", "L0", "L1", "L2", "L3"])
    #expect(format.description.pageSizes.last == 1 << 39 && format.indexBits(4) == 4)
    // With DS = 1 bits 9:8 are the address's, so no entry of ours has SH there.
    Row.check(
      format, "512G", level: 3, sizeLog2: 39, output: 0x8_0000_0000_0000, Self.attributes(),
      0x0000_0000_0000_0E45)
  }

  @Test func shapes() throws {
    let middle = ARM64Stage1<ARM64Granule16K52>()
    #expect(middle.description.pageSizes.map(\.trailingZeroBitCount) == [14, 21, 25, 30, 36])
    #expect((0...3).map(middle.indexBits) == [11, 11, 11, 5])
    // Stage 2: 16 tables of L0 put together; 32 entries are too many to be left out.
    #expect(ARM64Stage2<ARM64Granule4K52>().shape == ARMLongShape(levels: 4, rootIndexBits: 13))
    #expect(ARM64Stage2<ARM64Granule16K52>().shape == ARMLongShape(levels: 4, rootIndexBits: 5))
    #expect(ARM64Stage2<ARM64Granule64K52>().shape == ARMLongShape(levels: 3, rootIndexBits: 10))
    #expect(throws: PageTableError.self) {
      try ARM64Stage1<ARM64Granule4K>(TableConfiguration(split: 12))
    }
  }

  /// TnSZ 12, physical size 6, DS for 4K and 16K; the base's high bits at 5:2.
  @Test func registers() throws {
    let root: UInt64 = 0xD_0000_8000_1000
    let small = ARM64Stage1<ARM64Granule4K52>()
    #expect(small.line("ttbr0_el1", rootAddress: root) == "0x80001034")
    #expect(small.line("tcr_el1", rootAddress: root) == "0x80000060080350c")
    let large = ARM64Stage1<ARM64Granule64K52>()
    #expect(large.line("ttbr0_el1", rootAddress: root) == "0x80001034")
    #expect(large.line("tcr_el1", rootAddress: root) == "0x60080750c")
    let second = ARM64Stage2<ARM64Granule4K52>()
    #expect(second.line("vtcr_el2", rootAddress: root) == "0x18006358c")
    #expect(second.line("vttbr_el2", rootAddress: root) == "0x80001034")
    #expect(ARM64Stage2<ARM64Granule16K52>().line("vtcr_el2", rootAddress: 0) == "0x18006b5cc")
    #expect(ARM64Stage2<ARM64Granule64K52>().line("vtcr_el2", rootAddress: 0) == "0x8006758c")
  }

  /// A run across the bits at which an address is taken apart, 48 and 50: every page has its own address whole.
  @Test(arguments: FormatCase.defaults.filter { $0.name.hasSuffix("-52") }, [48, 50] as [UInt64])
  func runsAcrossTheParts(format: FormatCase, bit: UInt64) throws {
    let harness = try TableHarness(format)
    let page = harness.twin.pageSize
    // A page off the larger sizes, so that the run is written page by page.
    let start = page * 3
    let boundary: UInt64 = 1 << bit
    try harness.map(
      start, [OutputRun(physicalAddress: boundary - page * 2, length: page * 4)], MappingAttributes())
    for index in 0..<4 as Range<UInt64> { harness.check(start + index * page + 0x123) }
    harness.checkAll()
    let outputs = harness.table.snapshot().entries.filter { $0.kind == .leaf }.map(\.outputAddress)
    #expect(outputs == (0..<4).map { boundary - page * 2 + $0 * page })
  }
}
