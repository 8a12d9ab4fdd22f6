import PhysicalMemory
import Testing

@testable import PageTables

struct VTdVectorTests {
  @Test func entries() {
    let rows: [(String, Int, UInt64, VTdAttributes, UInt64)] = [
      ("D2", 0, 0x8_9ABC_D000, VTdAttributes(), 0x8_9ABC_D003),
      ("D3", 1, 0x8_4020_0000, VTdAttributes(canWrite: false, forcesSnoop: true), 0x8_4020_0881),
      ("D4", 2, 0x4000_0000, VTdAttributes(forcesSnoop: true), 0x4000_0883),
      ("I1", 0, 0x8_9ABC_D000, VTdAttributes(), 0x8_9ABC_D003),
      ("I2", 0, 0x8_9ABC_E000, VTdAttributes(canWrite: false, forcesSnoop: true), 0x8_9ABC_E801),
      ("I3", 0, 0x8_9ABC_F000, VTdAttributes(canRead: false), 0x8_9ABC_F002),
      ("I4", 1, 0x8_9AC0_0000, VTdAttributes(), 0x8_9AC0_0083),
      ("I5", 2, 0x8_C000_0000, VTdAttributes(forcesSnoop: true), 0x8_C000_0883),
      ("I6", 0, 0x00AB_C000, VTdAttributes(), 0x00AB_C003),
      ("I7", 0, 0x1234_5000, VTdAttributes(), 0x1234_5003),
    ]
    for (name, level, output, attributes, expected) in rows {
      let vector = Vector(
        name: name, format: IntelVTd(), level: level, sizeLog2: 12 + 9 * level, output: output,
        attributes: attributes, expected: expected)
      #expect(vector.encoded == expected, "\(name)")
      #expect(vector.decodes, "\(name)")
    }
    let format = IntelVTd()
    #expect(format.tableEntry(pointingTo: 0x10_0000_1000, level: 3, key: 0) == 0x10_0000_1003, "D1")
    #expect(format.tableEntry(pointingTo: 0x1_3579_B000, level: 1, key: 0) == 0x1_3579_B003, "I8")
  }

  @Test(arguments: [
    (2, 0x2345_F000 as UInt64, [282, 95]), (3, 0x12_3456_8000, [72, 418, 360]),
    (4, 0x7F_1234_5000, [0, 0x1FC, 0x91, 0x145]), (5, 0x1FE_DCBA_9876_5000, [510, 441, 234, 195, 357]),
  ])
  func indices(levels: Int, deviceAddress: UInt64, path: [Int]) throws {
    let format = try IntelVTd(TableConfiguration(levels: levels))
    #expect((0..<levels).reversed().map { format.slot(of: deviceAddress, level: $0) } == path)
  }

  /// I9, I10 in memory: the root entry of the bus, the context entry of the requester, for each number of levels.
  @Test(arguments: 2...5) func rootStructures(levels: Int) throws {
    let tables = try TestTableMemory()
    let requester: UInt16 = 0x3A10
    let table = try IntelVTd.makeTable(TableConfiguration(levels: levels, requester: requester), tables)
    func line(_ key: String) throws -> UInt64 {
      let value = try #require(table.root.lines.first { $0.key == key }?.value)
      return try #require(UInt64(value.dropFirst(2), radix: 16))
    }
    func word(_ address: UInt64) throws -> UInt64 {
      try #require(tables.memory.pointer(to: address, byteCount: 8)).load(as: UInt64.self)
    }
    let rootTable = try line("rtaddr")
    let rootEntry = try word(rootTable + 0x3A * 16)
    #expect(try line("root_lo") == rootEntry)
    #expect(try word(rootTable + 0x3A * 16 + 8) == 0)
    #expect(rootEntry & 0xFFF == 1)
    let context = rootEntry & ~0xFFF + 0x10 * 16
    #expect(try word(context) == table.root.tableAddress | 1)
    #expect(try line("context_lo") == table.root.tableAddress | 1)
    #expect(try word(context + 8) == UInt64(levels - 2) | 1 << 8)
    #expect(try line("context_hi") == UInt64(levels - 2) | 1 << 8)
    #expect(table.root.lines.contains(RootDescription.Line("requester", "3a:02.0")))
    #expect(table.tableByteCount == 3 * 4096)
    table.destroy()
    #expect(tables.outstanding.isEmpty)
  }
}
