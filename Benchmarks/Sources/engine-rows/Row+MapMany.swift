import Baselines
import PageTables

extension Row {
  /// 256 pages in one call, into leaf tables that exist.
  static var mapMany: [Row] {
    ["x86-64", "intel-vtd", "arm64-4k"].map { format in
      Row(name: "map 256 x 4K in one call, \(format)", baseline: "C mapper") { _ in
        let under = try TableUnderTest(format)
        try under.warm(count: callCount)
        return mapContest(under) { address in
          try under.table.map(
            deviceAddress: address, to: OutputRun(physicalAddress: TableUnderTest.output, length: 256 << 12),
            attributes: MappingAttributes())
        }
      }
    }
  }

  /// 256 pages that lie apart, in one call.
  static var mapScattered: Row {
    Row(name: "map 256 scattered pages in one call, x86-64", baseline: "C mapper, one run") { _ in
      let under = try TableUnderTest("x86-64")
      try under.warm(count: callCount)
      let runs = (0..<256).map {
        OutputRun(physicalAddress: TableUnderTest.output + UInt64($0 * 2) << 12, length: 4096)
      }
      return mapContest(under) { address in
        try under.table.map(deviceAddress: address, runs: runs, attributes: MappingAttributes())
      }
    }
  }

  /// How many leaf tables are written into, one call each.
  private static var callCount: Int { 64 }

  private static func mapContest(
    _ under: TableUnderTest, _ map: @escaping (UInt64) throws -> Void
  ) -> Contest {
    let addresses = (0..<callCount).map { UInt64($0) * TableUnderTest.span + 100 << 12 }
    let entries = UnsafeMutablePointer<UInt64>.allocate(capacity: callCount * 512)
    entries.initialize(repeating: 0, count: callCount * 512)
    let length: UInt64 = 256 << 12
    var isMapped = (ours: false, inC: false)
    return Contest(
      operations: callCount * 256,
      ours: Contest.Side {
        if isMapped.ours {
          for address in addresses { try under.table.unmap(deviceAddress: address, length: length) }
        }
        isMapped.ours = true
      } body: {
        for address in addresses { try map(address) }
      },
      baseline: Contest.Side {
        if isMapped.inC { for address in addresses { try under.unmapInC(address, length: length) } }
        isMapped.inC = true
      } body: {
        for address in addresses { try under.mapInC(address, to: TableUnderTest.output, length: length) }
      },
      others: [
        "x store loop": Contest.Side {
          for index in 0..<callCount {
            store_entries(
              entries + index * 512 + 100, 256, TableUnderTest.output | TableUnderTest.flags, 4096)
          }
        }
      ])
  }
}
