/// Whom an entry of a region's address space belongs to, as the word that the entry keeps.
///
/// The word is the object's address, and its lowest bit tells a bound from a reservation. The objects live at
/// least as long as their entries, which own no reference.
enum Occupant {
  /// A reservation.
  case reservation(Reservation)
  /// A bound.
  case bound(Bound)

  init(_ word: UInt) {
    // Safe: the word was made below from an object that lives until its entry is taken out.
    if word & 1 == 0, let pointer = UnsafeRawPointer(bitPattern: word) {
      self = .reservation(Unmanaged<Reservation>.fromOpaque(pointer).takeUnretainedValue())
    } else if let pointer = UnsafeRawPointer(bitPattern: word & ~1) {
      self = .bound(Unmanaged<Bound>.fromOpaque(pointer).takeUnretainedValue())
    } else {
      fatalError("an entry of an address space belongs to nobody")
    }
  }

  /// The word for a reservation.
  static func word(_ reservation: Reservation) -> UInt {
    UInt(bitPattern: Unmanaged.passUnretained(reservation).toOpaque())
  }

  /// The word for a bound.
  static func word(_ bound: Bound) -> UInt {
    UInt(bitPattern: Unmanaged.passUnretained(bound).toOpaque()) | 1
  }

  /// The reservation, if it is one.
  var reservation: Reservation? {
    if case .reservation(let reservation) = self { reservation } else { nil }
  }

  /// The name and kind of the object, for a sentence.
  var title: String {
    switch self {
    case .reservation(let reservation): "reservation '\(reservation.name)'"
    case .bound(let bound): "bound '\(bound.name)'"
    }
  }
}
