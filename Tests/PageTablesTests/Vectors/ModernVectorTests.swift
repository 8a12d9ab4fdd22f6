import PhysicalMemory
import Testing

@testable import PageTables

/// Worked vectors of s390's PCI functions, the 68040 and SPARC's reference MMU.
struct ModernVectorTests {
  @Test func s390() throws {
    typealias Row = Vector<S390PCI>
    let format = S390PCI()
    #expect(format.path(to: 0x3_1234_5000) == [0x6, 0x123, 0x45], "G8 to G10")
    #expect(format.tableEntry(pointingTo: 0x8_0000_4000, level: 2, key: 0) == 0x8_0000_4007, "G8")
    #expect(format.tableEntry(pointingTo: 0x8_0001_0800, level: 1, key: 0) == 0x8_0001_0800, "G9")
    #expect(format.kind(of: 0x8_0001_0800, level: 1) == .table, "G9")
    #expect(format.tableAddress(of: 0x8_0001_0800, level: 1) == 0x8_0001_0800, "G9")
    Row.check(format, "G10", sizeLog2: 12, output: 0x7_6543_2000, S390PCIAttributes(), 0x7_6543_2000)
    Row.check(
      format, "G11", sizeLog2: 12, output: 0x7_6543_3000, S390PCIAttributes(isProtected: true), 0x7_6543_3200)
    #expect(format.line("iota", rootAddress: 0x8_0000_0000) == "0x800000804", "G12")
    #expect(format.bytes(of: 0x7_6543_2000) == [0, 0, 0, 7, 0x65, 0x43, 0x20, 0])
    // Zero is an entry that leads to address 0, of a page and of a segment.
    #expect(format.kind(of: 0, level: 0) == .leaf && format.kind(of: 0, level: 1) == .table)
    #expect(format.emptyEntry(0) == 0x400 && format.emptyEntry(1) == 0x20 && format.emptyEntry(2) == 0x20)
    // The kind of the first table: segment, region third, second, first.
    let designations = try (2...5).map { levels in
      try S390PCI(TableConfiguration(levels: levels)).line("iota", rootAddress: 0)
    }
    #expect(designations == ["0x800", "0x804", "0x808", "0x80c"])
    // A table of another kind, a part of a table, and a large page are not followed.
    for entry in [0x8_0000_400B, 0x8_0000_4005, 0x8_0000_4047] as [UInt64] {
      #expect(format.kind(of: entry, level: 2) == .reserved)
    }
    #expect(format.kind(of: 0x8_0001_0C00, level: 1) == .reserved)
    // Protection of a segment holds below.
    let path = format.path(.max, through: 0x8_0001_0A00, level: 1)
    #expect(format.leafAttributes(of: 0x7_6543_2000, level: 0, path: path).isProtected)
  }

  /// Tables hold invalid entries before anything points to them.
  @Test func s390TablesAreFilled() throws {
    let tables = try TestTableMemory()
    let table = try S390PCI.makeTable(TableConfiguration(levels: 5), tables)
    try table.map(
      deviceAddress: 0xFFFF_FFFF_FFFF_F000, to: OutputRun(physicalAddress: 0x1000, length: 0x1000),
      attributes: MappingAttributes())
    let entries = table.snapshot().entries
    #expect(entries.map(\.levelName) == ["RFX", "RSX", "RTX", "SX", "PX"])
    #expect(entries.map(\.index) == [2047, 2047, 2047, 2047, 255])
    for page in table.snapshot().tablePages {
      let first = try #require(tables.memory.pointer(to: page.physicalAddress, byteCount: 8))
      let word = first.load(as: UInt64.self).bigEndian
      #expect(word == (page.levelName == "PX" ? 0x400 : 0x20), "\(page.levelName)")
    }
  }

  @Test func m68040() throws {
    typealias Row = Vector<M68040>
    let format = M68040()
    #expect(format.path(to: 0x1234_5000) == [0x9, 0xD, 0x5], "H1, H2")
    #expect(format.tableEntry(pointingTo: 0x20_0200, level: 2, key: 0) == 0x0020_020A, "H1")
    #expect(format.tableEntry(pointingTo: 0x20_1100, level: 1, key: 0) == 0x0020_110A, "H1")
    #expect(format.bytes(of: 0x0020_020A) == [0x00, 0x20, 0x02, 0x0A], "H1")
    Row.check(
      format, "H2", sizeLog2: 12, output: 0xAB_C000, M68040Attributes(cacheMode: 1), 0x00AB_C039)
    Row.check(
      format, "H3", sizeLog2: 12, output: 0xFF00_0000,
      M68040Attributes(isModified: false, cacheMode: 2, isSupervisor: true, isGlobal: true), 0xFF00_04C9)
    let large = try M68040(TableConfiguration(granuleLog2: 13))
    #expect(large.path(to: 0x1234_4000).last == 2, "H4")
    Row.check(
      large, "H4", sizeLog2: 13, output: 0xAB_E000,
      M68040Attributes(isWriteProtected: true, isModified: false, cacheMode: 0), 0x00AB_E00D)
    #expect(large.line("tc", rootAddress: 0) == "0xc000" && format.line("tc", rootAddress: 0) == "0x8000")
    #expect((0...2).map(format.tableSizeLog2) == [8, 9, 9] && large.tableSizeLog2(0) == 7)
    // Resident with 3 too; indirect pages are not followed.
    #expect(format.kind(of: 0x00AB_C03B, level: 0) == .leaf && format.kind(of: 2, level: 0) == .reserved)
    #expect(format.kind(of: 0x0020_020B, level: 2) == .table && format.kind(of: 1, level: 2) == .empty)
    let path = format.path(.max, through: 0x0020_020E, level: 2)
    #expect(format.leafAttributes(of: 0x00AB_C039, level: 0, path: path).isWriteProtected)
  }

  @Test func sparcReferenceMMU() {
    typealias Row = Vector<SPARCReferenceMMU>
    let format = SPARCReferenceMMU()
    #expect(format.path(to: 0xF012_3000) == [0xF0, 0x4, 0x23], "H5, H6")
    #expect(format.tableEntry(pointingTo: 0x30_0400, level: 1, key: 0) == 0x0003_0041, "H5")
    #expect(format.tableAddress(of: 0x0003_0041, level: 1) == 0x30_0400, "H5")
    Row.check(
      format, "H6", sizeLog2: 12, output: 0x1_2345_6000,
      SPARCReferenceAttributes(isCacheable: true, access: 3), 0x1234_56EE)
    #expect(format.bytes(of: 0x1234_56EE) == [0x12, 0x34, 0x56, 0xEE], "H6")
    Row.check(
      format, "H7", level: 2, sizeLog2: 24, output: 0, SPARCReferenceAttributes(isCacheable: true, access: 7),
      0x0000_00FE)
    Row.check(
      format, "H8", level: 1, sizeLog2: 18, output: 0x4_0000,
      SPARCReferenceAttributes(isModified: false, access: 6), 0x0000_403A)
    #expect(format.kind(of: 3, level: 0) == .reserved && format.kind(of: 1, level: 0) == .reserved)
  }

  /// ACC for every wish: exactly what was asked for, and what it has no code for is refused.
  @Test func sparcAccess() throws {
    for wish in FormatCase.allWishes where !wish.isSecure {
      let format = SPARCReferenceMMU()
      guard let attributes = try? format.leafAttributes(for: wish) else {
        let isSupervisorWithoutExecute = wish.privilege == .supervisor && !wish.access.contains(.execute)
        #expect(!wish.access.contains(.read) || isSupervisorWithoutExecute, "\(wish)")
        continue
      }
      let found = format.mappingAttributes(of: attributes)
      #expect(found.access == wish.access && found.privilege == wish.privilege, "\(wish)")
    }
  }
}
