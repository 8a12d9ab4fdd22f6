import PageTables
import TestSupport
import Testing

/// Random maps, unmaps and attribute changes against a brute-force twin, for every format.
struct RandomOperationsTests {
  @Test(arguments: FormatCase.seeded(1, 2))
  func agreesWithTwin(format: FormatCase, seed: UInt64) throws {
    var session = try RandomSession(format, seed: seed)
    for step in 0..<160 {
      try session.step()
      if step % 40 == 39 { session.harness.checkAll() }
    }
    session.harness.table.destroy()
    #expect(session.harness.tables.outstanding.isEmpty, "seed \(seed)")
    #expect(session.harness.tables.wrongFrees == 0, "seed \(seed)")
  }
}

/// One seeded sequence of operations.
struct RandomSession {
  let harness: TableHarness
  private var random: SeededRandom
  private let wishes: [MappingAttributes]
  private let places: [UInt64]
  private let seed: UInt64
  /// The bytes around each place in which operations fall.
  private let span: UInt64

  init(_ format: FormatCase, seed: UInt64) throws {
    harness = try TableHarness(format)
    random = SeededRandom(seed: seed)
    self.seed = seed
    // Secure pages may not share a table with others in some formats: tests of their own.
    wishes = format.wishes.filter { !$0.isSecure }
    span = min(max(1 << 26, harness.description.smallestPageSize * 16), try format.span)
    places = try format.edges(span)
  }

  private var pageSize: UInt64 { harness.twin.pageSize }

  mutating func step() throws {
    let (start, length) = range()
    let wish = wishes.randomElement(using: &random) ?? MappingAttributes()
    switch UInt64.random(in: 0..<10, using: &random) {
    case 0..<5: try map(start, length, wish)
    case 5..<8: try unmap(start, length)
    default: try change(start, length, wish)
    }
    for _ in 0..<4 {
      let near = UInt64.random(in: 0..<(length + 2 * pageSize), using: &random)
      harness.check(start &- (start == places.first ? 0 : pageSize) &+ near)
    }
    harness.check(start)
    harness.check(start &+ (length - 1))
  }

  /// A range inside of one of the places; often one that is mapped, so that unmapping hits.
  private mutating func range() -> (UInt64, UInt64) {
    if Bool.random(using: &random), let page = harness.twin.anyPage(using: &random) {
      return (page.leafStart, page.leafSize)
    }
    let units: [UInt64] = [1, 1, 16, 256, 512, 4096]
    let unit = (units.filter { $0 * pageSize * 2 <= span }.randomElement(using: &random) ?? 1) * pageSize
    let most: UInt64 = unit > 600 * pageSize ? 2 : 6
    let length = unit * UInt64.random(in: 1...min(most, span / unit), using: &random)
    let place = places.randomElement(using: &random) ?? 0
    let room = (span - length) / unit
    let near = Bool.random(using: &random) ? min(room, 8) : room
    // From either end of the place, so that the first and the last page are met.
    let offset = UInt64.random(in: 0...near, using: &random) * unit
    return (Bool.random(using: &random) ? place &+ offset : place &+ (span - length - offset), length)
  }

  /// Runs that fill a length: some congruent with the device address, some adjoining, some anywhere.
  private mutating func runs(_ start: UInt64, _ length: UInt64) -> [OutputRun] {
    var runs: [OutputRun] = []
    var rest = length
    while rest > 0 {
      let piece =
        Bool.random(using: &random) ? rest : UInt64.random(in: 1...rest / pageSize, using: &random) * pageSize
      let bits = UInt64(min(harness.description.outputBits, 52))
      let limit: UInt64 = 1 << bits
      var address = UInt64.random(in: 0..<(limit - piece) / pageSize, using: &random) * pageSize
      switch UInt64.random(in: 0..<4, using: &random) {
      case 0:
        if let last = runs.last, last.physicalAddress + last.length <= limit - piece {
          address = last.physicalAddress + last.length
        }
      case 1, 2:
        let big: UInt64 = 1 << 25
        let congruent = address / big * big + (start &+ (length - rest)) % big
        if congruent <= limit - piece { address = congruent }
      default: address = Bool.random(using: &random) ? limit - piece : address
      }
      address = max(address, harness.format.firstOutputPage * pageSize)
      runs.append(OutputRun(physicalAddress: address, length: piece))
      rest -= piece
    }
    return runs
  }

  private mutating func map(_ start: UInt64, _ length: UInt64, _ wish: MappingAttributes) throws {
    let runs = runs(start, length)
    guard harness.twin.isOccupied(start, length) else { return try harness.map(start, runs, wish) }
    let before = harness.table.validEntryCount
    var refusal: PageTableError?
    do { try harness.table.map(deviceAddress: start, runs: runs, attributes: wish) } catch { refusal = error }
    guard case .overlap(let at)? = refusal else {
      Issue.record("\(String(describing: refusal)) instead of overlap, seed \(seed)")
      return
    }
    #expect(harness.twin.page(at) != nil && at &- start < length)
    #expect(harness.table.validEntryCount == before)
  }

  private mutating func unmap(_ start: UInt64, _ length: UInt64) throws {
    guard let refusal = expectedRefusal(start, length) else { return try harness.unmap(start, length) }
    do {
      try harness.table.unmap(deviceAddress: start, length: length)
      Issue.record("unmapped in spite of \(refusal), seed \(seed)")
    } catch {
      #expect(matches(error, refusal), "\(error) instead of \(refusal), seed \(seed)")
    }
  }

  private mutating func change(_ start: UInt64, _ length: UInt64, _ wish: MappingAttributes) throws {
    guard let refusal = expectedRefusal(start, length) else { return try harness.change(start, length, wish) }
    do {
      try harness.table.changeAttributes(deviceAddress: start, length: length, attributes: wish)
      Issue.record("changed in spite of \(refusal), seed \(seed)")
    } catch {
      #expect(matches(error, refusal), "\(error) instead of \(refusal), seed \(seed)")
    }
  }

  private enum Refusal { case notMapped, splitsLeaf, either }

  private func expectedRefusal(_ start: UInt64, _ length: UInt64) -> Refusal? {
    let isMapped = harness.twin.isMapped(start, length)
    let cuts = harness.twin.cutsLeaf(start, length)
    if isMapped { return cuts ? .splitsLeaf : nil }
    return cuts ? .either : .notMapped
  }

  private func matches(_ error: PageTableError, _ refusal: Refusal) -> Bool {
    switch (error, refusal) {
    case (.notMapped, .notMapped), (.notMapped, .either), (.splitsLeaf, .splitsLeaf), (.splitsLeaf, .either):
      true
    default: false
    }
  }
}
