/// The reservations that an allocation backs, by their numbers, which rise from 0 and are never used again.
///
/// A reservation knows its number itself (``Reservation/userNumber``). A table with one user allocates nothing beside itself.
struct UserTable: ~Copyable {
  private enum Users {
    case none
    case one(Reservation)
    case many(Many)
  }

  private final class Many {
    @exclusivity(unchecked) var table = ObjectTable<Reservation>()
  }

  private var users = Users.none
  private var nextNumber: UInt64 = 0

  /// An empty table.
  init() {}

  /// The number of users.
  ///
  /// O(1).
  var count: Int {
    switch users {
    case .none: 0
    case .one: 1
    case .many(let many): many.table.count
    }
  }

  /// The user with this number.
  ///
  /// O(log n).
  subscript(number: UInt64) -> Reservation? {
    switch users {
    case .none: nil
    case .one(let only): only.userNumber == number ? only : nil
    case .many(let many): many.table[number]
    }
  }

  /// The user with the smallest number not below `number`.
  ///
  /// O(log n).
  func first(from number: UInt64) -> (number: UInt64, reservation: Reservation)? {
    switch users {
    case .none: nil
    case .one(let only): only.userNumber >= number ? (only.userNumber, only) : nil
    case .many(let many): many.table.first(from: number).map { ($0.number, $0.object) }
    }
  }

  /// Adds a user and gives it its number.
  ///
  /// O(log n).
  mutating func insert(_ reservation: Reservation) {
    reservation.userNumber = nextNumber
    nextNumber += 1
    switch users {
    case .none: users = .one(reservation)
    case .one(let only):
      let many = Many()
      many.table.insert(only, at: only.userNumber)
      many.table.insert(reservation, at: reservation.userNumber)
      users = .many(many)
    case .many(let many): many.table.insert(reservation, at: reservation.userNumber)
    }
  }

  /// Takes a user out.
  ///
  /// O(log n).
  mutating func remove(_ reservation: Reservation) {
    switch users {
    case .none: break
    case .one(let only): if only === reservation { users = .none }
    case .many(let many):
      many.table.remove(reservation.userNumber)
      if many.table.count == 0 { users = .none }
    }
  }
}
