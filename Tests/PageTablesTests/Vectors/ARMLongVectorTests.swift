import PhysicalMemory
import Testing

@testable import PageTables

struct ARMLongVectorTests {
  private static func attributes(
    index: UInt8 = 1, user: Bool = true, readOnly: Bool = false, never: Bool = false
  ) -> ARMStage1Attributes {
    var attributes = ARMStage1Attributes()
    attributes.memoryIndex = index
    attributes.isNonSecure = false
    attributes.isUser = user
    attributes.isReadOnly = readOnly
    attributes.isExecuteNever = never
    attributes.isPrivilegedExecuteNever = never
    return attributes
  }

  @Test func stage1Granule4K() {
    typealias Row = Vector<ARM64Stage1<ARM64Granule4K>>
    let format = ARM64Stage1<ARM64Granule4K>()
    let address: UInt64 = 0x1234_5678_9000
    #expect(format.path(to: address) == [0x24, 0xD1, 0xB3, 0x189])
    for (level, table) in [(3, 0x8000_1000), (2, 0x8000_2000), (1, 0x8000_3000)] as [(Int, UInt64)] {
      #expect(format.tableEntry(pointingTo: table, level: level, key: 0) == table | 3, "B1")
      #expect(format.kind(of: table | 3, level: level) == .table, "B1")
    }
    Row.check(
      format, "B2", sizeLog2: 12, output: 0x8_9ABC_D000, Self.attributes(never: true), 0x0060_0008_9ABC_DF47)
    Row.check(
      format, "B3", level: 1, sizeLog2: 21, output: 0x12_3460_0000,
      Self.attributes(index: 0, user: false, readOnly: true), 0x12_3460_0F81)
    Row.check(
      format, "B4", level: 2, sizeLog2: 30, output: 0x4000_0000, Self.attributes(index: 2, never: true),
      0x0060_0000_4000_0F49)
    Row.check(
      format, "B5", sizeLog2: 16, output: 0x7_7777_0000, Self.attributes(), 0x0010_0007_7777_0F47)
    #expect(format.path(to: 0x1234_5680_0000)[2] == 0xB4, "B3")
    #expect(format.path(to: 0x1234_8000_0000)[1] == 0xD2, "B4")
    #expect(format.kind(of: 0x8000_0001, level: 0) == .reserved)
    #expect(format.kind(of: 0x8000_0001, level: 3) == .reserved)
    #expect(format.kind(of: 0x8000_0002, level: 0) == .empty)
  }

  /// B5 in a table: 16 entries, each with its own address.
  @Test func contiguousGroup() throws {
    let table = try ARM64Stage1<ARM64Granule4K>.makeTable(TableConfiguration(), try TestTableMemory())
    try table.map(
      deviceAddress: 0x1234_5679_0000, to: OutputRun(physicalAddress: 0x7_7777_0000, length: 0x10000),
      attributes: MappingAttributes(
        access: [.read, .write, .execute], isSecure: true, cache: .writeBackWriteAllocate))
    let leaves = table.snapshot().entries.filter { $0.kind == .leaf }
    #expect(leaves.map(\.index) == Array(0x190...0x19F))
    #expect(leaves.map(\.entry) == (0..<16).map { 0x0010_0007_7777_0F47 + $0 * 0x1000 })
    #expect(table.leafCounts.map(\.size) == [0x10000])
  }

  @Test func stage1Granule16K() {
    typealias Row = Vector<ARM64Stage1<ARM64Granule16K>>
    let format = ARM64Stage1<ARM64Granule16K>()
    Row.check(format, "B9", sizeLog2: 14, output: 0x7_1234_4000, Self.attributes(), 0x7_1234_4F47)
    Row.check(
      format, "B10", level: 1, sizeLog2: 25, output: 0x8_4200_0000, Self.attributes(readOnly: true),
      0x8_4200_0FC5)
    #expect(format.path(to: 0x7FFF_C000_4000).last == 1, "B9")
    #expect(format.path(to: 0x4000_0200_0000)[2] == 1, "B10")
    #expect(format.description.pageSizes == [1 << 14, 1 << 21, 1 << 25, 1 << 30])
    #expect((0...3).map(format.indexBits) == [11, 11, 11, 1])
    let large = ARM64Stage1<ARM64Granule64K>()
    #expect(large.description.pageSizes == [1 << 16, 1 << 21, 1 << 29, 1 << 34])
    #expect((0...2).map(large.indexBits) == [13, 13, 6])
  }

  @Test func stage2() throws {
    typealias Row = Vector<ARM64Stage2<ARM64Granule4K>>
    let format = try ARM64Stage2<ARM64Granule4K>(TableConfiguration(split: 24))
    #expect(format.path(to: 0xFF_8000_1000) == [0x3FE, 0, 1], "B6")
    #expect(format.tableSizeLog2(2) == 13 && format.tableAlignmentLog2(2) == 13, "B6")
    #expect(format.tableEntry(pointingTo: 0x9001_0000, level: 2, key: 0) == 0x9001_0003, "B6")
    #expect(format.tableEntry(pointingTo: 0x9001_1000, level: 1, key: 0) == 0x9001_1003, "B6")
    Row.check(
      format, "B7", sizeLog2: 12, output: 0xA000_1000, ARMStage2Attributes(memory: 15, executeNever: 0),
      0xA000_17FF)
    Row.check(
      format, "B8", level: 2, sizeLog2: 30, output: 0x4000_0000,
      ARMStage2Attributes(memory: 1, canWrite: false, executeNever: 3), 0x0060_0000_4000_0745)
    #expect(format.path(to: 0x80_4000_0000).first == 0x201, "B8")
  }

  /// The registers of the page, and the levels at which walks start.
  @Test func registers() throws {
    let first = ARM64Stage1<ARM64Granule4K>()
    #expect(ARM64Granule4K.tcr(first.region, physicalBits: 48) == 0x5_0080_3510)
    #expect(first.line("tcr_el1", rootAddress: 0x1000) == "0x500803510")
    #expect(first.line("ttbr0_el1", rootAddress: 0x1000) == "0x1000")
    let high = try ARM64Stage1<ARM64Granule64K>(TableConfiguration(base: .high, split: 16))
    #expect(high.line("tcr_el1", rootAddress: 0) == "0x5f5100080")
    let second = try ARM64Stage2<ARM64Granule4K>(TableConfiguration(split: 24))
    #expect(ARM64Granule4K.vtcr(second.region, second.shape, physicalBits: 40) == 0x8002_3558)
    let starts = [
      ARM64Stage2<ARM64Granule4K>().shape.startLevel, ARM64Stage2<ARM64Granule16K>().shape.startLevel,
      ARM64Stage2<ARM64Granule64K>().shape.startLevel, second.shape.startLevel,
      try ARM64Stage2<ARM64Granule64K>(TableConfiguration(split: 18)).shape.startLevel,
    ]
    #expect(starts == [0, 1, 1, 1, 2])
    #expect(ARMLPAE().line("ttbcr", rootAddress: 0) == "0x80803500")
    #expect(ARMLPAE().line("mair0", rootAddress: 0) == "0xee04ff44")
    #expect(ARMLPAE().line("mair1", rootAddress: 0) == "0xbb")
  }

  @Test func regions() throws {
    let high = try ARM64Stage1<ARM64Granule4K>(TableConfiguration(base: .high, split: 16))
    #expect(high.tableOffset(of: 0xFFFF_0000_0000_0000) == 0)
    #expect(high.tableOffset(of: .max) == 0xFFFF_FFFF_FFFF)
    #expect(high.tableOffset(of: 0xFFFE_FFFF_FFFF_FFFF) == nil && high.tableOffset(of: 0) == nil)
    #expect(high.deviceAddress(ofTableOffset: 5) == 0xFFFF_0000_0000_0005)
    let low = ARM64Stage1<ARM64Granule4K>()
    #expect(low.tableOffset(of: 0xFFFF_FFFF_FFFF) != nil && low.tableOffset(of: 1 << 48) == nil)
    let narrow = try ARMLPAE(TableConfiguration(base: .high, split: 2))
    #expect(narrow.tableOffset(of: 0xC000_0000) == 0 && narrow.tableOffset(of: 0xBFFF_FFFF) == nil)
    #expect(narrow.tableOffset(of: 1 << 32) == nil)
    #expect(narrow.shape == ARMLongShape(inputBits: 30, granuleLog2: 12))
    #expect(ARMLPAE().path(to: 0xC060_3000) == [3, 3, 3])
  }

  /// The flags of pointers take away, and never give.
  @Test func pointersRestrict() {
    let format = ARM64Stage1<ARM64Granule4K>()
    func found(_ entry: UInt64, through pointer: UInt64) -> ARMStage1Attributes {
      let path = format.path(.max, through: pointer, level: 1)
      return format.leafAttributes(of: entry, level: 0, path: path)
    }
    let open: UInt64 = 0x8000_0F47
    #expect(found(open, through: 0x8000_1003) == Self.attributes())
    #expect(!found(open, through: 1 << 61).isUser)
    #expect(found(open, through: 1 << 62).isReadOnly)
    #expect(found(open, through: 1 << 60).isExecuteNever)
    #expect(found(open, through: 1 << 59).isPrivilegedExecuteNever)
    #expect(found(open, through: 1 << 63).isNonSecure)
  }

  /// Who may execute: never anybody that was not wished for.
  @Test func execution() throws {
    for wish in FormatCase.allWishes where wish.access.contains(.read) {
      let wide = try ARM64Stage1<ARM64Granule4K>().leafAttributes(for: wish)
      let isWished = wish.access.contains(.execute)
      #expect(wide.isExecuteNever == !(isWished && wish.privilege == .user), "\(wish)")
      #expect(wide.isPrivilegedExecuteNever == !isWished, "\(wish)")
      let narrow = try ARMLPAE().leafAttributes(for: wish)
      #expect(narrow.isExecuteNever == !isWished, "\(wish)")
    }
    // Without UXN unprivileged code executes what it cannot read; XN of AArch32 stops both.
    let open = Self.attributes(user: false)
    #expect(open.mapping(separatesExecution: true).access.contains(.execute))
    var half = open
    half.isExecuteNever = true
    #expect(half.mapping(separatesExecution: true).access.contains(.execute))
    #expect(!half.mapping(separatesExecution: false).access.contains(.execute))
    half.isAccessed = false
    #expect(half.mapping(separatesExecution: true).access.isEmpty)
  }

  /// Leaves of every size that a twin can hold, by the second decoder too.
  @Test(arguments: FormatCase.all.filter(\.groupsAdvance))
  func sizesBySecondDecoder(format: FormatCase) throws {
    let harness = try TableHarness(format)
    for size in harness.description.pageSizes where size / harness.twin.pageSize <= 1 << 15 {
      for start in try format.edges(size).prefix(3) {
        try harness.map(start, [OutputRun(physicalAddress: size * 3, length: size)], MappingAttributes())
        for offset in [0, size / 2 + 1, size - 1] { harness.check(start + offset) }
        harness.checkAll()
        try harness.unmap(start, size)
      }
    }
  }
}
