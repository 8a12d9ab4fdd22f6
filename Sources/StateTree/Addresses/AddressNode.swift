internal import VCM

/// An address that was looked up by path: `vcms/<vcm>/translate/<address>` and its kin.
///
/// Such a node cannot be told from its number alone. It is given one when it is looked up, and keeps that until the kernel
/// has forgotten it; all spellings of one address are one node.
struct AddressNode {
  /// In which directory it was looked up.
  enum Place {
    case region(Region)
    case device(Device)
    case physical
  }

  let place: Place
  let address: UInt64
  let serial: UInt64

  /// The directory.
  var directory: NodeID {
    switch place {
    case .region(let region): NodeID(region.id, StateTree.Place.regionTranslations)
    case .device(let device): NodeID(device.id, StateTree.Place.deviceTranslations)
    case .physical: NodeID(.engine, object: 0, place: StateTree.Place.physicalAddresses)
    }
  }
}

extension AddressNode: TreeObject {
  static func from(_ subject: Subject) -> AddressNode? {
    if case .address(let address) = subject { address } else { nil }
  }
}

/// The addresses that were looked up, by their numbers.
struct AddressTable {
  private struct Key: Hashable {
    let object: ObjectID?
    let address: UInt64
  }

  private struct Entry {
    let key: Key
    var lookups: UInt64 = 0
  }

  private var serials: [Key: UInt64] = [:]
  private var entries: [UInt64: Entry] = [:]
  private var nextSerial: UInt64 = 1
  private var unclaimed: Set<UInt64> = []

  /// How many there are.
  var count: Int { entries.count }

  /// The node of an address in a directory, which is dropped again unless the running operation claims it.
  ///
  /// - Parameters:
  ///   - object: the region or device; nil for physical addresses.
  ///   - address: the address.
  mutating func node(_ address: UInt64, of object: ObjectID?) -> NodeID {
    let key = Key(object: object, address: address)
    let serial = serials[key] ?? nextSerial
    if serial == nextSerial {
      nextSerial += 1
      serials[key] = serial
      entries[serial] = Entry(key: key)
      unclaimed.insert(serial)
    }
    let place =
      switch object?.kind {
      case .region: Place.regionAddress
      case .device: Place.deviceAddress
      default: Place.physicalAddress
      }
    return NodeID(.interned, object: serial, place: place)
  }

  /// The region or device of an address; nil for physical addresses, and for what is not known.
  func owner(of serial: UInt64) -> ObjectID? { entries[serial]?.key.object }

  /// Counts a look-up that the kernel will forget one day.
  mutating func claim(_ node: NodeID) {
    guard node.space == .interned, entries[node.object] != nil else { return }
    entries[node.object]?.lookups += 1
    unclaimed.remove(node.object)
  }

  /// The kernel has forgotten some look-ups.
  mutating func forget(_ node: NodeID, _ count: UInt64) {
    guard node.space == .interned, let entry = entries[node.object] else { return }
    if entry.lookups > count {
      entries[node.object]?.lookups -= count
    } else {
      drop(node.object)
    }
  }

  /// Drops what the running operation has found and not claimed.
  mutating func dropUnclaimed() {
    guard !unclaimed.isEmpty else { return }
    for serial in unclaimed { drop(serial) }
    unclaimed = []
  }

  private mutating func drop(_ serial: UInt64) {
    if let entry = entries.removeValue(forKey: serial) { serials[entry.key] = nil }
  }

  /// The address with a number.
  ///
  /// - Throws: `ENOENT` if it, or its region or device, is gone, or if in its region nothing is reserved there any more.
  func node(_ serial: UInt64, _ engine: Engine) throws(VCMError) -> AddressNode {
    guard let key = entries[serial]?.key else { throw .gone }
    guard let object = key.object else {
      return AddressNode(place: .physical, address: key.address, serial: serial)
    }
    switch engine.object(with: object) {
    case .region(let region):
      // The kernel may still have a name that was found while something was reserved there.
      guard region.reservation(containing: key.address) != nil else { throw .gone }
      return AddressNode(place: .region(region), address: key.address, serial: serial)
    case .device(let device): return AddressNode(place: .device(device), address: key.address, serial: serial)
    default: throw .gone
    }
  }
}
