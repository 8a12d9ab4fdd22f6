/// The reservations that an allocation backs, by their numbers, which rise from 0 and are never used again.
///
/// A table with one user allocates nothing beside itself.
struct UserTable: ~Copyable {
  private var only: (number: UInt64, reservation: Reservation)?
  private var many: ObjectTable<Reservation> = ObjectTable()
  private var nextNumber: UInt64 = 0

  /// An empty table.
  init() {}

  /// The number of users.
  ///
  /// O(1).
  var count: Int { many.count + (only == nil ? 0 : 1) }

  /// The user with this number.
  ///
  /// O(log n).
  subscript(number: UInt64) -> Reservation? {
    if let only { return only.number == number ? only.reservation : nil }
    return many[number]
  }

  /// The user with the smallest number not below `number`.
  ///
  /// O(log n).
  func first(from number: UInt64) -> (number: UInt64, reservation: Reservation)? {
    if let only { return only.number >= number ? only : nil }
    guard let found = many.first(from: number) else { return nil }
    return (found.number, found.object)
  }

  /// Adds a user and gives its number.
  ///
  /// O(log n).
  mutating func insert(_ reservation: Reservation) -> UInt64 {
    let number = nextNumber
    nextNumber += 1
    if count == 0 {
      only = (number, reservation)
    } else {
      if let first = only {
        many.insert(first.reservation, at: first.number)
        only = nil
      }
      many.insert(reservation, at: number)
    }
    return number
  }

  /// Takes a user out.
  ///
  /// O(log n).
  mutating func remove(_ number: UInt64) {
    if only?.number == number { only = nil } else { many.remove(number) }
  }
}
