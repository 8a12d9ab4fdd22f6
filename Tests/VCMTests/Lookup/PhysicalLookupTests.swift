import TestSupport
import Testing

@testable import VCM

/// Physical address to buffers and reservations, against a search of everything.
@Suite("Look-ups by physical address")
struct PhysicalLookupTests {
  @Test("vcm_get_phys_num_res: random buffers, wrappers and users give what a search finds", arguments: 0..<4)
  func twin(run: Int) throws {
    let seed = UInt64(run) + 4100
    var random = SeededRandom(seed: seed)
    let bench = try Bench(.small)
    let engine = bench.engine
    let region = try engine.createRegion(named: "out")
    for step in 0..<300 {
      try change(engine, region, &random)
      #expect(engine.checkInvariants() == [], "seed \(seed) step \(step)")
      for _ in 0..<20 {
        let address = 0x7fff_0000 + UInt64.random(in: 0..<0x1a_0000, using: &random)
        #expect(
          engine.places(at: address).map { "\($0.allocation.name) \($0.offset)" }
            == Self.search(address, engine).map { "\($0.0.name) \($0.1)" },
          "seed \(seed) step \(step) at \(hex(address))")
        var found: Set<String> = []
        engine.forEachReservation(at: address) { reservation, deviceAddress in
          found.insert("\(reservation.name) \(deviceAddress)")
          return true
        }
        #expect(found == Self.users(address, engine, region), "seed \(seed) step \(step) at \(hex(address))")
      }
    }
  }

  private func change(_ engine: Engine, _ region: Region, _ random: inout SeededRandom) throws {
    let pages = UInt64.random(in: 1..<40, using: &random)
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1: _ = try? engine.allocate(PhysicalRequest(length: pages << 12))
    case 2, 3:
      let address = 0x7fff_0000 + UInt64.random(in: 0..<0x160, using: &random) << 12
      _ = try? engine.allocate(PhysicalRequest(length: pages << 12, at: address))
    case 4:
      guard let buffer = buffers(engine).randomElement(using: &random) else { return }
      let reservation = try engine.reserve(ReservationRequest(length: buffer.length), in: region)
      try engine.back(reservation, with: buffer)
    case 5:
      let reservations = buffers(engine).compactMap { $0.firstUser(from: 0)?.reservation }
      guard let reservation = reservations.randomElement(using: &random) else { return }
      try engine.unback(reservation)
      try engine.unreserve(reservation)
    default:
      guard let buffer = buffers(engine).randomElement(using: &random) else { return }
      try? engine.free(buffer)
    }
  }

  private func buffers(_ engine: Engine) -> [PhysicalAllocation] { Self.buffers(engine) }

  private static func buffers(_ engine: Engine) -> [PhysicalAllocation] {
    var all: [PhysicalAllocation] = []
    while let next = engine.firstAllocation(after: all.last?.id) { all.append(next) }
    return all
  }

  /// Every chunk of every buffer is looked at: the owner first, then the wrappers by age.
  private static func search(_ address: UInt64, _ engine: Engine) -> [(PhysicalAllocation, UInt64)] {
    var found: [(PhysicalAllocation, UInt64)] = []
    for buffer in buffers(engine) {
      var offset: UInt64 = 0
      buffer.forEachChunk { _, chunk in
        if address >= chunk.address, address - chunk.address < chunk.length {
          found.append((buffer, offset + (address - chunk.address)))
        }
        offset += chunk.length
        return true
      }
    }
    return found.filter { !$0.0.isWrapped } + found.filter { $0.0.isWrapped }
  }

  private static func users(_ address: UInt64, _ engine: Engine, _ region: Region) -> Set<String> {
    var found: Set<String> = []
    for (buffer, offset) in search(address, engine) {
      var next = region.firstReservation(from: 0)
      while let reservation = next {
        if reservation.backing === buffer {
          found.insert("\(reservation.name) \(reservation.address + offset)")
        }
        next = region.firstReservation(from: reservation.last + 1)
      }
    }
    return found
  }

  @Test("a scattered buffer whose addresses fall and rise is found by halving")
  func scattered() throws {
    let bench = try Bench(.small)
    let engine = bench.engine
    // Every second page is taken, so that what follows is made of single pages behind blocks of 64K.
    let filler = try engine.allocate((0..<128).map { _ in PhysicalRequest(length: 4096) })
    for index in stride(from: 0, to: 128, by: 2) { try engine.free(filler[index]) }
    let buffer = try engine.allocate(PhysicalRequest(length: (1 << 16) * 8 + 4096 * 60))
    #expect(buffer.chunkCount == 68)
    var offset: UInt64 = 0
    buffer.forEachChunk { _, chunk in
      for byte in [0, chunk.length - 1] {
        #expect(engine.places(at: chunk.address + byte).map(\.offset) == [offset + byte])
      }
      offset += chunk.length
      return true
    }
    #expect(
      engine.places(at: try #require(filler[1].chunk(at: 0)?.address)).map(\.allocation.id) == [filler[1].id])
  }

  @Test("ten thousand wrapped ranges, in any order, stay a low tree")
  func manyWrappers() throws {
    let bench = try Bench()
    let engine = bench.engine
    var made: [PhysicalAllocation] = []
    for index in 0..<UInt64(10_000) {
      let address = 0x1_0000_0000 + index << 13
      made.append(try engine.allocate(PhysicalRequest(length: 4096, at: address)))
    }
    // 2.5 log2(n) and some: a tree of random priorities is as low as that but once in a lifetime.
    #expect(engine.wrappedRanges.height < 50)
    #expect(engine.places(at: 0x1_0000_0000 + 777 << 13 + 5).map(\.allocation.id) == [made[777].id])
    #expect(engine.places(at: 0x1_0000_1000).isEmpty)
    for wrapper in made.reversed() { try engine.free(wrapper) }
    #expect(engine.wrappedRanges.count == 0 && engine.wrappedRanges.height == 0)
  }
}
