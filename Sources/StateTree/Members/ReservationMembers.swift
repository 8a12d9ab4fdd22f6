internal import VCM

/// The reservations of a region, in the order of their addresses.
///
/// A key is the number of the 4 KiB page that a reservation begins with, and one; no two begin in the same page.
final class ReservationMembers: MemberList {
  let areDirectories = true
  var declaration: NodeDeclaration { Reservation.declarations[0] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    Region.from(subject)?.reservation(named: name).map { NodeID($0.id, Place.object) }
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {
    guard key < 1 << 52 else { return }
    Region.from(subject)?.forEachReservation(from: key << 12) { reservation, name in
      body(MemberEntry(name, .reservation(reservation), key: Self.key(of: reservation)))
    }
  }

  /// What orders a reservation among those of its region.
  static func key(of reservation: Reservation) -> UInt64 { reservation.address >> 12 + 1 }

  func count(in subject: Subject, _ state: TreeState) -> UInt64 {
    UInt64(Region.from(subject)?.reservationCount ?? 0)
  }

  func makeDirectory(_ name: String, in subject: Subject, _ state: TreeState) throws(VCMError) -> NodeID {
    throw .forbidden(
      "a reservation has a size: write 'SIZE name=\(ObjectNameText.shown(name))' to vcms/\(subject.name)/reserve"
    )
  }

  func removeDirectory(_ member: Subject, _ state: TreeState) throws(VCMError) {
    try state.engine.unreserve(Reservation.of(member))
  }

  func rename(_ member: Subject, to name: String, _ state: TreeState) throws(VCMError) {
    try state.engine.rename(Reservation.of(member), to: name)
  }
}
