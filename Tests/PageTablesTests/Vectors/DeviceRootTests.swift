import PhysicalMemory
import Testing

@testable import PageTables

/// The structures in memory by which IOMMUs find a table: the words of the vectors, found from the registers.
struct DeviceRootTests {
  /// A table, its memory, and what its root's lines say.
  private struct Made {
    let tables: TestTableMemory
    let table: any PageTable

    init(_ name: String, _ configuration: TableConfiguration) throws {
      tables = try TestTableMemory()
      let entry = try #require(FormatRegistry.named(name))
      table = try entry.makeTable(configuration: configuration, tableMemory: tables)
    }

    var root: UInt64 { table.root.tableAddress }

    func line(_ key: String) throws -> UInt64 {
      let value = try #require(table.root.lines.first { $0.key == key }?.value, "\(key)")
      return try #require(UInt64(value.dropFirst(2), radix: 16), "\(key)=\(value)")
    }

    func words(_ address: UInt64, _ count: Int) throws -> [UInt64] {
      try (0..<count).map {
        try #require(tables.memory.pointer(to: address + UInt64($0) * 8, byteCount: 8)).load(as: UInt64.self)
          .littleEndian
      }
    }

    func destroy() {
      table.destroy()
      #expect(tables.outstanding.isEmpty)
    }
  }

  /// D8, D9, D10, D11: scalable mode, a second stage, for devices in either half of a bus.
  @Test(arguments: [0x3A10, 0x3A90] as [UInt16], 3...5)
  func vtdScalable(requester: UInt16, levels: Int) throws {
    let made = try Made(
      "intel-vtd", TableConfiguration(levels: levels, requester: requester, root: .scalable))
    let register = try made.line("rtaddr")
    #expect(register & 0xFFF == 0x400)
    let root = try made.words(register & ~0xFFF + 0x3A * 16, 2)
    let isHigh = requester & 0x80 != 0
    #expect(root[isHigh ? 0 : 1] == 0 && root[isHigh ? 1 : 0] & 0xFFF == 1, "D8")
    #expect(try made.line("root_lo") == root[0] && made.line("root_hi") == root[1])
    let context = root[isHigh ? 1 : 0] & ~0xFFF + 0x10 * 32
    #expect(try made.line("context_addr") == context)
    let contextWords = try made.words(context, 4)
    #expect(contextWords[0] & 0xFFF == 1 && contextWords[1...] == [0, 0, 0], "D9 without a device TLB")
    let directory = try made.words(contextWords[0] & ~0xFFF, 2)
    #expect(directory[0] & 0xFFF == 1 && directory[1] == 0, "D10")
    let entry = try made.words(directory[0] & ~0xFFF, 8)
    let width = UInt64(levels - 2) << 2
    #expect(entry[0] == made.root | 0x81 | width, "D11")
    #expect(entry[1] == 0x80_0001 && entry[2...] == [0, 0, 0, 0, 0, 0], "D11")
    #expect(try made.line("pasid_0") == entry[0] && made.line("pasid_1") == entry[1])
    #expect(made.table.tableByteCount == 5 * 4096)
    made.destroy()
  }

  /// D12: a first stage.
  @Test(arguments: 4...5) func vtdFirstStage(levels: Int) throws {
    let made = try Made("intel-vtd-fs", TableConfiguration(levels: levels))
    let entry = try made.words(try made.line("pasid_addr"), 3)
    let expected: [UInt64] = levels == 4 ? [0x49, 0x80_0001, 0x20] : [0x4D, 0x80_0001, 0x24]
    #expect(entry == [expected[0], expected[1], expected[2] | made.root], "D12")
    made.destroy()
  }

  /// D5, D5b, E12, E13, E14: leaves for devices.
  @Test func deviceLeaves() throws {
    let first = IntelVTdFirstStage()
    let open = MappingAttributes(access: [.read, .write, .execute])
    #expect(try first.entry(0x8_9ABC_D000, open) == 0x8_9ABC_D067, "D5")
    #expect(
      try first.entry(0x8_4020_0000, MappingAttributes(access: .read), level: 1) == 0x8000_0008_4020_00A5,
      "D5b"
    )
    let guest = AMDv2()
    #expect(try guest.entry(0x8_9ABC_D000, MappingAttributes()) == 0x8_9ABC_D067, "E12")
    #expect(
      try guest.entry(0x8_4020_0000, MappingAttributes(access: .read), level: 1) == 0x8_4020_00A5, "E13")
    #expect(try guest.entry(0x1_4000_0000, MappingAttributes(), level: 2) == 0x1_4000_00E7, "E14")
    #expect(guest.path(to: 0x7F_1234_5000) == [0, 0x1FC, 0x91, 0x145], "E12")
    #expect(throws: PageTableError.cannotExpress(attribute: "supervisor-only access", format: "amd-v2")) {
      try guest.leafAttributes(for: MappingAttributes(privilege: .supervisor))
    }
  }

  /// E10 but for its GLX and domain, and E11.
  @Test func amdGuest() throws {
    let pieces = AMDv2.deviceEntry(contextTable: 0xA_BCDE_FEDC_B000, levels: 4)
    #expect(pieces == [0x6CC0_0000_0000_0003, 0xABCD_E800_FDB9_0001, 0], "E10")
    let made = try Made("amd-v2", TableConfiguration(levels: 5, requester: 0x3A10))
    let base = try made.line("device_table_base")
    let entry = try made.words(base & ~0xFFF + 0x3A10 * 32, 4)
    #expect(try made.line("dte_addr") == base & ~0xFFF + 0x3A10 * 32)
    #expect(entry[2] == 1 << 54 && entry[3] == 0)
    let low: UInt64 = (entry[0] >> 58 & 7) << 12
    let middle: UInt64 = (entry[1] >> 16 & 0xFFFF) << 15
    let table = low | middle | (entry[1] >> 43) << 31
    #expect(try made.line("gcr3_table") == table)
    #expect(try made.words(table, 2) == [made.root | 1, 0], "E11")
    // The neighbour is blocked.
    #expect(try made.words(base & ~0xFFF + 0x3A11 * 32, 4) == [3, 0, 0, 0])
    made.destroy()
  }

  /// A stream in a linear table, a first stage behind TTB0 and behind TTB1.
  @Test(arguments: [TableConfiguration.Base.low, .high]) func contextDescriptor(
    base: TableConfiguration.Base
  ) throws {
    let made = try Made("arm64-4k", TableConfiguration(base: base, split: 16, requester: 0x18, root: .smmuv3))
    #expect(try made.line("strtab_base_cfg") == 8)
    let entry = try made.line("strtab_base") + 0x18 * 64
    #expect(try made.line("ste") == entry)
    let stream = try made.words(entry, 8)
    let descriptor = try made.line("cd")
    // V and Config 5; cacheable fetches; incoming shareability.
    #expect(stream == [descriptor | 0xB, 0x1000_0000_00D4, 0, 0, 0, 0, 0, 0])
    let words = try made.words(descriptor, 8)
    let (low, high): (UInt64, UInt64) = (0x4000_3510, 0x3590_4000)
    #expect(words[0] == 0x0001_E205_8000_0000 | (base == .low ? low : high))
    #expect(words[1...2] == (base == .low ? [made.root, 0] : [0, made.root]))
    #expect(words[3] == 0xBB_EE04_FF44 && words[4...] == [0, 0, 0, 0])
    // Other streams are not valid.
    #expect(try made.words(entry + 64, 1) == [0])
    made.destroy()
  }

  /// A stream behind a two-level table, a second stage.
  @Test func streamTableEntry() throws {
    let made = try Made("arm64-s2-4k", TableConfiguration(split: 24, requester: 0x3A10, root: .smmuv3))
    #expect(try made.line("strtab_base_cfg") == 0x1_0210)
    let first = try made.words(try made.line("strtab_base") + 0x3A * 8, 1)[0]
    #expect(first & 0x3F == 9 && first & 0x3FC0 == 0)
    let entry = first & ~0x3F + 0x10 * 64
    #expect(try made.line("ste") == entry)
    // VTCR of the page (B) with 48 bits of output: T0SZ 24, SL0 1, WB, inner shareable, 4K, PS 5.
    let expected: [UInt64] = [0xD, 0x1000_0000_0000, 0x044D_3558_0000_0001, made.root]
    #expect(try made.words(entry, 4) == expected)
    made.destroy()
  }

  /// DS with LPA2, bit 186 of a context descriptor and 195 of an entry; T0SZ 12 and a physical size of 6.
  @Test(arguments: [("4k", true), ("16k", true), ("64k", false)]) func wideStreams(
    granule: String, hasDS: Bool
  ) throws {
    let first = try Made("arm64-\(granule)-52", TableConfiguration(root: .smmuv3))
    let words = try first.words(try first.line("cd"), 3)
    #expect(words[0] & 0x3F == 12 && words[0] >> 32 & 7 == 6)
    #expect(words[1] == first.root && words[2] == (hasDS ? 1 << 58 : 0))
    first.destroy()
    let second = try Made("arm64-s2-\(granule)-52", TableConfiguration(root: .smmuv3))
    let entry = try second.words(try second.line("ste"), 4)
    #expect(entry[2] >> 32 & 0x3F == 12 && entry[2] >> 48 & 7 == 6)
    #expect(entry[3] == second.root | (hasDS ? 8 : 0))
    second.destroy()
  }

  /// F10 to F15: a directory of two levels for device 0x3a10, a first stage.
  @Test func deviceContext() throws {
    let made = try Made("riscv-sv39", TableConfiguration(requester: 0x3A10, root: .riscvIOMMU))
    let register = try made.line("ddtp")
    #expect(register & 0x3FF == 3, "F12")
    let directory = (register >> 10) << 12
    let entry = try made.words(directory + 0x74 * 8, 1)[0]
    #expect(try made.line("ddte1") == directory + 0x3A0, "F13")
    #expect(entry & 0x3FF == 1, "F13")
    let context = (entry >> 10) << 12 + 0x10 * 32
    #expect(try made.line("dc") == context && context & 0xFFF == 0x200, "F14")
    let words = try made.words(context, 4)
    let root: UInt64 = 0x8000_0000_0000_0000 | made.root >> 12
    #expect(words == [1, 0, 0x1000, root], "F10, F14, F15")
    made.destroy()
  }

  /// F11 but for its GSCID; three levels, the extended format, and the 32-bit modes.
  @Test func guestContexts() throws {
    let made = try Made("riscv-sv39x4", TableConfiguration(requester: 0xFA10, root: .riscvIOMMUExtended))
    #expect(try made.line("ddtp") & 0x3FF == 4)
    let context = try made.line("dc")
    #expect(context & 0xFFF == 0x10 * 64)
    let root: UInt64 = 0x8000_1000_0000_0000 | made.root >> 12
    #expect(
      try made.words(context, 8) == [1, root, 0, 0, 0, 0, 0, 0], "F11")
    made.destroy()
    try narrowContext("riscv-sv32", isSecond: false)
    try narrowContext("riscv-sv32x4", isSecond: true)
  }

  private func narrowContext(_ name: String, isSecond: Bool) throws {
    let made = try Made(name, TableConfiguration(root: .riscvIOMMU))
    #expect(try made.line("fctl") == 4 && made.line("ddtp") & 0x3FF == 2)
    let words = try made.words(try made.line("dc"), 4)
    let root: UInt64 = 8 << 60 | made.root >> 12
    let guest: UInt64 = root | 1 << 44
    #expect(words[0] == 0x801)
    #expect(words[1...] == (isSecond ? [guest, 0, 0] : [0, 0x1000, root]))
    made.destroy()
  }

  /// The context table leads to the table, and nothing else does.
  @Test func contextTable() throws {
    let made = try Made("sparc-srmmu", TableConfiguration())
    let table = try made.line("ctpr") << 4
    #expect(try made.line("context_table") == table)
    let place = try #require(made.tables.memory.pointer(to: table, byteCount: 1024))
    let entries = (0..<256).map { place.load(fromByteOffset: $0 * 4, as: UInt32.self).bigEndian }
    #expect(entries[0] == UInt32(made.root >> 4) | 1 && entries[1...].allSatisfy { $0 == 0 })
    made.destroy()
  }

  /// What a format's hardware does not have is refused by name.
  @Test(arguments: [
    ("x86-64", TableConfiguration.RootKind.smmuv3), ("arm64-4k", .scalable), ("riscv-sv39", .smmuv3),
    ("intel-vtd-fs", .legacy), ("intel-vtd", .registers), ("amd-v1", .registers), ("arm-v7s", .smmuv3),
  ])
  func refusals(name: String, kind: TableConfiguration.RootKind) throws {
    #expect(throws: PageTableError.badConfiguration(key: "root", value: kind.rawValue, format: name)) {
      try FormatRegistry.named(name)?.description(for: TableConfiguration(root: kind))
    }
    // A requester means nothing to registers.
    if ["arm64-4k", "riscv-sv39"].contains(name) {
      #expect(throws: PageTableError.badConfiguration(key: "requester", value: "0x8", format: name)) {
        try FormatRegistry.named(name)?.description(for: TableConfiguration(requester: 8))
      }
    }
  }
}
