import Testing

@testable import PageTables

struct X86VectorTests {
  @Test func entries() {
    func attributes(
      w: Bool = true, user: Bool = false, xd: Bool = true, pat: UInt8 = 0, g: Bool = false, d: Bool = true
    ) -> X86Attributes {
      X86Attributes(
        canWrite: w, isUser: user, isExecuteDisabled: xd, cacheIndex: pat, isGlobal: g, isAccessed: true,
        isDirty: d)
    }
    let rows: [(String, Int, UInt64, X86Attributes, UInt64)] = [
      ("C2", 0, 0x3_4567_8000, attributes(g: true), 0x8000_0003_4567_8163),
      ("C3", 1, 0x4_0060_0000, attributes(w: false, user: true, xd: false, pat: 5, d: false), 0x4_0060_10AD),
      ("C4", 2, 0xFE_C000_0000, attributes(pat: 3), 0x8000_00FE_C000_00FB),
      ("C6", 0, 0x5_5555_5000, attributes(user: true, xd: false, pat: 7), 0x5_5555_50FF),
      ("C6b", 2, 0x1_4000_0000, attributes(xd: false, pat: 1), 0x1_4000_00EB),
      ("D5", 0, 0x8_9ABC_D000, attributes(user: true, xd: false), 0x8_9ABC_D067),
    ]
    for (name, level, output, attributes, expected) in rows {
      let vector = Vector(
        name: name, format: X86Long(), level: level, sizeLog2: 12 + 9 * level, output: output,
        attributes: attributes, expected: expected, path: 0x8000_0000_0000_0007)
      #expect(vector.encoded == expected, "\(name)")
      #expect(vector.decodes, "\(name)")
    }
  }

  @Test func pointers() throws {
    #expect(X86Long().tableEntry(pointingTo: 0x100_1000, level: 3, key: 0) == 0x100_1027, "C1")
    #expect(X86Long().tableEntry(pointingTo: 0x200_0000, level: 3, key: 0) == 0x200_0027, "C5")
    let format = X86Long()
    let offset = try #require(format.tableOffset(of: 0xFFFF_8881_2345_6000))
    #expect((0...3).reversed().map { format.slot(of: offset, level: $0) } == [0x111, 0x4, 0x11A, 0x56])
    #expect(format.deviceAddress(ofTableOffset: offset) == 0xFFFF_8881_2345_6000)
    let five = try X86Long(TableConfiguration(levels: 5))
    #expect(five.slot(of: 0xAB_CDEF_0123_4000, level: 4) == 0xAB)
    #expect(five.slot(of: 0xAB_CDEF_0123_4000, level: 0) == 0x34)
    #expect(format.tableOffset(of: 0x8000_0000_0000) == nil)
    #expect(five.tableOffset(of: 0x8000_0000_0000) == 0x8000_0000_0000)
  }
}
