/// What a file shows of its object, and so what must change for the file to change.
///
/// A file names the facets that its content and length come from. When the engine reports a change, the facets that it
/// touches say which of an object's files the kernel may have kept wrongly, and give these a new time.
struct Facets: OptionSet, Sendable, Hashable {
  let rawValue: UInt16

  /// Start, length, kind, format, attributes, alignment.
  static let values = Facets(rawValue: 1 << 0)
  /// Free space, and how much of it lies together.
  static let space = Facets(rawValue: 1 << 1)
  /// Which reservations exist.
  static let reservations = Facets(rawValue: 1 << 2)
  /// Which associations exist.
  static let associations = Facets(rawValue: 1 << 3)
  /// Which associations are active.
  static let activation = Facets(rawValue: 1 << 4)
  /// The encoded page tables.
  static let tables = Facets(rawValue: 1 << 5)
  /// What is behind a reservation.
  static let backing = Facets(rawValue: 1 << 6)
  /// Which reservations use a buffer.
  static let users = Facets(rawValue: 1 << 7)
  /// The bytes of a buffer, as far as they were written through the tree.
  static let bytes = Facets(rawValue: 1 << 8)
  /// The last failure.
  static let failure = Facets(rawValue: 1 << 9)
  /// Which regions exist, and their names.
  static let regions = Facets(rawValue: 1 << 10)
  /// Which devices exist, and their names.
  static let devices = Facets(rawValue: 1 << 11)
  /// Which buffers exist, and their names.
  static let allocations = Facets(rawValue: 1 << 12)
  /// Which bounds exist.
  static let bounds = Facets(rawValue: 1 << 13)
  /// Which attribute files are hidden, because they were unlinked: all directories show it.
  static let hiding = Facets(rawValue: 1 << 14)

  /// How many there are.
  static var count: Int { 15 }

  /// The numbers of those in the set, ascending.
  var indices: Indices { Indices(rest: rawValue) }

  /// The numbers of facets, one after the other.
  struct Indices: Sequence, IteratorProtocol {
    fileprivate var rest: UInt16

    mutating func next() -> Int? {
      guard rest != 0 else { return nil }
      defer { rest &= rest &- 1 }
      return rest.trailingZeroBitCount
    }
  }
}
