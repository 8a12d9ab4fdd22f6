import Testing

@testable import PageTables

struct AlphaVectorTests {
  /// Window, device address, physical address, index, the entry's address in a table at `table`, value.
  struct Row: Sendable {
    var name: String
    var window: (base: UInt64, size: UInt64)
    var table: UInt64
    var deviceAddress: UInt64
    var output: UInt64
    var index: Int
    var entryAddress: UInt64
    var value: UInt64
  }

  static let rows = [
    Row(
      name: "A1", window: (0x80_0000, 0x80_0000), table: 0x0A00_0000, deviceAddress: 0x0080_2000,
      output: 0x0123_4000, index: 1, entryAddress: 0x0A00_0008, value: 0x1235),
    Row(
      name: "A2", window: (0x80_0000, 0x80_0000), table: 0x0A00_0000, deviceAddress: 0x00FF_E000,
      output: 0x3FFF_E000, index: 1023, entryAddress: 0x0A00_1FF8, value: 0x3FFFF),
    Row(
      name: "A3", window: (1 << 30, 1 << 30), table: 0x0B00_0000, deviceAddress: 0x4ABC_E000,
      output: 0x1_FF00_0000, index: 21991, entryAddress: 0x0B02_AF38, value: 0x1F_F001),
    Row(
      name: "A4", window: (3 << 30, 1 << 30), table: 0x0C00_0000, deviceAddress: 0xFFFF_E000,
      output: 0x3_FFFF_E000, index: 131071, entryAddress: 0x0C0F_FFF8, value: 0x3F_FFFF),
  ]

  @Test(arguments: rows) func entries(row: Row) throws {
    let format = try AlphaScatterGather(.window(row.window.base, row.window.size))
    Vector.check(format, row.name, sizeLog2: 13, output: row.output, NoAttributes(), row.value)
    #expect(format.path(to: row.deviceAddress) == [row.index])
    #expect(row.table + UInt64(row.index) * 8 == row.entryAddress)
    #expect(format.tableSizeLog2(0) == row.window.size.trailingZeroBitCount - 10)
    #expect(format.tableAlignmentLog2(0) == max(format.tableSizeLog2(0), 15))
  }

  /// Linux' markers in free slots are no translations; bits above the page number must be 0.
  @Test func otherEntries() throws {
    let format = AlphaScatterGather()
    #expect(format.kind(of: 0x2, level: 0) == .empty)
    #expect(format.kind(of: 0xFACE, level: 0) == .empty)
    #expect(format.kind(of: 0x1_0000_0001, level: 0) == .reserved)
    #expect(format.bytes(of: 0x1235) == [0x35, 0x12, 0, 0, 0, 0, 0, 0])
  }

  @Test func registers() throws {
    let format = try AlphaScatterGather(.window(0x80_0000, 0x80_0000))
    #expect(format.line("wsba", rootAddress: 0x0A00_0000) == "0x800003")
    #expect(format.line("wsm", rootAddress: 0x0A00_0000) == "0x700000")
    #expect(format.line("tba", rootAddress: 0x0A00_0000) == "0xa000000")
    #expect(format.line("cia_t_base", rootAddress: 0x0A00_0000) == "0x2800000")
  }
}
