import Testing

@testable import PageTables

struct RISCVVectorTests {
  private func attributes(
    _ access: MappingAttributes.Access, user: Bool = true, g: Bool = false,
    type: RISCVAttributes.MemoryType = .platform
  ) -> RISCVAttributes {
    RISCVAttributes(
      canRead: access.contains(.read), canWrite: access.contains(.write),
      canExecute: access.contains(.execute), isUser: user, isGlobal: g, isAccessed: true,
      isDirty: access.contains(.write), memoryType: type)
  }

  @Test func sv39() {
    let format = RISCVSv39()
    #expect(format.path(to: 0x3F_1234_5000) == [0xFC, 0x91, 0x145])
    #expect(format.tableEntry(pointingTo: 0x8000_1000, level: 2, key: 0) == 0x2000_0401, "F1")
    #expect(format.tableEntry(pointingTo: 0x8000_2000, level: 1, key: 0) == 0x2000_0801, "F1")
    #expect(format.tableAddress(of: 0x2000_0801, level: 1) == 0x8000_2000)
    Vector.check(
      format, "F2", sizeLog2: 12, output: 0x8_9ABC_D000, attributes([.read, .write]), 0x2_26AF_34D7)
    Vector.check(
      format, "F3", sizeLog2: 16, output: 0x9_9999_0000, attributes([.read, .execute]),
      0x8000_0002_6666_605B)
    Vector.check(
      format, "F4", level: 1, sizeLog2: 21, output: 0x4000_0000,
      attributes([.read, .write], user: false, type: .device), 0x4000_0000_1000_00C7)
    Vector.check(
      format, "F5", level: 2, sizeLog2: 30, output: 0x80_0000_0000,
      attributes([.read, .write, .execute], g: true, type: .notCached), 0x2000_0020_0000_00FF)
    #expect(format.path(to: 0xFFFF_FFFF_FFFF_F000) == [0x1FF, 0x1FF, 0x1FF])
    #expect(format.path(to: 0x40_0000_0000).isEmpty)
    #expect(format.line("satp", rootAddress: 0x8000_0000) == "0x8000000000080000", "F10")
    #expect(format.line("iosatp", rootAddress: 0x8000_0000) == "0x8000000000080000", "F10")
  }

  /// A page of 64K is 16 identical entries.
  @Test func napotCopies() throws {
    let harness = try TableHarness(try #require(FormatCase.defaults.first { $0.name == "riscv-sv39" }))
    try harness.table.map(
      deviceAddress: 0x3F_1235_0000, to: OutputRun(physicalAddress: 0x9_9999_0000, length: 0x1_0000),
      attributes: MappingAttributes(access: [.read, .execute], cache: .writeBackWriteAllocate))
    let entries = (0..<16).map { harness.table.walk(0x3F_1235_0000 + UInt64($0) * 0x1000).steps.last }
    #expect(entries.map { $0?.index } == (0x150...0x15F).map { UInt64($0) })
    #expect(entries.allSatisfy { $0?.entry == 0x8000_0002_6666_605B })
  }

  @Test func sv48AndSv57() {
    let four = RISCVSv48()
    Vector.check(
      four, "F7", level: 3, sizeLog2: 39, output: 0x8000_0000_0000, attributes([.read, .write]),
      0x2000_0000_00D7)
    #expect(four.path(to: 0x80_0000_0000).first == 1, "F7")
    Vector.check(
      four, "F7b", level: 1, sizeLog2: 21, output: 0xFF_FFFF_FFE0_0000, attributes([.read, .execute]),
      0x003F_FFFF_FFF8_005B)
    #expect(four.path(to: 0x7FFF_FFE0_0000)[2] == 0x1FF, "F7b")
    #expect(four.line("satp", rootAddress: 0x8000_0000) == "0x9000000000080000")
    let five = RISCVSv57()
    #expect(five.tableEntry(pointingTo: 0xFF00_0000_0000, level: 4, key: 0) == 0x3FC0_0000_0001, "F6")
    #expect(five.path(to: 0x12_3456_7890_0000) == [0x12, 0x68, 0x159, 0x1C4, 0x100], "F6, F6b")
    Vector.check(
      five, "F6b", sizeLog2: 12, output: 0x8_9ABC_D000, attributes([.read, .write]), 0x2_26AF_34D7)
    Vector.check(
      five, "F6c", level: 4, sizeLog2: 48, output: 0, attributes([.read, .execute], user: false, g: true),
      0x6B)
    #expect(five.path(to: 0xFF_0000_0000_0000).first == 0xFF, "F6c")
    #expect(five.line("satp", rootAddress: 0x8000_0000) == "0xa000000000080000")
  }

  @Test func secondStage() throws {
    let format = RISCVSv39x4()
    #expect(format.path(to: 0x1FF_8000_1000) == [0x7FE, 0, 1], "F8, F9")
    #expect(format.path(to: 0x200_0000_0000).isEmpty)
    #expect(format.tableEntry(pointingTo: 0x9000_4000, level: 2, key: 0) == 0x2400_1001, "F8")
    Vector.check(
      format, "F9", sizeLog2: 12, output: 0xA000_1000, attributes([.read, .write]), 0x2800_04D7)
    #expect(format.kind(of: 0x2800_04C7, level: 0) == .reserved, "U = 0")
    #expect(format.line("hgatp", rootAddress: 0x9000_0000) == "0x8000000000090000", "F11")
    #expect(RISCVSv48x4().line("hgatp", rootAddress: 0x9000_0000) == "0x9000000000090000")
    #expect(RISCVSv57x4().line("iohgatp", rootAddress: 0x9000_0000) == "0xa000000000090000")
    #expect(throws: PageTableError.self) {
      try format.leafAttributes(for: MappingAttributes(privilege: .supervisor))
    }
    for name in ["riscv-sv32x4", "riscv-sv39x4", "riscv-sv48x4", "riscv-sv57x4"] {
      let harness = try TableHarness(try #require(FormatCase.defaults.first { $0.name == name }))
      #expect(harness.tables.outstanding == [harness.table.root.tableAddress: 14])
      #expect(harness.table.root.tableAddress % 0x4000 == 0)
    }
  }

  @Test func sv32() {
    let format = RISCVSv32()
    #expect(format.path(to: 0x804_9000) == [0x20, 0x49])
    #expect(format.tableEntry(pointingTo: 0x8040_0000, level: 1, key: 0) == 0x2010_0001, "F16")
    Vector.check(
      format, "F17", sizeLog2: 12, output: 0x3_2345_6000, attributes([.read, .execute]), 0xC8D1_585B)
    Vector.check(
      format, "F18", level: 1, sizeLog2: 22, output: 0x8040_0000,
      attributes([.read, .write], user: false, g: true), 0x2010_00E7)
    #expect(format.line("satp", rootAddress: 0x8000_0000) == "0x80080000")
    let second = RISCVSv32x4()
    #expect(second.path(to: 0x3_C000_0000).first == 0xF00, "F19")
    #expect(second.tableEntry(pointingTo: 0x8040_1000, level: 1, key: 0) == 0x2010_0401, "F19")
    #expect(second.line("hgatp", rootAddress: 0x8000_0000) == "0x80080000")
    #expect(second.line("iohgatp", rootAddress: 0x8000_0000) == "0x8000000000080000")
  }

  /// What hardware takes as a fault.
  @Test func reservedEntries() {
    let format = RISCVSv39()
    let page: UInt64 = 0x2_26AF_34D7
    for bit in 54...60 as ClosedRange<UInt64> {
      #expect(format.kind(of: page | 1 << bit, level: 0) == .reserved, "bit \(bit)")
      #expect(format.kind(of: 0x2000_0401 | 1 << bit, level: 1) == .reserved, "bit \(bit)")
    }
    #expect(format.kind(of: page & ~2, level: 0) == .reserved, "W without R")
    #expect(format.kind(of: page | 3 << 61, level: 0) == .reserved, "PBMT = 3")
    #expect(format.kind(of: page, level: 1) == .reserved, "misaligned")
    #expect(format.kind(of: 0x2000_0401, level: 0) == .reserved, "a pointer in the last level")
    for bit in [4, 6, 7, 61, 62, 63] as [UInt64] {
      #expect(format.kind(of: 0x2000_0401 | 1 << bit, level: 1) == .reserved, "bit \(bit)")
    }
    #expect(format.kind(of: 0x8000_0002_6666_605B, level: 1) == .reserved, "N above the last level")
    #expect(format.kind(of: 0x8000_0002_6666_405B, level: 0) == .reserved, "N with another size")
    #expect(RISCVSv32().kind(of: 0x2010_04E7, level: 1) == .reserved, "misaligned")
  }

  @Test func refusals() throws {
    let format = RISCVSv39()
    for access in [[], .write, [.write, .execute]] as [MappingAttributes.Access] {
      #expect(throws: PageTableError.self) {
        try format.leafAttributes(for: MappingAttributes(access: access))
      }
    }
    #expect(try format.entry(0x1000, MappingAttributes(access: .execute, cache: .writeThrough)) == 0x459)
    #expect(throws: PageTableError.self) { try RISCVSv39(TableConfiguration(levels: 4)) }
    #expect(try RISCVSv39(TableConfiguration(levels: 3)).topLevel == 2)
  }
}
