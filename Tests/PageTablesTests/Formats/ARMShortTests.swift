import PageTables
import PhysicalMemory
import Testing

/// What only the short descriptors have: security by table, wide supersections.
struct ARMShortTests {
  private static let formats = FormatCase.defaults.filter { ["msm-smmu", "arm-v7s"].contains($0.name) }

  @Test(arguments: formats)
  func securePagesHaveTablesOfTheirOwn(format: FormatCase) throws {
    let harness = try TableHarness(format)
    let page = OutputRun(physicalAddress: 0, length: 0x1000)
    let secure = MappingAttributes(isSecure: true)
    try harness.map(0x10_0000, [page], MappingAttributes())
    #expect(throws: PageTableError.self) {
      try harness.table.map(deviceAddress: 0x10_1000, to: page, attributes: secure)
    }
    try harness.map(0x20_0000, [page], secure)
    try harness.map(0x20_1000, [page], secure)
    harness.check(0x10_0000)
    harness.check(0x20_0000)
    // One page of two cannot change sides; both together can.
    #expect(throws: PageTableError.self) {
      try harness.table.changeAttributes(
        deviceAddress: 0x20_0000, length: 0x1000, attributes: MappingAttributes())
    }
    harness.check(0x20_0000)
    try harness.change(0x20_0000, 0x2000, MappingAttributes())
    harness.check(0x20_0000)
    harness.check(0x20_1000)
    try harness.map(0x20_2000, [page], MappingAttributes())
    // A section has the bit itself.
    try harness.map(0x30_0000, [OutputRun(physicalAddress: 0x10_0000, length: 0x10_0000)], secure)
    harness.check(0x30_0000)
    harness.checkAll()
  }

  @Test(arguments: formats)
  func supersectionsReachFurther(format: FormatCase) throws {
    let harness = try TableHarness(format)
    let bits: UInt64 = format.name == "arm-v7s" ? 40 : 36
    let size: UInt64 = 1 << 24
    for output in [1 << 32, (1 << bits) - size] {
      try harness.map(size, [OutputRun(physicalAddress: output, length: size)], MappingAttributes())
      harness.check(size + 5)
      #expect(harness.table.leafCounts.map(\.size) == [size])
      try harness.unmap(size, size)
    }
    for (start, output, length) in [
      (size, UInt64(1) << bits, size), (size + 0x1000, 1 << 32, size), (size, 1 << 32, size / 2),
    ] {
      #expect(throws: PageTableError.self) {
        try harness.table.map(
          deviceAddress: start, to: OutputRun(physicalAddress: output, length: length),
          attributes: MappingAttributes())
      }
    }
    // A run across 4G: pages below, supersections above.
    let run = OutputRun(physicalAddress: (1 << 32) - size, length: size * 2)
    try harness.map(size, [run], MappingAttributes())
    harness.check(size)
    harness.check(size * 2 + 7)
    harness.checkAll()
  }
}
