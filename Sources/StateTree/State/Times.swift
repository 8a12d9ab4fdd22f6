/// When the facets of objects changed last.
///
/// An object that few things happen to, as a reservation, has one time, which the engine keeps with it as its stamp.
/// Regions, devices, associations, memory types and the tree have one for each facet, so that a new reservation does not
/// make `start` look changed.
struct Times {
  private var byObject: [UInt64: [UInt64]] = [:]
  /// The time of what has not changed since the tree was made, in nanoseconds since 1970.
  let beginning: UInt64

  init(beginning: UInt64) {
    self.beginning = beginning
  }

  /// Notes that facets of an object changed at a moment.
  mutating func note(_ object: UInt64, _ facets: Facets, at moment: UInt64) {
    var times = byObject[object] ?? Array(repeating: beginning, count: Facets.count)
    for facet in 0..<Facets.count where facets.rawValue >> facet & 1 == 1 { times[facet] = moment }
    byObject[object] = times
  }

  /// An object that is made at a moment.
  mutating func create(_ object: UInt64, at moment: UInt64) {
    byObject[object] = Array(repeating: moment, count: Facets.count)
  }

  /// Forgets an object that is gone.
  mutating func forget(_ object: UInt64) { byObject[object] = nil }

  /// When one of the facets changed last; of none, when the object was made.
  func latest(_ object: UInt64, _ facets: Facets) -> UInt64 {
    guard let times = byObject[object] else { return beginning }
    var latest: UInt64 = 0
    for facet in 0..<Facets.count where facets.rawValue >> facet & 1 == 1 {
      latest = max(latest, times[facet])
    }
    return facets.isEmpty ? times.min() ?? beginning : latest
  }
}
