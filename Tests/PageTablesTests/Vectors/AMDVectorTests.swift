import PhysicalMemory
import Testing

@testable import PageTables

struct AMDVectorTests {
  private static let snooped = AMDv1Attributes(forcesCoherence: true)

  @Test func entries() {
    typealias Row = Vector<AMDv1>
    let format = AMDv1()
    let snooped = Self.snooped
    let readOnly = AMDv1Attributes(canWrite: false, forcesCoherence: true)
    let writeOnly = AMDv1Attributes(canRead: false, forcesCoherence: true)
    Row.check(format, "X1", sizeLog2: 12, output: 0x8_9ABC_D000, snooped, 0x7000_0008_9ABC_D001)
    Row.check(format, "X2", sizeLog2: 12, output: 0x8_9ABC_E000, readOnly, 0x3000_0008_9ABC_E001)
    Row.check(format, "X3", sizeLog2: 12, output: 0x8_9ABC_F000, writeOnly, 0x5000_0008_9ABC_F001)
    Row.check(format, "X4", sizeLog2: 13, output: 0x8_9ABD_0000, snooped, 0x7000_0008_9ABD_0E01)
    Row.check(format, "X5", sizeLog2: 16, output: 0x8_9ABE_0000, snooped, 0x7000_0008_9ABE_7E01)
    Row.check(format, "X7", level: 1, sizeLog2: 21, output: 0x8_9AC0_0000, snooped, 0x7000_0008_9AC0_0001)
    Row.check(format, "X8", level: 1, sizeLog2: 22, output: 0x8_9B00_0000, snooped, 0x7000_0008_9B1F_FE01)
    let plain = AMDv1Attributes()
    let read = AMDv1Attributes(canWrite: false)
    let write = AMDv1Attributes(canRead: false)
    Row.check(format, "E2", sizeLog2: 12, output: 0x8_9ABC_D000, plain, 0x6000_0008_9ABC_D001)
    Row.check(format, "E3", sizeLog2: 14, output: 0x7_7774_0000, read, 0x2000_0007_7774_1E01)
    Row.check(format, "E4", sizeLog2: 13, output: 0x7_7776_0000, plain, 0x6000_0007_7776_0E01)
    Row.check(format, "E5", sizeLog2: 20, output: 0x6_5550_0000, snooped, 0x7000_0006_5557_FE01)
    Row.check(format, "E6", level: 1, sizeLog2: 21, output: 0x6_4020_0000, plain, 0x6000_0006_4020_0001)
    Row.check(format, "E7", level: 1, sizeLog2: 23, output: 0x6_4080_0000, plain, 0x6000_0006_40BF_FE01)
    Row.check(format, "E8", level: 2, sizeLog2: 32, output: 0x10_0000_0000, write, 0x4000_0010_7FFF_FE01)
  }

  /// X6, X9: a natural size written with next level 7, as Linux v2.6.35 did: valid, but written here with 0.
  @Test(arguments: [
    (1, 21, 0x8_9AC0_0000 as UInt64, 0x7000_0008_9ACF_FE01 as UInt64),
    (2, 30, 0x8_C000_0000, 0x7000_0008_DFFF_FE01),
  ])
  func naturalSizesInTheOtherForm(level: Int, sizeLog2: Int, output: UInt64, entry: UInt64) {
    let format = AMDv1()
    #expect(format.kind(of: entry, level: level) == .leaf)
    #expect(format.leafSizeLog2(of: entry, level: level) == sizeLog2)
    #expect(format.outputAddress(of: entry, level: level) == output)
    #expect(format.leafAttributes(of: entry, level: level, path: .max) == Self.snooped)
    let ours = format.leafEntry(
      outputAddress: output, level: level, sizeLog2: sizeLog2, attributes: Self.snooped)
    #expect(ours == 0x7000_0000_0000_0001 | output)
  }

  @Test func pointers() throws {
    let format = AMDv1()
    #expect(format.tableEntry(pointingTo: 0x1_3579_B000, level: 1, key: 0) == 0x6000_0001_3579_B201, "X10")
    #expect(format.tableEntry(pointingTo: 0x1_3579_A000, level: 2, key: 0) == 0x6000_0001_3579_A401, "X11")
    #expect(format.tableEntry(pointingTo: 0x1_0000_1000, level: 2, key: 0) == 0x6000_0001_0000_1401, "E1")
    let six = try AMDv1(TableConfiguration(levels: 6))
    #expect(six.tableEntry(pointingTo: 0x2_0000_0000, level: 5, key: 0) == 0x6000_0002_0000_0A01, "E15")
    #expect(six.path(to: 0x200_0000_0000_0000).first == 1, "E15")
    #expect(six.path(to: .max) == [127, 511, 511, 511, 511, 511])
    #expect(format.path(to: 0x12_3456_7000) == [72, 418, 359])
    #expect(format.path(to: 0x56_789A_B000) == [0x159, 0x1C4, 0x1AB])
    // A pointer must lead one level down; other levels are not followed.
    #expect(format.kind(of: 0x6000_0001_3579_B201, level: 2) == .reserved)
    #expect(format.kind(of: 0x6000_0001_3579_B601, level: 1) == .reserved)
  }

  /// 512G is not written, larger leaves are; a size must belong to its level.
  @Test func sizes() throws {
    let six = try AMDv1(TableConfiguration(levels: 6))
    let sizes = six.description.pageSizes.map(\.trailingZeroBitCount)
    #expect(sizes == Array(12...38) + Array(40...51))
    #expect(six.kind(of: 0x6000_0080_0000_0001, level: 3) == .reserved)
    #expect(six.kind(of: 0x6000_003F_FFFF_FE01, level: 3) == .reserved)
    #expect(six.kind(of: 0x6000_0000_0000_0E01, level: 1) == .reserved)
    #expect(six.kind(of: 0x6000_0000_0000_0001, level: 4) == .leaf)
    #expect(six.kind(of: 0x6000_0000_0000_0001, level: 5) == .reserved)
  }

  /// X4, X5, X8 in a table: identical copies in as many slots as the size has spans.
  @Test(arguments: [(13, 2), (16, 16), (20, 256), (21, 1), (22, 2), (29, 256)])
  func copies(sizeLog2: Int, count: Int) throws {
    let tables = try TestTableMemory()
    let table = try AMDv1.makeTable(TableConfiguration(), tables)
    let size: UInt64 = 1 << UInt64(sizeLog2)
    try table.map(
      deviceAddress: 0x12_0000_0000, to: OutputRun(physicalAddress: size * 3, length: size),
      attributes: MappingAttributes())
    let leaves = table.snapshot().entries.filter { $0.kind == .leaf }
    #expect(leaves.count == count)
    #expect(Set(leaves.map(\.entry)).count == 1)
    #expect(leaves.allSatisfy { $0.size == size && $0.deviceAddress == 0x12_0000_0000 })
  }

  /// X12, E9 in memory: the requester's device table entry, and every other device blocked.
  @Test(arguments: [0x0008, 0x0100, 0x3A10, 0xFFFF] as [UInt16])
  func deviceTable(requester: UInt16) throws {
    let tables = try TestTableMemory()
    let table = try AMDv1.makeTable(TableConfiguration(levels: 4, requester: requester), tables)
    func line(_ key: String) throws -> UInt64 {
      let value = try #require(table.root.lines.first { $0.key == key }?.value)
      return try #require(UInt64(value.dropFirst(2), radix: 16))
    }
    func word(_ address: UInt64) throws -> UInt64 {
      try #require(tables.memory.pointer(to: address, byteCount: 8)).load(as: UInt64.self).littleEndian
    }
    let base = try line("device_table_base")
    let bytes = (base & 0xFFF + 1) * 4096
    #expect(bytes > UInt64(requester) * 32 && bytes >= 8192 && bytes <= 1 << 21)
    let entry = base & ~0xFFF + UInt64(requester) * 32
    #expect(try line("dte_addr") == entry)
    #expect(try word(entry) == 0x6000_0000_0000_0803 | table.root.tableAddress)
    #expect(try word(entry + 8) == 1)
    #expect(try line("dte_0") == word(entry) && line("dte_1") == word(entry + 8))
    let other = entry ^ 32
    #expect(try word(other) == 3 && word(other + 8) == 0)
    #expect(table.tableByteCount == 4096 + bytes)
    table.destroy()
    #expect(tables.outstanding.isEmpty)
  }

  /// X12: three levels, domain 5 beside ours of 1.
  @Test func deviceEntryBits() throws {
    let table = try AMDv1.makeTable(TableConfiguration(levels: 3), try TestTableMemory())
    let value = try #require(table.root.lines.first { $0.key == "dte_0" }?.value)
    #expect(value == "0x" + String(0x6000_0000_0000_0603 | table.root.tableAddress, radix: 16))
  }
}
