internal import VCM

/// The text of `aliases`: physical memory that reservations map with attributes that must not differ.
///
/// On ARM, and with less certainty elsewhere, a physical page that is mapped with two cache policies may read stale data
/// from either; one that is mapped secure and not secure lies in two address spaces. Each line is a range and the
/// reservations over it, with what they say.
struct Aliases: ViewCapture {
  /// What is to be said of a reservation.
  private struct User {
    let id: ObjectID
    let region: String
    let name: String
    let attributes: ReservationAttributes
  }

  /// A piece of a reservation in physical memory.
  private struct Piece {
    let start: UInt64
    let last: UInt64
    let user: User
  }

  private let pieces: [Piece]

  /// Takes down the pieces of shared buffers.
  ///
  /// O(n) in these; where ranges are wrapped, O(buffers) beside.
  init(_ state: TreeState) {
    pieces = Self.pieces(state)
  }

  /// O(n log n) in the pieces.
  func render() -> [UInt8] {
    var text = ByteText()
    for (start, last, users) in Self.conflicts(among: pieces) {
      text.put(address: start)
      text.put(" ")
      text.put(decimal: last - start + 1)
      for user in users {
        text.put(
          " vcms/\(user.region)/reservations/\(user.name) cache=\(AttributeWords.name(user.attributes.cache))"
        )
        if user.attributes.isSecure { text.put(" secure") }
      }
      text.put("\n")
    }
    return text.bytes
  }

  /// The buffers that share memory among their users or with each other.
  private static func candidates(_ state: TreeState) -> [PhysicalAllocation] {
    var result: [PhysicalAllocation] = []
    guard !state.wrappedAllocations.isEmpty else {
      for id in state.sharedAllocations.sorted() {
        if case .allocation(let allocation)? = try? state.subject(of: id) { result.append(allocation) }
      }
      return result
    }
    var last: ObjectID?
    while let allocation = state.engine.firstAllocation(after: last) {
      last = allocation.id
      if allocation.userCount > 1 || allocation.isWrapped || !allocation.wrappedBy.isEmpty {
        result.append(allocation)
      }
    }
    return result
  }

  /// Where the reservations of shared buffers lie.
  private static func pieces(_ state: TreeState) -> [Piece] {
    var pieces: [Piece] = []
    for allocation in candidates(state) {
      var number: UInt64 = 0
      while let user = allocation.firstUser(from: number) {
        number = user.number + 1
        let reservation = user.reservation
        let words = User(
          id: reservation.id, region: reservation.region.name, name: reservation.name,
          attributes: reservation.attributes)
        state.engine.forEachPiece(of: reservation, offset: 0, length: reservation.backedLength) { piece in
          let last = piece.physicalAddress &+ (piece.length &- 1)
          pieces.append(Piece(start: piece.physicalAddress, last: last, user: words))
          return true
        }
      }
    }
    return pieces
  }

  /// The longest ranges over which the same reservations lie and disagree, ascending.
  private static func conflicts(among pieces: [Piece]) -> [(UInt64, UInt64, [User])] {
    let starts = pieces.sorted { ($0.start, $0.user.id) < ($1.start, $1.user.id) }
    var borders = Set(pieces.map(\.start))
    for piece in pieces where piece.last != .max { borders.insert(piece.last + 1) }
    let sorted = borders.sorted()
    var result: [(UInt64, UInt64, [User])] = []
    var active: [Piece] = []
    var next = 0
    for (index, border) in sorted.enumerated() {
      active.removeAll { $0.last < border }
      while next < starts.count, starts[next].start == border {
        active.append(starts[next])
        next += 1
      }
      let last = index + 1 < sorted.count ? sorted[index + 1] - 1 : active.map(\.last).max() ?? border
      let users = active.map(\.user).sorted { $0.id < $1.id }
      guard disagree(users) else { continue }
      if let before = result.last, before.1 &+ 1 == border,
        before.2.map(\.id) == users.map(\.id)
      {
        result[result.count - 1].1 = last
      } else {
        result.append((border, last, users))
      }
    }
    return result
  }

  private static func disagree(_ users: [User]) -> Bool {
    guard let first = users.first?.attributes else { return false }
    return users.contains {
      $0.attributes.cache != first.cache || $0.attributes.isSecure != first.isSecure
    }
  }
}
