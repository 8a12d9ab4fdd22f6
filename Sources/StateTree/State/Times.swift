/// When the facets of objects changed last.
///
/// An object that few things happen to, as a reservation, has one time, which the engine keeps with it as its stamp.
/// Regions, devices, associations, memory types and the tree have one for each facet, so that a new reservation does not
/// make `start` look changed.
struct Times {
  /// A time for each facet (``Facets/count``), in nanoseconds since 1970.
  private typealias Moments = InlineArray<15, UInt64>

  private var byObject: ObjectMap<Moments>
  /// The time of what has not changed since the tree was made.
  let beginning: UInt64

  init(beginning: UInt64) {
    self.beginning = beginning
    byObject = ObjectMap(absent: Moments(repeating: beginning))
  }

  /// Notes that facets of an object changed at a moment.
  mutating func note(_ object: UInt64, _ facets: Facets, at moment: UInt64) {
    guard !facets.isEmpty else { return }
    byObject.update(object) { moments in
      for facet in facets.indices { moments[facet] = moment }
    }
  }

  /// An object that is made at a moment.
  mutating func create(_ object: UInt64, at moment: UInt64) {
    byObject.update(object) { $0 = Moments(repeating: moment) }
  }

  /// Forgets an object that is gone.
  mutating func forget(_ object: UInt64) { byObject.remove(object) }

  /// When one of the facets changed last; of none, when the object was made.
  func latest(_ object: UInt64, _ facets: Facets) -> UInt64 {
    let moments = byObject[object]
    var latest: UInt64 = 0
    for facet in facets.indices { latest = max(latest, moments[facet]) }
    guard facets.isEmpty else { return latest }
    var earliest = moments[0]
    for facet in 1..<Facets.count { earliest = min(earliest, moments[facet]) }
    return earliest
  }
}
