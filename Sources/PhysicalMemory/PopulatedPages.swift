internal import Glibc
internal import Synchronization

/// The pages that one read has asked the system about last, which it does not ask about again.
public struct AskedPages: Sendable {
  /// The word of the bits of ``PopulatedPages``.
  var word: Int?

  /// Nothing was asked.
  public init() {}
}

/// Which pages of the mapped memory file are known to be there, a bit each.
///
/// A load from a hole of the mapping gives it a page of the host's memory. A page that is known to be there is none, and
/// stays none until it is punched out, so it may be read through the mapping. What is not known is asked of the system,
/// 64 pages at a time, and kept. If another process punches a page out, its bit is wrong, which costs no more than the page that
/// the next load makes.
///
/// The bits are memory that is there where it is used: 32 MiB of addresses for a terabyte.
final class PopulatedPages: @unchecked Sendable {
  /// The pages that one word and one question are about.
  private static let wordBits = 64

  private let mapping: UnsafeMutableRawPointer
  private let mappedSize: Int
  private let pageSize: Int
  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  private let byteCount: Int
  /// Held while pages are asked for and noted, and while they are punched out and forgotten.
  private let lock = Mutex(())

  /// Nothing is known of a mapping.
  ///
  /// - Throws: `system` if there are no addresses for the bits.
  init(_ mapping: UnsafeMutableRawPointer, byteCount: Int, path: String) throws(PhysicalMemoryError) {
    self.mapping = mapping
    mappedSize = byteCount
    pageSize = Int(getpagesize())
    let wordCount = byteCount / pageSize / Self.wordBits + 1
    self.byteCount = wordCount * MemoryLayout<UInt64>.stride
    let bits = mmap(
      nil, self.byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let bits, bits != MAP_FAILED else { throw .system(call: "mmap", path: path, errno: errno) }
    words = bits.bindMemory(to: Atomic<UInt64>.self, capacity: wordCount)
  }

  deinit {
    munmap(words, byteCount)
  }

  /// How many bytes from an offset on, at most `limit`, lie in pages that are all known to be there, or all not known.
  ///
  /// - Complexity: O(pages / 64), with one system call for each 64 pages of which some are not known.
  func run(at offset: Int, limit: Int, asked: inout AskedPages) -> (isKnown: Bool, count: Int) {
    var page = offset / pageSize
    let end = (offset + limit - 1) / pageSize + 1
    let isKnown = bits(from: page, to: end, asked: &asked) & 1 != 0
    while page < end {
      // Whether each page of the rest of the word differs from the first, in bits that begin with this page's.
      let found = bits(from: page, to: end, asked: &asked)
      let different = isKnown ? ~found : found
      let rest = min(Self.wordBits - page % Self.wordBits, end - page)
      let alike = min(different.trailingZeroBitCount, rest)
      page += alike
      if alike < rest { break }
    }
    return (isKnown, min(page * pageSize - offset, limit))
  }

  /// The bits of the pages of one word from a page on, its own the lowest.
  private func bits(from page: Int, to end: Int, asked: inout AskedPages) -> UInt64 {
    let index = page / Self.wordBits
    let shift = UInt64(page % Self.wordBits)
    let last = min(Self.wordBits, end - index * Self.wordBits)
    let wanted: UInt64 = (.max >> UInt64(Self.wordBits - last)) >> shift
    let found = words[index].load(ordering: .relaxed) >> shift
    if found & wanted == wanted || asked.word == index { return found }
    asked.word = index
    return ask(index) >> shift
  }

  /// Asks the system about the pages of a word.
  private func ask(_ index: Int) -> UInt64 {
    let start = index * Self.wordBits * pageSize
    let count = min(Self.wordBits * pageSize, mappedSize - start)
    guard count > 0 else { return 0 }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.wordBits) { resident in
      lock.withLock { _ in
        var found = words[index].load(ordering: .relaxed)
        guard mincore(mapping + start, count, resident.baseAddress) == 0 else { return found }
        for page in 0..<(count + pageSize - 1) / pageSize where resident[page] & 1 != 0 {
          found |= 1 << UInt64(page)
        }
        words[index].store(found, ordering: .relaxed)
        return found
      }
    }
  }

  /// Calls `body`, which punches a range of whole pages out, and forgets them.
  func forget<Result>(from offset: Int, to end: Int, _ body: () -> Result) -> Result {
    lock.withLock { _ in
      let result = body()
      var page = offset / pageSize
      let end = end / pageSize
      while page < end {
        let into = page % Self.wordBits
        let count = min(Self.wordBits - into, end - page)
        let mask: UInt64 = (.max >> UInt64(Self.wordBits - count)) << UInt64(into)
        let word = words + page / Self.wordBits
        let bits = word.pointee.load(ordering: .relaxed)
        // What nobody has looked at has no memory for its bits, and gets none.
        if bits & mask != 0 { word.pointee.store(bits & ~mask, ordering: .relaxed) }
        page += count
      }
      return result
    }
  }
}
