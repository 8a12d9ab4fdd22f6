/// One thing that happened to one object.
///
/// An operation that changes several objects reports several changes, in an order in which each names only
/// objects that exist at that moment or, for ``Kind-swift.enum/removed``, existed until then.
public struct Change: Hashable, Sendable {
  /// What happened.
  public enum Kind: UInt8, CaseIterable, Sendable {
    /// The object was made.
    case created
    /// The object is gone; its id is never used again.
    case removed
    /// The object has a new name; `text` is the old one.
    case renamed
    /// A value of the object changed: a start, length, type, format, attributes or alignment.
    case attributes
    /// A reservation was backed or unbacked. `other` is the allocation.
    case backed, unbacked
    /// An association became active or inactive.
    case activated, deactivated
    /// Free space of a region, a bound or a memory type changed.
    case space
    /// The page tables of an association changed.
    case tables
    /// The set of reservations that use an allocation changed. `other` is the reservation.
    case users
    /// A device was reset.
    case reset
  }

  /// What happened.
  public var kind: Kind

  /// To which object.
  public var object: ObjectID

  /// The object's container: the region of a reservation, bound or association; nil for the others.
  public var parent: ObjectID?

  /// The second object that the change is about, where there is one: an association's device, a backing's
  /// allocation, a user's reservation.
  public var other: ObjectID?

  /// The object's name; for ``Kind-swift.enum/renamed`` the old name.
  public var name: String

  /// A number for ``Kind-swift.enum/users``: the user's number within the allocation.
  ///
  /// Zero otherwise.
  public var number: UInt64

  /// Makes a change.
  public init(
    _ kind: Kind, _ object: ObjectID, parent: ObjectID? = nil, other: ObjectID? = nil, name: String = "",
    number: UInt64 = 0
  ) {
    self.kind = kind
    self.object = object
    self.parent = parent
    self.other = other
    self.name = name
    self.number = number
  }
}

/// Whoever wants to hear of every change of the graph.
///
/// The engine calls it synchronously, after the operation has succeeded and before the engine's method
/// returns. It must not call the engine's changing methods from within. Without an observer a change costs
/// nothing.
public protocol ChangeObserver: AnyObject {
  /// Takes one change.
  func engineDidChange(_ change: Change)
}
