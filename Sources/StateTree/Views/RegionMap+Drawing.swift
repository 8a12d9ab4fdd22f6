internal import VCM

/// The picture: addresses, the space itself, a lane of pages for each format, and the buffers behind.
///
/// A row's height grows with the logarithm of its length, so that a page is seen beside a gigabyte.
extension RegionMap {
  private static let top = 96
  private static let spaceWidth = 250
  private static let laneWidth = 118
  private static let bufferWidth = 210

  /// Left of the space stand its addresses, and left of these the bounds.
  private var spaceLeft: Int { rows.contains { $0.bound != nil } ? 250 : 150 }
  private var lanesLeft: Int { spaceLeft + Self.spaceWidth + 16 }
  private var bufferLeft: Int { lanesLeft + formats.count * Self.laneWidth + 40 }

  func render() -> [UInt8] {
    let height = rows.reduce(0) { $0 + $1.height }
    var drawing = Drawing(
      width: bufferLeft + Self.bufferWidth + 20, height: Self.top + height + (isWhole ? 58 : 74))
    head(&drawing)
    var y = Self.top
    for row in rows {
      draw(row, at: y, &drawing)
      y += row.height
    }
    drawing.line(spaceLeft - 8, y, spaceLeft + Self.spaceWidth, y, stroke: "#52606d")
    drawBounds(&drawing)
    if isWhole {
      drawing.text(spaceLeft - 14, y + 4, Print.address(last), [.fixed, .end])
    } else {
      drawing.text(spaceLeft, y + 24, "only the first \(rows.count) pieces are drawn", .dim)
    }
    legend(at: y + (isWhole ? 36 : 52), &drawing)
    return drawing.svg
  }

  private func legend(at y: Int, _ drawing: inout Drawing) {
    var x = spaceLeft
    for (fill, words) in [
      ("#d5efd0", "backed"), ("url(#empty)", "reserved, nothing behind it"), ("#ffffff", "free"),
    ] {
      drawing.box(x, y - 10, 14, 12, fill: fill, stroke: "#9aa5b1")
      drawing.text(x + 20, y, words, .dim)
      x += 44 + words.count * 6
    }
    let sizes = Set(
      rows.flatMap { ($0.reservation?.reaches ?? []).flatMap { ($0.leaves ?? []).map(\.size) } })
    for size in sizes.sorted() where x < bufferLeft + Self.bufferWidth - 80 {
      drawing.box(x, y - 10, 14, 12, fill: Drawing.fill(ofPage: size), stroke: "#9aa5b1")
      drawing.text(x + 20, y, "\(Print.friendly(size)) pages", .dim)
      x += 98
    }
  }

  private func head(_ drawing: inout Drawing) {
    let room = bufferLeft + Self.bufferWidth - 20
    drawing.text(20, 30, name, .heading, within: room)
    var words = [
      kind == "device" ? "device region" : "\(kind) region", Print.friendly(length),
      reservationCount == 1 ? "1 reservation" : "\(reservationCount) reservations",
      "\(Print.rounded(freeBytes)) free, \(Print.rounded(largestFree)) in one piece",
    ]
    if !devices.isEmpty {
      words.append(devices.map { $0.isActive ? $0.name : "\($0.name) (inactive)" }.joined(separator: ", "))
    }
    drawing.text(20, 50, words.joined(separator: "  ·  "), .dim, within: room)
    drawing.text(spaceLeft, Self.top - 12, "device addresses", .dim)
    for (index, format) in formats.enumerated() {
      drawing.text(
        lanesLeft + index * Self.laneWidth, Self.top - 12, format, .dim, within: Self.laneWidth - 12)
    }
    if rows.contains(where: { $0.reservation?.backing != nil }) {
      drawing.text(bufferLeft, Self.top - 12, "physical memory", .dim)
    }
  }

  private func draw(_ row: Row, at y: Int, _ drawing: inout Drawing) {
    let (left, width, height) = (spaceLeft, Self.spaceWidth, row.height)
    drawing.line(left - 8, y, left, y, stroke: "#52606d")
    drawing.text(left - 14, y + 4, Print.address(row.start), [.fixed, .end])
    guard let content = row.reservation else {
      drawing.box(
        left, y, width, height, fill: "#ffffff", stroke: "#cbd2d9", isDashed: true,
        title: "free: \(row.length) bytes at \(Print.address(row.start))")
      drawing.text(left + 10, y + height / 2 + 4, "free", .dim)
      drawing.text(left + width - 10, y + height / 2 + 4, Print.rounded(row.length), [.dim, .end])
      return
    }
    let title = "\(content.name): \(row.length) bytes at \(Print.address(row.start)), \(content.attributes)"
    let backed = Self.part(of: height, content.backedLength, row.length)
    drawing.box(left, y, width, height, fill: "url(#empty)", title: title)
    if backed > 0 { drawing.box(left, y, width, backed, fill: "#d5efd0", title: title) }
    drawing.box(left, y, width, height, fill: "none", stroke: "#52606d")
    let size = Print.rounded(row.length)
    drawing.text(left + 10, y + 18, content.name, .bold, within: width - 40 - size.count * 7)
    drawing.text(left + width - 10, y + 18, size, .end)
    drawing.text(left + 10, y + 34, content.attributes, .dim, within: width - 20)
    drawPages(content, at: y, backed, &drawing)
    drawBuffer(content, row, at: y, &drawing)
  }

  /// A lane for each format: bands of the page sizes, as high as their share of the bytes.
  private func drawPages(_ content: Content, at y: Int, _ height: Int, _ drawing: inout Drawing) {
    for reach in content.reaches {
      guard let lane = formats.firstIndex(of: reach.format) else { continue }
      let left = lanesLeft + lane * Self.laneWidth
      let width = Self.laneWidth - 12
      guard let leaves = reach.leaves, height > 0 else {
        drawing.text(left, y + 18, "cannot be mapped", .dim)
        continue
      }
      let bands = Self.bands(leaves, height)
      let text = leaves.reversed().map { "\($0.count) × \(Print.friendly($0.size))" }
      var top = y
      var below = 0
      // What is too low for words of its own is named under the last that is not.
      let low = zip(text, bands).filter { $0.1 < 14 }.map { "+ \($0.0)" }
      for (index, (leaf, band)) in zip(leaves.reversed(), bands).enumerated() {
        drawing.box(
          left, top, width, band, fill: Drawing.fill(ofPage: leaf.size),
          title: "\(reach.format): \(leaf.count) pages of \(Print.friendly(leaf.size))")
        if band >= 14 {
          below = top + min(band / 2 + 4, 18)
          drawing.text(left + 8, below, text[index], within: width - 12)
        }
        top += band
      }
      for (index, words) in low.enumerated() where below > 0 && below + 15 * (index + 1) <= y + height - 4 {
        drawing.text(left + 8, below + 15 * (index + 1), words, .dim, within: width - 12)
      }
      drawing.box(
        left, y, width, height, fill: "none", stroke: "#52606d",
        title: "\(reach.format): \(reach.entryCount) TLB entries: \(text.joined(separator: ", "))")
    }
  }

  private func drawBuffer(_ content: Content, _ row: Row, at y: Int, _ drawing: inout Drawing) {
    guard let backing = content.backing else { return }
    let left = bufferLeft
    let middle = y + 18
    drawing.arrow(
      lanesLeft + formats.count * Self.laneWidth - (formats.isEmpty ? 12 : 10), middle, left, middle,
      stroke: "#7b8794",
      isDashed: false,
      title: "\(content.name) is backed by \(backing)")
    drawing.box(
      left, y + 1, Self.bufferWidth, 40, fill: "#fdebd3", stroke: "#b7791f", radius: 5,
      title: "phys/\(backing)")
    drawing.text(left + 10, y + 18, backing, .bold, within: Self.bufferWidth - 20)
    let chunks = content.chunkCount == 1 ? "1 chunk" : "\(content.chunkCount) chunks"
    let whole = content.backedLength < row.length ? ", the first \(Print.rounded(content.backedLength))" : ""
    drawing.text(left + 10, y + 34, "\(chunks)\(whole)", .dim, within: Self.bufferWidth - 20)
  }

  /// A bracket beside the rows of each bound.
  private func drawBounds(_ drawing: inout Drawing) {
    var y = Self.top
    var open: (name: String, top: Int)?
    for row in rows + [Row(start: 0, length: 0, bound: nil, reservation: nil)] {
      if let bracket = open, row.bound != bracket.name {
        let (top, bottom) = (bracket.top + 1, y - 1)
        for (x1, y1, x2, y2) in [(112, top, 106, top), (106, top, 106, bottom), (106, bottom, 112, bottom)] {
          drawing.line(x1, y1, x2, y2, stroke: "#805ad5")
        }
        let middle = (top + bottom) / 2
        drawing.text(100, middle, bracket.name, [.bold, .end], within: 84)
        drawing.text(100, middle + 14, "bound", [.dim, .end])
        open = nil
      }
      if let bound = row.bound, open == nil { open = (bound, y) }
      y += row.height
    }
  }

  /// The share of a height, at least a few pixels if there is anything, and not all of it if something is missing.
  private static func part(of height: Int, _ part: UInt64, _ whole: UInt64) -> Int {
    guard part > 0, whole > 0 else { return 0 }
    guard part < whole else { return height }
    let exact = Double(part) / Double(whole) * Double(height)
    return min(height - 8, max(8, Int(exact)))
  }

  /// The heights of bands for leaves, largest page first, that together have a height.
  private static func bands(_ leaves: [TranslationReach.Leaves], _ height: Int) -> [Int] {
    let bytes = leaves.reversed().map { Double($0.size) * Double($0.count) }
    let total = max(1, bytes.reduce(0, +))
    var rest = height
    return bytes.enumerated().map { index, bytes in
      let isLast = index == leaves.count - 1
      let room = rest - 4 * (leaves.count - 1 - index)
      let band = isLast ? rest : max(0, min(room, max(4, Int(bytes / total * Double(height)))))
      rest -= band
      return band
    }
  }
}

extension RegionMap.Row {
  /// 24 or, of a reservation, 46 pixels for a page, and 2 more for each doubling.
  var height: Int {
    let doublings = length == 0 ? 64 : 63 - (length >> 12 | 1).leadingZeroBitCount
    return (reservation == nil ? 24 : 46) + 2 * doublings
  }
}

extension Print {
  /// A size to look at: up to three digits and a unit, and exact where that is short; 0 of a whole 64-bit space reads
  /// `16E`.
  static func rounded(_ value: UInt64) -> String {
    let exact = friendly(value)
    if exact.utf8.count <= 5 { return exact }
    let order = (63 - value.leadingZeroBitCount) / 10
    let unit = ["", "K", "M", "G", "T", "P", "E"][order]
    let hundredths = UInt64(Double(value) / Double(UInt64(1) << UInt64(10 * order)) * 100 + 0.5)
    if hundredths >= 10_000 || hundredths % 100 == 0 { return "\(hundredths / 100)\(unit)" }
    if hundredths >= 1000 { return "\(hundredths / 100).\(hundredths % 100 / 10)\(unit)" }
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)\(unit)"
  }
}
