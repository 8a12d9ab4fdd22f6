import PageTables
import PhysicalMemory
import Synchronization
import TestSupport
import Testing

@testable import VCM

@Suite("Live attributes")
struct LiveAttributesTests {
  @Test(
    "vcm_set_res_attr: another thread that reads the tables' memory sees old or new attributes, never anything else"
  )
  func walkedMeanwhile() throws {
    let bench = try Bench()
    let engine = bench.engine
    let region = try engine.createRegion(named: "out", start: 0x10_0000, length: 128 << 20)
    for name in ["video_dec", "cpu0"] { try engine.associate(region, with: try bench.device(name)) }
    try engine.setActive(true, of: region)
    // 1 MiB as one section, 64 KiB as sixteen equal entries, 4 KiB as one.
    var pieces: [ShortDescriptorReader.Piece] = []
    var reservations: [Reservation] = []
    for (length, address) in [(1 << 20, 0x20_0000), (1 << 16, 0x41_0000), (1 << 12, 0x62_3000)]
      as [(UInt64, UInt64)]
    {
      let reservation = try engine.reserve(ReservationRequest(length: length, at: address), in: region)
      let buffer = try engine.allocate(PhysicalRequest(length: length, isContiguous: true))
      try engine.back(reservation, with: buffer)
      reservations.append(reservation)
      let output = try #require(buffer.chunk(at: 0)?.address)
      pieces.append(ShortDescriptorReader.Piece(start: address, length: length, output: output))
    }
    let states = [
      ReservationAttributes(access: [.read, .write], privilege: .supervisor, isSecure: true),
      ReservationAttributes(access: [.read, .execute], cache: .writeThrough, privilege: .user),
    ]
    let roots = try region.associations.map { try #require($0.table?.root.tableAddress) }
    #expect(roots.count == 2)
    for reservation in reservations { try engine.setAttributes(states[1], of: reservation) }
    let watch = ShortDescriptorReader(engine.memory, roots, pieces)
    let reader = ReaderThread { watch.look() }
    var changes = 0
    while changes < 200 || reader.rounds < 2_000 {
      for state in states {
        for reservation in reservations { try engine.setAttributes(state, of: reservation) }
      }
      changes += 1
    }
    reader.stop()
    #expect(watch.complaint.withLock { $0 } == nil)
    bench.expectSound()
  }
}

/// Reads ARM short descriptors out of memory, after ARM DDI 0406C B3.5.1, and judges them by the two states of the test.
private final class ShortDescriptorReader: Sendable {
  struct Piece {
    let start: UInt64
    let length: UInt64
    let output: UInt64
  }

  private let memory: PhysicalMemory
  private let roots: [UInt64]
  private let pieces: [Piece]
  private let random = Mutex(SeededRandom(seed: 77))
  let complaint = Mutex<String?>(nil)

  init(_ memory: PhysicalMemory, _ roots: [UInt64], _ pieces: [Piece]) {
    (self.memory, self.roots, self.pieces) = (memory, roots, pieces)
  }

  func look() {
    let (root, piece, offset) = random.withLock { random in
      let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
      let root = roots[Int.random(in: 0..<roots.count, using: &random)]
      return (root, piece, UInt64.random(in: 0..<piece.length, using: &random))
    }
    let seen = glance(root, piece.start + offset)
    guard let wrong = judge(seen, piece.output + offset) else { return }
    complaint.withLock { if $0 == nil { $0 = "\(hex(piece.start + offset)): \(wrong): \(seen)" } }
  }

  private struct Seen: Equatable {
    var output: UInt64?
    var accessPermissions: UInt32 = 0
    var isExecuteNever = false
    var isNonSecure = false
  }

  /// Three equal walks are one moment's: between the loads of a walk the thread may stand still for many changes.
  private func glance(_ root: UInt64, _ address: UInt64) -> Seen {
    while true {
      let seen = walk(root, address)
      if walk(root, address) == seen, walk(root, address) == seen { return seen }
    }
  }

  private func load(_ address: UInt64) -> UInt32 {
    memory.pointer(to: address, byteCount: 4).map { UInt32(littleEndian: $0.load(as: UInt32.self)) } ?? 0
  }

  private func walk(_ root: UInt64, _ address: UInt64) -> Seen {
    let first = load(root + (address >> 20) * 4)
    if first & 3 == 2 {
      return Seen(
        output: UInt64(first & 0xFFF0_0000) | address & 0xF_FFFF,
        accessPermissions: first >> 13 & 4 | first >> 10 & 3,
        isExecuteNever: first >> 4 & 1 == 1, isNonSecure: first >> 19 & 1 == 1)
    }
    guard first & 3 == 1 else { return Seen() }
    let second = load(UInt64(first & 0xFFFF_FC00) + (address >> 12 & 0xFF) * 4)
    guard second & 3 != 0 else { return Seen() }
    let isLarge = second & 3 == 1
    let mask: UInt64 = isLarge ? 0xFFFF : 0xFFF
    return Seen(
      output: UInt64(second) & ~mask & 0xFFFF_FFFF | address & mask,
      accessPermissions: second >> 7 & 4 | second >> 4 & 3,
      isExecuteNever: (isLarge ? second >> 15 : second) & 1 == 1, isNonSecure: first >> 3 & 1 == 1)
  }

  private func judge(_ seen: Seen, _ output: UInt64) -> String? {
    guard let found = seen.output else { return "unmapped" }
    if found != output { return "leads elsewhere" }
    // AP[2:0]: 001 privileged read and write, 101 privileged read, 111 read for all.
    let isOld = !seen.isNonSecure && [1, 5].contains(seen.accessPermissions) && seen.isExecuteNever
    let isNew = seen.isNonSecure && [5, 7].contains(seen.accessPermissions)
    return isOld || isNew ? nil : "more than either state permits"
  }
}
