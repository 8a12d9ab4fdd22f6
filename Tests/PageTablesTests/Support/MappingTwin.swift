import PageTables
import TestSupport

/// A page table by brute force: one dictionary entry a page, leaves chosen greedily.
struct MappingTwin {
  /// One page of the smallest size.
  struct Page: Equatable {
    var address: UInt64
    var attributes: MappingAttributes
    /// The device address and size of the leaf that the page belongs to.
    var leafStart: UInt64
    var leafSize: UInt64
  }

  let pageSize: UInt64
  let sizes: [UInt64]
  private(set) var pages: [UInt64: Page] = [:]
  /// The device addresses at which leaves were ever mapped, in that order: dictionaries have no order to draw from.
  private(set) var history: [UInt64] = []

  init(_ description: FormatDescription) {
    pageSize = description.smallestPageSize
    sizes = description.pageSizes
  }

  /// The leaves by size.
  var leafCounts: [UInt64: Int] {
    pages.reduce(into: [:]) { counts, page in
      if page.key == page.value.leafStart { counts[page.value.leafSize, default: 0] += 1 }
    }
  }

  func page(_ deviceAddress: UInt64) -> Page? { pages[deviceAddress / pageSize * pageSize] }

  /// A page that is mapped, the same one for the same seed.
  func anyPage(using random: inout SeededRandom) -> Page? {
    for _ in 0..<8 {
      if let start = history.randomElement(using: &random), let page = pages[start] { return page }
    }
    return nil
  }

  /// Whether any page of a range is mapped.
  func isOccupied(_ start: UInt64, _ length: UInt64) -> Bool {
    addresses(start, length).contains { pages[$0] != nil }
  }

  /// Whether a range is all mapped.
  func isMapped(_ start: UInt64, _ length: UInt64) -> Bool {
    addresses(start, length).allSatisfy { pages[$0] != nil }
  }

  /// Whether a range begins or ends inside of a leaf.
  func cutsLeaf(_ start: UInt64, _ length: UInt64) -> Bool {
    let first = page(start).map { $0.leafStart != start } ?? false
    let last = page(start + (length - pageSize)).map {
      $0.leafStart &+ ($0.leafSize - 1) != start &+ (length - 1)
    }
    return first || last ?? false
  }

  mutating func map(_ start: UInt64, _ runs: [OutputRun], _ attributes: MappingAttributes) {
    var deviceAddress = start
    for run in joined(runs) {
      var output = run.physicalAddress
      var rest = run.length
      while rest > 0 {
        let size = sizes.last { (deviceAddress | output) % $0 == 0 && $0 <= rest } ?? pageSize
        history.append(deviceAddress)
        for offset in stride(from: 0, to: size, by: Int(pageSize)) {
          pages[deviceAddress &+ offset] = Page(
            address: output &+ offset, attributes: attributes, leafStart: deviceAddress, leafSize: size)
        }
        deviceAddress = deviceAddress &+ size
        output = output &+ size
        rest -= size
      }
    }
  }

  mutating func unmap(_ start: UInt64, _ length: UInt64) {
    for address in addresses(start, length) { pages[address] = nil }
  }

  mutating func change(_ start: UInt64, _ length: UInt64, _ attributes: MappingAttributes) {
    for address in addresses(start, length) { pages[address]?.attributes = attributes }
  }

  private func addresses(_ start: UInt64, _ length: UInt64) -> some Sequence<UInt64> {
    stride(from: 0, to: length, by: Int(pageSize)).lazy.map { start &+ $0 }
  }

  private func joined(_ runs: [OutputRun]) -> [OutputRun] {
    runs.reduce(into: []) { joined, run in
      if let last = joined.last, last.physicalAddress &+ last.length == run.physicalAddress {
        joined[joined.count - 1].length += run.length
      } else {
        joined.append(run)
      }
    }
  }
}
