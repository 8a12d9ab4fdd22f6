internal import PageTables

/// A page table of a region, shared by the active associations that agree on its format and configuration.
final class RegionTable {
  /// What associations must agree on to share a table.
  struct Key: Hashable {
    /// The format's name.
    var format: String
    /// The configuration of the table.
    var configuration: TableConfiguration
  }

  /// What the users of the table agree on.
  let key: Key

  /// The table.
  let table: any PageTable

  /// How many active associations use it.
  var userCount = 0

  init(key: Key, table: any PageTable) {
    self.key = key
    self.table = table
  }

  /// Maps; all or nothing.
  func map(_ mapping: DeviceMapping) throws(VCMError) {
    do {
      if mapping.runs.count == 1 {
        try table.map(
          deviceAddress: mapping.deviceAddress, to: mapping.runs[0], attributes: mapping.attributes)
      } else {
        try table.map(
          deviceAddress: mapping.deviceAddress, runs: mapping.runs, attributes: mapping.attributes)
      }
    } catch {
      throw VCMError(error).attempting("mapping in format \(key.format)")
    }
  }

  /// Takes a mapping away that ``map(_:)`` made.
  func unmap(_ mapping: DeviceMapping) throws(VCMError) {
    do {
      try table.unmap(deviceAddress: mapping.deviceAddress, length: mapping.length)
    } catch {
      throw VCMError(error).attempting("unmapping in format \(key.format)")
    }
  }

  /// Gives the entries of a backed reservation other attributes.
  func changeAttributes(of reservation: Reservation, to attributes: ReservationAttributes) throws(VCMError) {
    do {
      try table.changeAttributes(
        deviceAddress: reservation.address, length: reservation.backedLength, attributes: attributes.mapping)
    } catch {
      throw VCMError(error).attempting("rewriting entries in format \(key.format)")
    }
  }
}
