public import PageTables

/// What a format's translation cache must hold to keep a buffer in reach: how many entries, of which page sizes.
///
/// It is computed from the memory's runs, as the table is written, so that it is known before a table exists and costs
/// nothing in proportion to the entries.
public struct TranslationReach: Sendable, Equatable {
  /// The format's name.
  public let format: String

  /// How the format's tables are made.
  public let configuration: TableConfiguration

  /// The page sizes that are used, ascending, and the leaves of each; nil if the format cannot map this.
  public let leaves: [Leaves]?

  /// Leaves of one size.
  public struct Leaves: Sendable, Equatable {
    /// The bytes that each maps.
    public let size: UInt64
    /// How many there are.
    public let count: UInt64
  }

  /// All leaves.
  public var entryCount: UInt64 { (leaves ?? []).reduce(0) { $0 + $1.count } }

  init(
    _ format: any FormatEntry, _ configuration: TableConfiguration,
    _ plan: (any FormatEntry) throws(PageTableError) -> [(size: UInt64, count: UInt64)]
  ) {
    self.format = format.description.name
    self.configuration = configuration
    leaves = (try? plan(format))?.map { Leaves(size: $0.size, count: $0.count) }
  }
}

extension Reservation {
  /// What the bytes behind the reservation take, for each format and configuration among the devices of its region,
  /// oldest association first, active or not; nothing while it is not backed.
  ///
  /// O(associations + runs · formats).
  public var translationReaches: [TranslationReach] {
    guard isBacked else { return [] }
    var seen: Set<RegionTable.Key> = []
    var result: [TranslationReach] = []
    var runs: [OutputRun]?
    for association in region.associations {
      guard let format = association.device.tableFormat else { continue }
      let configuration = association.device.tableConfiguration(
        association.attributes, reaching: association.region.last)
      guard
        seen.insert(RegionTable.Key(format: format.description.name, configuration: configuration)).inserted
      else { continue }
      let known = runs ?? backing?.outputRuns(limit: length) ?? []
      runs = known
      result.append(
        TranslationReach(format, configuration) { (format) throws(PageTableError) in
          try format.planLeaves(deviceAddress: address, runs: known, configuration: configuration)
        })
    }
    return result
  }
}

extension Engine {
  /// What a buffer takes at the device address that suits it best, for each format and configuration among all devices,
  /// oldest device first.
  ///
  /// O(devices + runs · formats).
  public func translationReaches(of allocation: PhysicalAllocation) -> [TranslationReach] {
    let runs = allocation.outputRuns(limit: allocation.length)
    var seen: Set<RegionTable.Key> = []
    var result: [TranslationReach] = []
    var last: ObjectID?
    while let device = firstDevice(after: last) {
      last = device.id
      guard let format = device.tableFormat else { continue }
      let configuration = device.configuration
      guard
        seen.insert(RegionTable.Key(format: format.description.name, configuration: configuration)).inserted
      else { continue }
      result.append(
        TranslationReach(format, configuration) { (format) throws(PageTableError) in
          try format.planBestLeaves(runs: runs, configuration: configuration)
        })
    }
    return result
  }
}
