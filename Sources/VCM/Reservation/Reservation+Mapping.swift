internal import PageTables

extension Reservation {
  /// The bytes behind the reservation, with some attributes.
  func mapping(attributes: ReservationAttributes) -> DeviceMapping {
    DeviceMapping(
      deviceAddress: address, runs: backing?.outputRuns(limit: length) ?? [], attributes: attributes.mapping)
  }
}

extension PhysicalAllocation {
  /// The first `limit` bytes as runs of physical memory, neighbours joined.
  ///
  /// O(runs).
  func outputRuns(limit: UInt64) -> [OutputRun] {
    var result: [OutputRun] = []
    result.reserveCapacity(runs.runCount)
    var rest = min(limit, length)
    for index in 0..<runs.runCount {
      guard rest > 0, let run = runs.run(index) else { break }
      let bytes = min(run.length, rest)
      if let last = result.last, last.physicalAddress &+ last.length == run.address {
        result[result.count - 1].length += bytes
      } else {
        result.append(OutputRun(physicalAddress: run.address, length: bytes))
      }
      rest -= bytes
    }
    return result
  }
}
