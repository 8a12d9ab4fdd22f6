internal import VCM

/// Device addresses of a region, as links to their reservations: any spelling of any address that is reserved.
///
/// The listing has the first address of each reservation, so that `ls -l at` shows the region's map.
final class AddressLinkMembers: MemberList {
  let areDirectories = false
  var declaration: NodeDeclaration { Reservation.declarations[2] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    guard let region = Region.from(subject), let address = try? Number.parse(name[...]) else { return nil }
    return region.reservation(containing: address).map { NodeID($0.id, Place.addressLink) }
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {
    ReservationMembers().forEach(in: subject, after: key, state) { member in
      Print.withAddress((member.key - 1) << 12) { name in
        body(MemberEntry(name, member.subject, Place.addressLink, key: member.key))
      }
    }
  }

  func count(in subject: Subject, _ state: TreeState) -> UInt64 {
    UInt64(Region.from(subject)?.reservationCount ?? 0)
  }
}

/// Device addresses of a region, to be translated: any spelling of any address that is reserved.
///
/// None is listed.
final class RegionAddressMembers: MemberList {
  let areDirectories = false
  var declaration: NodeDeclaration { AddressNodes.declarations[0] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    guard let region = Region.from(subject), let address = try? Number.parse(name[...]),
      region.reservation(containing: address) != nil
    else { return nil }
    return state.addresses.node(address, of: region.id)
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {}

  func count(in subject: Subject, _ state: TreeState) -> UInt64 { 0 }
}

/// Device addresses of a device, to be walked: any spelling of any number.
///
/// None is listed.
final class DeviceAddressMembers: MemberList {
  let areDirectories = false
  var declaration: NodeDeclaration { AddressNodes.declarations[1] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    guard let device = Device.from(subject), let address = try? Number.parse(name[...]) else { return nil }
    return state.addresses.node(address, of: device.id)
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {}

  func count(in subject: Subject, _ state: TreeState) -> UInt64 { 0 }
}

/// Physical addresses: any spelling of any number.
///
/// None is listed.
final class PhysicalAddressMembers: MemberList {
  let areDirectories = false
  var declaration: NodeDeclaration { AddressNodes.declarations[2] }

  func find(_ name: String, in subject: Subject, _ state: TreeState) -> NodeID? {
    guard let address = try? Number.parse(name[...]) else { return nil }
    return state.addresses.node(address, of: nil)
  }

  func forEach(
    in subject: Subject, after key: UInt64, _ state: TreeState, _ body: (MemberEntry) -> Bool
  ) {}

  func count(in subject: Subject, _ state: TreeState) -> UInt64 { 0 }
}
