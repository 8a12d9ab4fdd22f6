import TestSupport
import Testing

@testable import VCM

@Suite("Address space")
struct AddressSpaceTests {
  @Test("first fit takes the lowest aligned address")
  func firstFit() {
    let space = AddressSpace(first: 0x1000, length: 128 << 20)
    #expect(space.reserve(length: 0x1000, alignmentOrder: 12, occupant: 2) == 0x1000)
    #expect(space.reserve(length: 8 << 16, alignmentOrder: 16, occupant: 4) == 0x10000)
    #expect(space.reserve(length: 16 << 20, alignmentOrder: 24, occupant: 6) == 0x100_0000)
    #expect(space.reserve(length: 0x1000, alignmentOrder: 12, occupant: 8) == 0x2000)
    #expect(space.entry(containing: 0x100_0000) == .init(first: 0x100_0000, last: 0x1ff_ffff, occupant: 6))
    #expect(space.entry(containing: 0x3000) == nil)
    #expect(space.firstEntry(from: 0x3000)?.occupant == 4)
    #expect(space.checkInvariants().isEmpty)
  }

  @Test("all of a space can be taken, and given back")
  func fill() {
    let space = AddressSpace(first: 0x1000, length: 0x3000)
    for _ in 0..<3 { #expect(space.reserve(length: 0x1000, alignmentOrder: 12, occupant: 2) != nil) }
    #expect(space.reserve(length: 0x1000, alignmentOrder: 12, occupant: 2) == nil)
    #expect(space.freeBytes == 0)
    #expect(space.largestFree == 0)
    #expect(space.release(first: 0x2000) != nil)
    #expect(space.release(first: 0x2000) == nil)
    #expect(space.reserve(length: 0x1000, alignmentOrder: 12, occupant: 2) == 0x2000)
  }

  @Test("a space that ends at 2^64 works to its last byte")
  func topOfAddressSpace() {
    let start = UInt64.max - 0xffff
    let space = AddressSpace(first: start, length: 0x10000)
    #expect(space.claim(first: UInt64.max - 0xfff, length: 0x1000, occupant: 2))
    #expect(space.entry(containing: .max)?.last == .max)
    #expect(space.firstEntry(from: .max) == nil)
    #expect(space.reserve(length: 0x1000, alignmentOrder: 16, occupant: 4) == start)
    #expect(space.reserve(length: 0xe000, alignmentOrder: 12, occupant: 6) == start + 0x1000)
    #expect(!space.claim(first: UInt64.max - 0xfff, length: 0x2000, occupant: 2))
    #expect(space.release(first: UInt64.max - 0xfff)?.occupant == 2)
    #expect(space.checkInvariants().isEmpty)
  }

  @Test("alignments above a tebibyte are right")
  func hugeAlignments() {
    let space = AddressSpace(first: 0x1000, length: UInt64.max - 0x1fff)
    #expect(space.reserve(length: 0x1000, alignmentOrder: 50, occupant: 2) == 1 << 50)
    #expect(space.reserve(length: 0x1000, alignmentOrder: 63, occupant: 2) == 1 << 63)
    #expect(space.reserve(length: 0x1000, alignmentOrder: 63, occupant: 2) == nil)
    for _ in 0..<200 { #expect(space.reserve(length: 1 << 41, alignmentOrder: 41, occupant: 2) != nil) }
    #expect(space.reserve(length: 0x1000, alignmentOrder: 52, occupant: 2) == 1 << 52)
    #expect(space.checkInvariants().isEmpty)
  }

  @Test("what is not inside is refused")
  func outside() {
    let space = AddressSpace(first: 0x10000, length: 0x10000)
    #expect(!space.claim(first: 0xf000, length: 0x1000, occupant: 2))
    #expect(!space.claim(first: 0x1f000, length: 0x2000, occupant: 2))
    #expect(!space.claim(first: 0x10800, length: 0x1000, occupant: 2))
    #expect(!space.claim(first: 0x10000, length: 0, occupant: 2))
    #expect(space.entry(containing: 0xffff) == nil)
    #expect(space.entry(containing: 0x20000) == nil)
    #expect(space.release(first: 0x8000) == nil)
    #expect(space.reserve(length: 0, alignmentOrder: 12, occupant: 2) == nil)
  }

  @Test("random calls give what a sorted list gives", arguments: 0..<8)
  func twin(run: Int) {
    let seed = UInt64(run) + 7
    var random = SeededRandom(seed: seed)
    let length = UInt64(run % 2 == 0 ? 600 : 6000) << 12
    let first = run % 4 == 3 ? UInt64.max - length + 1 : UInt64(run) << 12
    let space = AddressSpace(first: first, length: length)
    var twin = AddressSpaceTwin(first: first, last: first + (length - 1))
    var growing = true
    for step in 0..<2500 {
      if step % 500 == 499 { growing.toggle() }
      let comment: Comment = "seed \(seed) step \(step)"
      let occupant = UInt(step * 2 + 2)
      switch Int.random(in: 0..<(growing ? 6 : 18), using: &random) {
      case 0..<4:
        let pages = UInt64.random(in: 1..<(Bool.random(using: &random) ? 3 : 24), using: &random)
        let order = 12 + Int.random(in: 0..<6, using: &random)
        let found = space.reserve(length: pages << 12, alignmentOrder: order, occupant: occupant)
        #expect(
          found == twin.reserve(length: pages << 12, alignmentOrder: order, occupant: occupant), comment)
      case 4:
        let address = first + UInt64.random(in: 0..<(length >> 12), using: &random) << 12
        let pages = UInt64.random(in: 1..<9, using: &random)
        let isTaken = space.claim(first: address, length: pages << 12, occupant: occupant)
        #expect(isTaken == twin.claim(first: address, length: pages << 12, occupant: occupant), comment)
      default:
        guard let entry = twin.entries.randomElement(using: &random) else { continue }
        #expect(space.release(first: entry.first)?.occupant == twin.release(first: entry.first), comment)
      }
      expectSame(space, twin, &random, comment)
      if step % 10 == 0 { #expect(space.checkInvariants() == [], comment) }
    }
    for entry in twin.entries { space.release(first: entry.first) }
    #expect(space.isEmpty && space.freeBytes == length)
    #expect(space.checkInvariants() == [])
    #expect(space.height == 0)
  }

  private func expectSame(
    _ space: AddressSpace, _ twin: AddressSpaceTwin, _ random: inout SeededRandom, _ comment: Comment
  ) {
    let gaps = twin.gaps.map { $0.last - $0.first + 1 }
    #expect(space.freeBytes == gaps.reduce(0, +), comment)
    #expect(space.largestFree == gaps.max() ?? 0, comment)
    let address = UInt64.random(in: twin.first...twin.last, using: &random)
    let holder = twin.entries.first { $0.first <= address && address <= $0.last }
    #expect(space.entry(containing: address)?.occupant == holder?.occupant, comment)
    let next = twin.entries.first { $0.first >= address }
    #expect(space.firstEntry(from: address)?.occupant == next?.occupant, comment)
  }

  @Test("a walk goes on from any address, leaf after leaf", arguments: [0, 1, 5, 777] as [UInt64])
  func walk(step: UInt64) {
    let space = AddressSpace(first: 0x1000, length: 1 << 30)
    let count: UInt64 = 1000
    for number in 0..<count {
      _ = space.claim(first: 0x2000 + number * 0x3000, length: 0x2000, occupant: UInt(number))
    }
    for start in stride(from: 0, through: 0x2000 + count * 0x3000, by: Int(0x1000 + step * 0x1000)) {
      var walked: [UInt] = []
      let isAtEnd = space.forEachOccupant(from: start) {
        walked.append($0)
        return walked.count < 200
      }
      // The first that ends at the address or above.
      let first = start < 0x2000 ? 0 : (start - 0x2000 + 0x1000) / 0x3000
      let expected = Array((UInt(min(first, count))..<UInt(count)).prefix(200))
      #expect(walked == expected, "from \(start)")
      #expect(isAtEnd == (walked.count < 200))
    }
  }

  @Test("many gaps that are long enough but not aligned are not searched one by one")
  func adversarialAlignment() {
    // 8K gaps at odd pages everywhere: each is long enough for a page, none holds an address aligned to 64K.
    let space = AddressSpace(first: 0, length: 1 << 32)
    var address: UInt64 = 0
    while address < 1 << 30 {
      #expect(space.claim(first: address, length: 0x3000, occupant: 2))
      address += 0x10000
    }
    #expect(space.reserve(length: 0x10000, alignmentOrder: 16, occupant: 4) == 1 << 30)
    #expect(space.reserve(length: 0x1000, alignmentOrder: 14, occupant: 4) == 0x4000)
    #expect(space.reserve(length: 0xc000, alignmentOrder: 14, occupant: 4) == 0x14000)
    #expect(space.checkInvariants() == [])
  }

  @Test("entries that are emptied from either end leave a small tree", arguments: [true, false])
  func emptying(fromFront: Bool) {
    let space = AddressSpace(first: 0, length: 1 << 32)
    let addresses = (0..<20_000).map { UInt64($0) << 13 }
    for address in addresses { #expect(space.claim(first: address, length: 0x1000, occupant: 2)) }
    #expect(space.checkInvariants() == [])
    for (index, address) in (fromFront ? addresses : addresses.reversed()).enumerated() {
      #expect(space.release(first: address) != nil)
      if index % 4001 == 0 { #expect(space.checkInvariants() == []) }
    }
    #expect(space.height == 0 && space.isEmpty)
    #expect(space.checkInvariants() == [])
  }
}
