internal import PageTables
internal import VCM

/// The picture of a region's address space: a row for each reservation and each gap, lowest address first.
///
/// A row's height grows with the logarithm of its length, so that a page is seen beside a gigabyte.
enum RegionMap {
  /// The largest number of rows.
  static let mostRows = 1000

  private struct Row {
    let start: UInt64
    let length: UInt64
    let reservation: Reservation?

    /// 18 points for a page, 4 more for each factor of 16.
    var height: Int { 18 + (64 - (length >> 12).leadingZeroBitCount) }
  }

  /// The picture.
  ///
  /// O(rows).
  static func svg(of region: Region) -> String {
    var rows: [Row] = []
    var position = region.start
    var isWhole = false
    while rows.count < mostRows {
      guard let reservation = region.firstReservation(from: position) else {
        rows.append(Row(start: position, length: region.last - position + 1, reservation: nil))
        isWhole = true
        break
      }
      if reservation.address > position {
        rows.append(Row(start: position, length: reservation.address - position, reservation: nil))
      }
      rows.append(Row(start: reservation.address, length: reservation.length, reservation: reservation))
      guard reservation.last < region.last else {
        isWhole = true
        break
      }
      position = reservation.last + 1
    }
    return draw(rows, of: region, isWhole: isWhole)
  }

  private static func draw(_ rows: [Row], of region: Region, isWhole: Bool) -> String {
    let height = rows.reduce(60) { $0 + $1.height }
    var drawing = Drawing(width: 860, height: height + 20)
    drawing.text(
      20, 24, "\(region.name): \(region.kind.rawValue), \(Print.friendly(region.length))", size: 14)
    var y = 40
    for row in rows {
      drawing.text(150, y + 14, Print.address(row.start), size: 11, anchor: "end")
      let size = Print.friendly(row.length)
      if let reservation = row.reservation {
        let backing = reservation.backing.map { "behind it \($0.name)" } ?? "nothing behind it"
        let words = AttributeWords.text(reservation.attributes)
        let fill = reservation.isBacked ? "#bfe3b4" : "#f3e3b0"
        drawing.box(160, y, 220, row.height, fill: fill, title: "\(reservation.name): \(words)")
        drawing.text(168, y + 14, "\(reservation.name) \(size)", size: 11)
        drawing.text(392, y + 14, Print.list([backing, pages(of: reservation)]), size: 11)
      } else {
        drawing.box(160, y, 220, row.height, fill: "#eeeeee", title: "free")
        drawing.text(168, y + 14, "free \(size)", size: 11)
      }
      y += row.height
    }
    let end = isWhole ? Print.address(region.last) : "and more"
    drawing.text(150, y + 14, end, size: 11, anchor: "end")
    return drawing.svg
  }

  /// The sizes of the first pages that map a reservation, for each table.
  private static func pages(of reservation: Reservation) -> String {
    var words: [String] = []
    for association in reservation.region.associations {
      guard let table = association.table, reservation.isBacked else { continue }
      var counts: [UInt64: Int] = [:]
      var position = reservation.address
      var steps = 0
      while steps < 64, position - reservation.address < reservation.backedLength,
        case .mapped(_, let size, _) = table.translate(position)
      {
        counts[size, default: 0] += 1
        steps += 1
        position = (position & ~(size - 1)) &+ size
        if position == 0 { break }
      }
      let sizes = counts.sorted { $0.key > $1.key }.map { "\($0.value) x \(Print.friendly($0.key))" }
      words.append("\(association.device.name): \(sizes.joined(separator: ", "))\(steps == 64 ? "..." : "")")
    }
    return words.isEmpty ? "" : "(" + words.joined(separator: "; ") + ")"
  }
}
