import Testing

@testable import PageTables

/// Worked entries of ARM's short descriptors, in both formats that use them.
struct ARMShortVectorTests {
  private static func attributes(
    ap: UInt8 = 0b011, memoryClass: UInt8, s: Bool = true, nG: Bool = true, xn: Bool = false,
    ns: Bool = false,
    domain: UInt8 = 0
  ) -> ARMShortAttributes {
    var result = ARMShortAttributes()
    result.accessPermissions = ap
    result.memoryClass = memoryClass
    result.isShared = s
    result.isNotGlobal = nG
    result.isExecuteNever = xn
    result.isNonSecure = ns
    result.domain = domain
    return result
  }

  private static func vector<F: ARMShortFormat>(
    _ format: F, _ name: String, _ sizeLog2: Int, _ output: UInt64, _ attributes: ARMShortAttributes,
    _ expected: UInt32
  ) -> Vector<F> {
    // Pages find NS and the domain in the first-level entry.
    let path = format.tableEntry(pointingTo: 0, level: 1, key: format.pointerKey(for: attributes))
    return Vector(
      name: name, format: format, level: sizeLog2 < 20 ? 0 : 1, sizeLog2: sizeLog2, output: output,
      attributes: attributes, expected: expected, path: path)
  }

  /// The MSM vectors that hardware and driver agree on, and the two that only hardware has.
  @Test func qualcommEntries() {
    let a = { (memoryClass: UInt8, shared: Bool) in
      Self.attributes(memoryClass: memoryClass, s: shared, nG: false)
    }
    let c = { (memoryClass: UInt8) in Self.attributes(memoryClass: memoryClass) }
    let d = Self.attributes(ap: 0b111, memoryClass: 1)
    let m = MSMSMMU()
    let vectors = [
      Self.vector(m, "M1", 12, 0x8765_4000, a(1, false), 0x8765_4036),
      Self.vector(m, "M2", 12, 0x8765_5000, a(7, true), 0x8765_547E),
      Self.vector(m, "M3", 16, 0x8766_0000, a(2, true), 0x8766_0439),
      Self.vector(m, "M4", 20, 0x8800_0000, a(3, true), 0x8801_0C0E),
      Self.vector(m, "M5", 24, 0x8900_0000, a(7, true), 0x8905_1C0E),
      Self.vector(m, "M6", 12, 0x8765_4000, a(0, true), 0x8765_4432),
      Self.vector(m, "M7", 16, 0x8766_0000, a(0, true), 0x8766_0431),
      Self.vector(m, "M8", 20, 0x8800_0000, a(0, true), 0x8801_0C02),
      Self.vector(m, "M9", 24, 0x8900_0000, a(0, true), 0x8905_0C02),
      Self.vector(m, "M10", 12, 0x8765_4000, c(1), 0x8765_4C36),
      Self.vector(m, "M11", 12, 0x8765_5000, c(7), 0x8765_5C7E),
      Self.vector(m, "M12", 16, 0x8766_0000, c(1), 0x8766_0C35),
      Self.vector(m, "M13", 20, 0x8800_0000, c(2), 0x8803_0C0A),
      Self.vector(m, "M14", 24, 0x8900_0000, c(7), 0x8907_1C0E),
      Self.vector(m, "M16", 16, 0x8766_0000, c(7), 0x8766_1C3D),
      Self.vector(m, "M17", 12, 0x8765_4000, d, 0x8765_4E36),
      Self.vector(m, "M18", 20, 0x8800_0000, d, 0x8803_8C06),
      Self.vector(
        m, "M19", 12, 0x8765_4000, Self.attributes(ap: 0b101, memoryClass: 7, xn: true), 0x8765_4E5F),
      Self.vector(
        m, "M20", 20, 0x8800_0000, Self.attributes(memoryClass: 1, nG: false, xn: true, ns: true), 0x8809_0C16
      ),
    ]
    for vector in vectors {
      #expect(vector.encoded == vector.expected, "\(vector.name)")
      #expect(vector.decodes, "\(vector.name)")
    }
  }

  /// M15: the entry that drivers wrote with TEX[0] at a small page's place.
  ///
  /// Hardware reads class 3.
  @Test func driverLargePageReadsAsAnotherClass() {
    let format = MSMSMMU()
    let decoded = format.leafAttributes(of: 0x8766_0C7D, level: 0, path: 1)
    #expect(decoded == Self.attributes(memoryClass: 3))
    #expect(format.leafSizeLog2(of: 0x8766_0C7D, level: 0) == 16)
    #expect(decoded.mapping.cache == .writeBackNoWriteAllocate)
  }

  @Test func qualcommPointers() {
    let format = MSMSMMU()
    #expect(format.tableEntry(pointingTo: 0x2FE1_1000, level: 1, key: 0) == 0x2FE1_1001)
    #expect(format.tableEntry(pointingTo: 0x2FE1_1000, level: 1, key: 8) == 0x2FE1_1009)
    #expect(format.kind(of: 0x2FE1_1001, level: 1) == .table)
    #expect(format.tableAddress(of: 0x2FE1_1009, level: 1) == 0x2FE1_1000)
    #expect(format.kind(of: 0x2FE1_1003, level: 1) == .reserved)
  }

  @Test func processorEntries() {
    // AFE = 1 vectors use AP[0] as the access flag, so 01 there is 011 here.
    let p = ARMv7Short()
    let vectors = [
      Self.vector(p, "A2", 12, 0x89AB_C000, Self.attributes(memoryClass: 0b00111), 0x89AB_CC7E),
      Self.vector(
        p, "A3", 16, 0x9A56_0000, Self.attributes(ap: 0b111, memoryClass: 0b00100, xn: true), 0x9A56_9E31),
      Self.vector(
        p, "A4", 20, 0xA030_0000, Self.attributes(ap: 0b001, memoryClass: 0b00001, xn: true, ns: true),
        0xA03B_0416),
      Self.vector(p, "A5", 24, 0x4200_0000, Self.attributes(memoryClass: 0b00111), 0x4207_1C0E),
      Self.vector(p, "A6", 24, 0x12_3400_0000, Self.attributes(memoryClass: 0b00111), 0x3427_1C2E),
      Self.vector(
        p, "A7", 12, 0x00AB_C000, Self.attributes(ap: 0b001, memoryClass: 0b00010, s: false, nG: false),
        0x00AB_C01A),
      Self.vector(
        p, "R1", 12, 0x8012_3000, Self.attributes(ap: 0b001, memoryClass: 7, nG: false, xn: true), 0x8012_345F
      ),
      Self.vector(p, "R2", 12, 0x8020_0000, Self.attributes(memoryClass: 3, s: false), 0x8020_083E),
      Self.vector(
        p, "R3", 12, 0x8020_1000, Self.attributes(ap: 0b010, memoryClass: 2, s: false, xn: true), 0x8020_182B),
      Self.vector(
        p, "R4", 12, 0x8012_4000, Self.attributes(ap: 0b101, memoryClass: 7, s: false, nG: false), 0x8012_425E
      ),
      Self.vector(
        p, "R5", 20, 0x8020_0000, Self.attributes(ap: 0b001, memoryClass: 7, nG: false), 0x8021_140E),
      Self.vector(
        p, "R6", 20, 0x4000_0000, Self.attributes(ap: 0b001, memoryClass: 4, nG: false, xn: true, domain: 2),
        0x4001_1452),
      Self.vector(
        p, "R7", 24, 0x3_4100_0000, Self.attributes(ap: 0b001, memoryClass: 4, nG: false, xn: true),
        0x4135_1412),
      Self.vector(
        p, "R8", 16, 0x8031_0000, Self.attributes(ap: 0b001, memoryClass: 7, nG: false, xn: true), 0x8031_941D
      ),
    ]
    for vector in vectors {
      #expect(vector.encoded == vector.expected, "\(vector.name)")
      #expect(vector.decodes, "\(vector.name)")
    }
    #expect(p.tableEntry(pointingTo: 0x8FF0_0400, level: 1, key: 0) == 0x8FF0_0401, "A1")
    #expect(p.tableEntry(pointingTo: 0x80A0_0000, level: 1, key: 1 << 5) == 0x80A0_0021, "R9")
  }
}
