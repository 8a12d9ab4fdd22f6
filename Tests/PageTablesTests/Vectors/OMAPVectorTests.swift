import Testing

@testable import PageTables

struct OMAPVectorTests {
  @Test func entries() {
    let plain = OMAPAttributes()
    let all = OMAPAttributes(isBigEndian: true, elementSize: 2, isMixed: true)
    let none = OMAPAttributes(elementSize: 3)
    let rows: [(String, Int, UInt64, OMAPAttributes, UInt32)] = [
      ("O1", 12, 0x9ABC_D000, plain, 0x9ABC_D002), ("O2", 12, 0x9ABC_D000, all, 0x9ABC_DA22),
      ("O3", 16, 0x9AB0_0000, plain, 0x9AB0_0001), ("O4", 16, 0x9AB0_0000, all, 0x9AB0_0A21),
      ("O5", 20, 0x9AB0_0000, all, 0x9AB2_8802), ("O6", 24, 0x9A00_0000, all, 0x9A06_8802),
      ("O7", 24, 0x9A00_0000, none, 0x9A04_0C02),
    ]
    for (name, sizeLog2, output, attributes, expected) in rows {
      let vector = Vector(
        name: name, format: OMAPIOMMU(), level: sizeLog2 < 20 ? 0 : 1, sizeLog2: sizeLog2, output: output,
        attributes: attributes, expected: expected)
      #expect(vector.encoded == expected, "\(name)")
      #expect(vector.decodes, "\(name)")
    }
    #expect(OMAPIOMMU().tableEntry(pointingTo: 0x8000_4400, level: 1, key: 0) == 0x8000_4401, "O8")
  }

  /// O9, O10: what the MMU's TLB holds for an entry: CAM (tag, size, valid, preserved) and RAM (address, attributes).
  @Test func tlbEntries() {
    let all = OMAPTLBEntry(
      deviceAddress: 0x1234_5000, outputAddress: 0x9ABC_D000, sizeLog2: 12,
      attributes: OMAPAttributes(isBigEndian: true, elementSize: 2, isMixed: true), isPreserved: false)
    #expect(all.cam == 0x1234_5006)
    #expect(all.ram == 0x9ABC_D340)
    let locked = OMAPTLBEntry(
      deviceAddress: 0x1300_0000, outputAddress: 0x9A00_0000, sizeLog2: 24, attributes: OMAPAttributes(),
      isPreserved: true)
    #expect(locked.cam == 0x1300_000F)
    #expect(locked.ram == 0x9A00_0000)
  }
}
