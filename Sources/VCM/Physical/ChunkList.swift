/// The chunks of an allocation in the order of its bytes, as runs of neighbours of one length.
///
/// A list of one run, however many chunks that has, allocates nothing.
struct ChunkList {
  /// Chunks of one length, one after the other in physical memory and in the buffer.
  struct Run: Hashable {
    /// The number of chunks before the first of these.
    var firstIndex: UInt64
    /// Where the first chunk begins in the buffer, in bytes.
    var offset: UInt64
    /// The physical address of the first chunk.
    var address: UInt64
    /// The bytes of each chunk.
    var chunkLength: UInt64
    /// How many chunks there are.
    var count: UInt64

    /// The bytes of all of them.
    var length: UInt64 { chunkLength &* count }
    /// The physical addresses of all of them.
    var range: AddressRange { AddressRange(first: address, last: address &+ (length &- 1)) }
  }

  // The first run by itself, whose index and offset are zero: most lists have no other.
  private var firstAddress: UInt64 = 0
  private var firstChunkLength: UInt64 = 0
  private var firstCount: UInt64 = 0
  private var others: [Run] = []
  /// The numbers of the runs by rising physical address; empty where that is their own order.
  private var addressOrder: [UInt32] = []

  /// An empty list.
  init() {}

  /// The first run; nil in an empty list.
  private var first: Run? {
    guard firstCount > 0 else { return nil }
    return Run(
      firstIndex: 0, offset: 0, address: firstAddress, chunkLength: firstChunkLength, count: firstCount)
  }

  private var last: Run? { others.last ?? first }

  /// The number of bytes.
  var length: UInt64 { last.map { $0.offset &+ $0.length } ?? 0 }

  /// The number of chunks.
  var chunkCount: UInt64 { last.map { $0.firstIndex &+ $0.count } ?? 0 }

  /// Appends at least one chunk, joining it with the last run where it goes on in the same way.
  ///
  /// O(1).
  mutating func append(address: UInt64, chunkLength: UInt64, count: UInt64) {
    guard let last else {
      (firstAddress, firstChunkLength, firstCount) = (address, chunkLength, count)
      return
    }
    if last.chunkLength == chunkLength, last.address &+ last.length == address {
      if others.isEmpty { firstCount &+= count } else { others[others.count - 1].count &+= count }
    } else {
      others.append(
        Run(
          firstIndex: last.firstIndex &+ last.count, offset: last.offset &+ last.length, address: address,
          chunkLength: chunkLength, count: count))
    }
  }

  /// The number of runs.
  var runCount: Int { firstCount == 0 ? 0 : 1 + others.count }

  /// A run by its number, below ``runCount``.
  func run(_ index: Int) -> Run? { index == 0 ? first : others[index - 1] }

  /// Whether all chunks follow each other in physical memory.
  ///
  /// O(runs).
  var isContiguous: Bool {
    guard let first else { return true }
    var next = first.address &+ first.length
    for run in others {
      guard run.address == next else { return false }
      next = run.address &+ run.length
    }
    return true
  }

  /// The number of the run that has the byte at `offset`, which is below ``length``.
  ///
  /// O(log runs).
  func runIndex(ofOffset offset: UInt64) -> Int {
    search { $0.offset <= offset }
  }

  /// The number of the run that has the chunk with this index, which is below ``chunkCount``.
  ///
  /// O(log runs).
  func runIndex(ofChunk index: UInt64) -> Int {
    search { $0.firstIndex <= index }
  }

  /// Which byte of the list lies at a physical address; nil if none does.
  ///
  /// The runs do not overlap. O(log runs) after ``orderByAddress()``.
  func offset(of address: UInt64) -> UInt64? {
    if others.isEmpty {
      let offset = address &- firstAddress
      return address >= firstAddress && offset < firstChunkLength &* firstCount ? offset : nil
    }
    let place = lastPlace { place in run(byAddress: place).map { $0.address <= address } ?? false }
    guard let run = run(byAddress: place), run.range.contains(address) else { return nil }
    return run.offset + (address - run.address)
  }

  /// Prepares ``offset(of:)``, once all chunks are there.
  ///
  /// O(runs) where the addresses rise, as they mostly do; else O(runs log runs), and four bytes a run.
  mutating func orderByAddress() {
    var highest = firstAddress
    let isAscending = others.allSatisfy { run in
      defer { highest = run.address }
      return run.address >= highest
    }
    guard !isAscending, runCount <= UInt32.max else { return }
    addressOrder = (0..<UInt32(runCount)).sorted {
      (run(Int($0))?.address ?? 0) < (run(Int($1))?.address ?? 0)
    }
  }

  /// The run with the given number of runs at lower addresses.
  private func run(byAddress place: Int) -> Run? {
    addressOrder.isEmpty ? run(place) : run(Int(addressOrder[place]))
  }

  /// The last run for which `isBefore` holds; it holds for a first part of the runs.
  private func search(_ isBefore: (Run) -> Bool) -> Int {
    lastPlace { place in place == 0 || isBefore(others[place - 1]) }
  }

  /// The last number of a run for which `isBefore` holds; it holds for a first part of them, or for none, and
  /// 0 stands for that too.
  private func lastPlace(_ isBefore: (Int) -> Bool) -> Int {
    var low = 0
    var high = others.count
    while low < high {
      let middle = (low + high + 1) / 2
      if isBefore(middle) { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
