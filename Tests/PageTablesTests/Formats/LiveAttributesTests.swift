import Glibc
import PageTables
import PhysicalMemory
import Synchronization
import TestSupport
import Testing

/// Attributes change while another thread walks the encoded table in memory, as hardware does.
///
/// `VCMFS_TEST_SECONDS=N` makes every case last N seconds.
@Suite("Live attributes", .serialized)
struct LiveAttributesTests {
  /// Whatever the walker sees is the page's own address, and permits no more than the old or the new attributes do, nor
  /// less than what they have in common.
  @Test("no page is unmapped or more permitted at any moment", arguments: FormatCase.all)
  func neverBetween(format: FormatCase) throws {
    let seed = format.label.utf8.reduce(7 as UInt64) { ($0 &* 31) &+ UInt64($1) }
    var random = SeededRandom(seed: seed)
    let live = try LiveTable(format)
    let seconds = getenv("VCMFS_TEST_SECONDS").flatMap { Double(String(cString: $0)) } ?? 0.06
    let wishes = format.wishes.filter { !$0.access.isEmpty }
    let end = now() + seconds
    var pairs = 0
    while pairs < 2 || now() < end {
      let one = try #require(wishes.randomElement(using: &random))
      let other = try #require(wishes.randomElement(using: &random))
      try live.flip(one, other, rounds: 200, seed: seed &+ UInt64(pairs))
      pairs += 1
    }
    live.table.destroy()
  }

  /// Seconds of the monotonic clock.
  private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// A table with a piece of every page size, and a decoder that shares no code with it.
private final class LiveTable {
  typealias Answer = IndependentDecoder.Answer

  /// Device addresses that are mapped by one call.
  struct Piece {
    let start: UInt64
    let output: UInt64
    let length: UInt64
  }

  let format: FormatCase
  let tables: TestTableMemory
  let table: any PageTable
  private var pieces: [Piece] = []
  private let pageSize: UInt64

  init(_ format: FormatCase) throws {
    self.format = format
    tables = try TestTableMemory()
    table = try format.entry.makeTable(configuration: format.configuration, tableMemory: tables)
    pageSize = table.format.smallestPageSize
    try mapPieces()
  }

  /// Maps a piece of each page size that there is room for, each under a table of its own where that is possible.
  private func mapPieces() throws {
    let span = try format.span
    var room = min(span / 2, 1 << 36)
    while try format.edges(room).isEmpty, room > pageSize { room /= 2 }
    let base = try #require(try format.edges(room).first)
    var cursor = base
    for size in table.format.pageSizes where size <= room / 4 {
      let count: UInt64 = size <= 1 << 16 ? 32 : 2
      let length = size * min(count, max(1, room / 8 / size))
      let step = max(size, min(1 << 21, span / 32))
      let start = (cursor &+ (step - 1)) & ~(step - 1)
      guard start &- base <= room - length, length > 0 else { break }
      // Congruent to this size and not to the next.
      let output = (size * 3) & (1 << UInt64(min(table.format.outputBits, 40)) - 1)
      try table.map(
        deviceAddress: start, to: OutputRun(physicalAddress: output, length: length), attributes: first)
      pieces.append(Piece(start: start, output: output, length: length))
      cursor = start &+ length
    }
    try #require(!pieces.isEmpty)
  }

  private var first: MappingAttributes { format.wishes.first { !$0.access.isEmpty } ?? MappingAttributes() }

  private var decoder: IndependentDecoder {
    IndependentDecoder(
      memory: tables.memory, table: table.root.tableAddress, levels: table.format.levels,
      lines: table.root.lines)
  }

  /// Changes between two wishes while a second thread makes that many walks, and more.
  func flip(_ one: MappingAttributes, _ other: MappingAttributes, rounds: Int, seed: UInt64) throws {
    let decoder = decoder
    var permitted: [Answer] = []
    for wish in [other, one] {
      try change(to: wish)
      permitted.append(try #require(decoder.decode(format.name, pieces[0].start), "\(format.label) \(wish)"))
    }
    let watch = Watch(decoder, format.name, pieces, pageSize, permitted, seed: seed)
    let reader = ReaderThread { watch.look() }
    defer { reader.stop() }
    var flips = 0
    while flips < 8 || reader.rounds < rounds {
      try change(to: other)
      try change(to: one)
      flips += 1
    }
    let complaint = watch.complaint.withLock { $0 }
    #expect(complaint == nil, "\(format.label) seed \(seed): \(one) and \(other): \(complaint ?? "")")
  }

  private func change(to wish: MappingAttributes) throws {
    for piece in pieces {
      try table.changeAttributes(deviceAddress: piece.start, length: piece.length, attributes: wish)
    }
  }

  /// Looks at random pages, and remembers the first that is wrong.
  final class Watch: Sendable {
    private let decoder: IndependentDecoder
    private let name: String
    private let pieces: [Piece]
    private let pageSize: UInt64
    private let permitted: [Answer]
    private let random: Mutex<SeededRandom>
    let complaint = Mutex<String?>(nil)

    init(
      _ decoder: IndependentDecoder, _ name: String, _ pieces: [Piece], _ pageSize: UInt64,
      _ permitted: [Answer],
      seed: UInt64
    ) {
      (self.decoder, self.name, self.pieces, self.pageSize) = (decoder, name, pieces, pageSize)
      self.permitted = permitted
      random = Mutex(SeededRandom(seed: seed))
    }

    func look() {
      let (piece, page) = random.withLock { random in
        let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
        return (piece, UInt64.random(in: 0..<piece.length / pageSize, using: &random) * pageSize)
      }
      let found = glance(piece.start &+ page)
      guard let wrong = judge(found, at: piece.output &+ page) else { return }
      complaint.withLock { complaint in
        if complaint == nil {
          complaint = "0x\(String(piece.start &+ page, radix: 16)) \(wrong): \(String(describing: found))"
        }
      }
    }

    /// What memory says at one moment.
    ///
    /// A walk takes several loads, between which this thread may lose the processor for many changes: only what three
    /// walks in a row find is one moment's.
    private func glance(_ address: UInt64) -> Answer? {
      while true {
        let found = decoder.decode(name, address)
        if decoder.decode(name, address) == found, decoder.decode(name, address) == found { return found }
      }
    }

    private func judge(_ found: Answer?, at output: UInt64) -> String? {
      guard let found else { return "is unmapped" }
      if found.address != output { return "leads elsewhere" }
      if !permitted.contains(where: { Self.isNoMore(found, $0) }) {
        return "is more permitted than by either"
      }
      if permitted.allSatisfy({ $0.read }) && !found.read { return "cannot be read" }
      if permitted.allSatisfy({ $0.write }) && !found.write { return "cannot be written" }
      if permitted.allSatisfy({ $0.user }) && !found.user { return "is privileged" }
      return nil
    }

    /// Whether what one answer permits another does too.
    ///
    /// The two physical address spaces have nothing in common.
    private static func isNoMore(_ one: Answer, _ other: Answer) -> Bool {
      one.secure == other.secure && (!one.read || other.read) && (!one.write || other.write)
        && (!one.execute || other.execute) && (!one.user || other.user)
    }
  }
}
