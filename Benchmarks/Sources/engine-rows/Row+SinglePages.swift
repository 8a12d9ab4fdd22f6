import PageTables

extension Row {
  /// One page a call, in random order, in leaf tables that exist.
  static var singlePages: [Row] {
    [
      Row(name: "map one page", baseline: "C mapper") { _ in
        let (under, pages) = try randomPages()
        var isMapped = (ours: false, inC: false)
        return Contest(
          operations: pages.count,
          ours: Contest.Side {
            if isMapped.ours { try unmap(pages, under) }
            isMapped.ours = true
          } body: {
            try map(pages, under)
          },
          baseline: Contest.Side {
            if isMapped.inC { for page in pages { try under.unmapInC(page, length: 4096) } }
            isMapped.inC = true
          } body: {
            for page in pages { try under.mapInC(page, to: TableUnderTest.output &+ page, length: 4096) }
          })
      },
      Row(name: "unmap one page", baseline: "C mapper") { _ in
        let (under, pages) = try randomPages()
        return Contest(
          operations: pages.count,
          ours: Contest.Side {
            try map(pages, under)
          } body: {
            try unmap(pages, under)
          },
          baseline: Contest.Side {
            for page in pages { try under.mapInC(page, to: TableUnderTest.output &+ page, length: 4096) }
          } body: {
            for page in pages { try under.unmapInC(page, length: 4096) }
          })
      },
      Row(name: "translate one address", baseline: "C mapper") { _ in
        let (under, pages) = try randomPages()
        try map(pages, under)
        for page in pages { try under.mapInC(page, to: TableUnderTest.output &+ page, length: 4096) }
        var sum: UInt64 = 0
        return Contest(
          operations: pages.count,
          ours: Contest.Side {
            for page in pages {
              if case .mapped(let address, _, _) = under.table.translate(page) { sum &+= address }
            }
          },
          baseline: Contest.Side { for page in pages { sum &+= under.translateInC(page) } },
          figures: { sum == 0 ? ["wrong": 1] : [:] })
      },
    ]
  }

  /// 10,000 pages out of 256 MiB.
  private static func randomPages() throws -> (TableUnderTest, [UInt64]) {
    let under = try TableUnderTest("x86-64")
    try under.warm(count: 128)
    var random = SeededRandom(seed: 5)
    let all = (0..<128 * 512).filter { $0 % 512 != 511 }.map { UInt64($0) << 12 }
    return (under, Array(all.shuffled(using: &random).prefix(10_000)))
  }

  private static func map(_ pages: [UInt64], _ under: TableUnderTest) throws {
    for page in pages {
      try under.table.map(
        deviceAddress: page, to: OutputRun(physicalAddress: TableUnderTest.output &+ page, length: 4096),
        attributes: MappingAttributes())
    }
  }

  private static func unmap(_ pages: [UInt64], _ under: TableUnderTest) throws {
    for page in pages { try under.table.unmap(deviceAddress: page, length: 4096) }
  }
}
