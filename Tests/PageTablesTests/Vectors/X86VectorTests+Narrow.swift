import Testing

@testable import PageTables

extension X86VectorTests {
  @Test func fiveLevels() throws {
    let format = X86LongLA57()
    let attributes = X86Attributes(isExecuteDisabled: false, cacheIndex: 7)
    Vector.check(format, "C6", sizeLog2: 12, output: 0x5_5555_5000, attributes, 0x5_5555_50FF)
    let wide = X86Attributes(isUser: false, isExecuteDisabled: false, cacheIndex: 1)
    Vector.check(
      format, "C6b", level: 2, sizeLog2: 30, output: 0x1_4000_0000, wide, 0x1_4000_00EB)
    #expect(format.tableEntry(pointingTo: 0x200_0000, level: 4, key: 0) == 0x200_0027, "C5")
    #expect(format.path(to: 0xAB_CDEF_0123_4000).first == 0xAB, "C5")
    #expect(format.path(to: 0xAB_CDEF_0123_4000).last == 0x34, "C6")
    #expect(format.path(to: 0xFF00_0000_0000_0000) == [0x100, 0, 0, 0, 0], "C6b")
    #expect(format.path(to: 0x0100_0000_0000_0000).isEmpty)
    #expect(format.line("cr4", rootAddress: 0x1000) == "0x1020")
    #expect(try X86LongLA57(TableConfiguration(levels: 5)).topLevel == 4)
    #expect(throws: PageTableError.self) { try X86LongLA57(TableConfiguration(levels: 4)) }
  }

  @Test func pae() throws {
    let format = X86PAE()
    #expect(format.path(to: 0xC012_3000) == [3, 0, 0x123])
    #expect(format.tableEntry(pointingTo: 0x7000, level: 2, key: 0) == 0x7001, "C7")
    #expect(format.tableEntry(pointingTo: 0x7000, level: 1, key: 0) == 0x7027)
    #expect(format.tableSizeLog2(2) == 5)
    var attributes = X86Attributes(isUser: false, cacheIndex: 0)
    Vector.check(
      format, "C8", sizeLog2: 12, output: 0x9_8765_4000, attributes, 0x8000_0009_8765_4063)
    attributes.isGlobal = true
    attributes.isExecuteDisabled = false
    Vector.check(
      format, "C9", level: 1, sizeLog2: 21, output: 0x9_8760_0000, attributes, 0x9_8760_01E3)
    // What the root's entries may not have, and no entry above bit 51.
    #expect(format.kind(of: 0x7019, level: 2) == .table)
    for bit in [1, 2, 5, 6, 7, 8, 52, 63] as [UInt64] {
      #expect(format.kind(of: 0x7001 | 1 << bit, level: 2) == .reserved, "bit \(bit)")
    }
    for bit in 52...62 as ClosedRange<UInt64> {
      #expect(format.kind(of: 0x7027 | 1 << bit, level: 1) == .reserved, "bit \(bit)")
      #expect(format.kind(of: 0x7027 | 1 << bit, level: 0) == .reserved, "bit \(bit)")
    }
    // The root's entries hand down nothing.
    #expect(format.path(.max, through: 0x7001, level: 2) == .max)
  }

  @Test func twoLevels() throws {
    let format = X86Classic()
    #expect(format.path(to: 0x804_9000) == [0x20, 0x49])
    #expect(format.tableEntry(pointingTo: 0x30_0000, level: 1, key: 0) == 0x30_0027, "C10")
    var attributes = X86Attributes(
      canWrite: false, isExecuteDisabled: false, cacheIndex: 0, isDirty: false)
    Vector.check(format, "C11", sizeLog2: 12, output: 0xABC_D000, attributes, 0x0ABC_D025)
    attributes = X86Attributes(isUser: false, isExecuteDisabled: false, cacheIndex: 0, isGlobal: true)
    Vector.check(format, "C12", level: 1, sizeLog2: 22, output: 0x40_0000, attributes, 0x0040_01E3)
    attributes = X86Attributes(isUser: false, isExecuteDisabled: false, cacheIndex: 1)
    Vector.check(format, "C13", level: 1, sizeLog2: 22, output: 0x5A_40C0_0000, attributes, 0x40CB_40EB)
    #expect(format.kind(of: 0x20_0081, level: 1) == .reserved)
    let noExecute = try format.leafAttributes(for: MappingAttributes())
    #expect(format.mappingAttributes(of: noExecute).access == [.read, .write, .execute])
  }

  /// PSE-36: pages of 4M anywhere in 40 bits, pages of 4K in the first 4G only.
  @Test func largePagesBeyond4G() throws {
    let harness = try TableHarness(try #require(FormatCase.defaults.first { $0.name == "x86-32" }))
    let table = harness.table
    let run = OutputRun(physicalAddress: 0x5A_40C0_0000, length: 0x80_0000)
    try table.map(deviceAddress: 0xC040_0000, to: run, attributes: MappingAttributes())
    #expect(table.leafCounts.map(\.size) == [0x40_0000])
    guard case .mapped(0x5A_4123_4567, 0x40_0000, _) = table.translate(0xC0A3_4567) else {
      Issue.record("\(table.translate(0xC0A3_4567))")
      return
    }
    for (address, length) in [(0x5A_40C0_1000, 0x1000), (0xFF_FFC0_0000, 0x80_0000)] as [(UInt64, UInt64)] {
      #expect(throws: PageTableError.self) {
        let run = OutputRun(physicalAddress: address, length: length)
        try table.map(deviceAddress: 0x1000_0000, to: run, attributes: MappingAttributes())
      }
    }
  }
}
