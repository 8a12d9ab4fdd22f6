/// How many reservations of a region have each combination of attributes.
///
/// A region has few combinations.
struct AttributeCensus {
  private var entries: [(attributes: ReservationAttributes, count: Int)] = []

  /// The combinations in use.
  var combinations: [ReservationAttributes] { entries.map(\.attributes) }

  /// Whether some reservation has this combination.
  func contains(_ attributes: ReservationAttributes) -> Bool {
    entries.contains { $0.attributes == attributes }
  }

  /// Counts one more.
  mutating func insert(_ attributes: ReservationAttributes) {
    for index in entries.indices where entries[index].attributes == attributes {
      entries[index].count += 1
      return
    }
    entries.append((attributes, 1))
  }

  /// Counts one less.
  mutating func remove(_ attributes: ReservationAttributes) {
    for index in entries.indices where entries[index].attributes == attributes {
      entries[index].count -= 1
      if entries[index].count == 0 { entries.remove(at: index) }
      return
    }
  }

  /// How many have this combination.
  func count(of attributes: ReservationAttributes) -> Int {
    entries.first { $0.attributes == attributes }?.count ?? 0
  }
}
