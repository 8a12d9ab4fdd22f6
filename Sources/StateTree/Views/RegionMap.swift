internal import VCM

/// What the picture of a region's address space shows: a row for each reservation and each gap, lowest address first.
struct RegionMap: ViewCapture {
  /// The largest number of rows.
  static let mostRows = 1000

  /// A piece of the address space.
  struct Row {
    let start: UInt64
    let length: UInt64
    /// The name of the bound that it lies in.
    let bound: String?
    /// What is reserved there; nil of a gap.
    let reservation: Content?
  }

  /// A reservation.
  struct Content {
    let name: String
    let attributes: String
    /// The buffer behind it.
    let backing: String?
    let chunkCount: UInt64
    let backedLength: UInt64
    let reaches: [TranslationReach]
  }

  let name: String
  let kind: String
  let start: UInt64
  let last: UInt64
  let length: UInt64
  let freeBytes: UInt64
  let largestFree: UInt64
  let reservationCount: Int
  /// The devices, and whether they are active.
  let devices: [(name: String, isActive: Bool)]
  /// The formats that rows have pages of, in the order of the associations.
  let formats: [String]
  let rows: [Row]
  /// Whether the rows go to the end of the region.
  let isWhole: Bool

  /// Takes a region down.
  ///
  /// O(rows · log n + their chunk runs · formats).
  init(_ region: Region) {
    name = region.name
    kind = region.kind.rawValue
    start = region.start
    last = region.last
    length = region.length
    freeBytes = region.freeBytes
    largestFree = region.largestFree
    reservationCount = region.reservationCount
    devices = region.associations.map { ($0.device.name, $0.isActive) }
    var borders = Borders(region)
    var rows: [Row] = []
    var formats: [String] = []
    var next: UInt64? = region.start
    while let from = next, rows.count < Self.mostRows {
      let found = region.firstReservation(from: from)
      let gapEnd = found.map(\.address)
      if gapEnd != from {
        // A gap, up to the next reservation, border of a bound, or the end.
        let end = borders.next(after: from).map { min($0, gapEnd ?? $0) } ?? gapEnd
        let length = end.map { $0 - from } ?? region.last - from + 1
        rows.append(Row(start: from, length: length, bound: borders.name(at: from), reservation: nil))
        next = end
        continue
      }
      guard let reservation = found else { break }
      let content = Content(reservation)
      for reach in content.reaches where !formats.contains(reach.format) { formats.append(reach.format) }
      rows.append(
        Row(
          start: from, length: reservation.length, bound: reservation.bound?.name, reservation: content))
      next = reservation.last < region.last ? reservation.last + 1 : nil
    }
    self.rows = rows
    self.formats = formats
    isWhole = next == nil
  }

  /// Where bounds begin and end, ascending.
  private struct Borders {
    private var bounds: [(first: UInt64, last: UInt64, name: String)] = []

    init(_ region: Region) {
      for bound in region.allBounds {
        if let start = bound.start { bounds.append((start, start + (bound.length - 1), bound.name)) }
      }
      bounds.sort { $0.first < $1.first }
    }

    /// The first border above an address.
    mutating func next(after address: UInt64) -> UInt64? {
      bounds.removeAll { $0.last < address }
      guard let bound = bounds.first else { return nil }
      if bound.first > address { return bound.first }
      return bound.last == .max ? nil : bound.last + 1
    }

    /// The bound at an address that `next(after:)` was just asked for.
    func name(at address: UInt64) -> String? {
      bounds.first { $0.first <= address && address <= $0.last }?.name
    }
  }
}

extension RegionMap.Content {
  init(_ reservation: Reservation) {
    name = reservation.name
    attributes = AttributeWords.text(reservation.attributes)
    backing = reservation.backing?.name
    chunkCount = reservation.backing?.chunkCount ?? 0
    backedLength = reservation.backedLength
    reaches = reservation.translationReaches
  }
}
