internal import VCM

/// The links from a buffer to the reservations that it is behind, by number.
final class UserMembers: MemberList {
  let areDirectories = false
  var declaration: NodeDeclaration { Reservation.declarations[1] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    guard let allocation = PhysicalAllocation.from(subject), let number = UInt64(name), String(number) == name
    else {
      return nil
    }
    return allocation.user(number: number).map { NodeID($0.id, Place.userLink) }
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {
    guard let allocation = PhysicalAllocation.from(subject) else { return }
    // A key is a number and one, because keys begin at 1.
    var next = key
    while let (number, reservation) = allocation.firstUser(from: next) {
      let goesOn = String(number).withNameBytes {
        body(MemberEntry($0, .reservation(reservation), Place.userLink, key: number + 1))
      }
      guard goesOn else { return }
      next = number + 1
    }
  }

  func count(in subject: Subject, _ state: TreeState) -> UInt64 {
    UInt64(PhysicalAllocation.from(subject)?.userCount ?? 0)
  }

  func makeLink(
    _ name: String, to target: String, in subject: Subject, _ state: TreeState
  ) throws(VCMError) -> NodeID {
    throw .forbidden(
      "a buffer is put behind a reservation from its side: ln -s phys/\(subject.name) "
        + "vcms/REGION/reservations/RESERVATION/backing")
  }
}
