import Glibc
import PhysicalMemory
import TestSupport
import Testing

/// Which bytes may be loaded through the mapping without filling a hole of the memory file.
struct LoadingTests {
  private static let page: UInt64 = UInt64(getpagesize())
  private static let pages: UInt64 = 700

  /// Windows that are not in the order of the file, the second at half a page.
  private static let windows = [
    MemoryWindow(base: 0x10_0000, size: pages * page, fileOffset: 8 * page),
    MemoryWindow(base: 0x8000_0000, size: 5 * page, fileOffset: 2 * page + page / 2),
  ]

  private struct Run: Equatable {
    var start: UInt64
    var length: Int
    var mayBeLoaded: Bool
  }

  /// The runs of a range, each of which must lie where the memory has it.
  private func runs(_ memory: PhysicalMemory, _ address: UInt64, _ count: UInt64) -> [Run] {
    var asked = AskedPages()
    var result: [Run] = []
    var next = address
    memory.forEachRun(from: address, byteCount: count, asked: &asked) { bytes, mayBeLoaded in
      #expect(
        bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }
          == memory.pointer(to: next, byteCount: 1))
      #expect(!bytes.isEmpty && result.last?.mayBeLoaded != mayBeLoaded)
      result.append(Run(start: next, length: bytes.count, mayBeLoaded: mayBeLoaded))
      next += UInt64(bytes.count)
    }
    return result
  }

  private func loadable(_ memory: PhysicalMemory, _ address: UInt64, _ count: UInt64) -> Int {
    runs(memory, address, count).reduce(0) { $0 + ($1.mayBeLoaded ? $1.length : 0) }
  }

  @Test func nothingOfAHoleMayBeLoaded() throws {
    let memory = try PhysicalMemory(memfdWith: Self.windows)
    #expect(loadable(memory, 0x10_0000, .max) == 0)
    #expect(runs(memory, 0x10_0000, .max).count == 1)
    #expect(memory.allocatedBytes == 0)
    #expect(runs(memory, 0, 4096) == [], "no memory")
    #expect(runs(memory, 0x10_0000, 0) == [])
  }

  @Test func atRandomAgainstAListOfPages() throws {
    let memory = try PhysicalMemory(memfdWith: Self.windows)
    var populated = Set<UInt64>()
    var random = SeededRandom(seed: 5)
    for step in 0..<3000 {
      let window = Self.windows[step % 5 == 0 ? 1 : 0]
      let into = UInt64.random(in: 0..<window.size, using: &random)
      let count = UInt64.random(in: 1...(step % 3 == 0 ? 300 : 3) * Self.page, using: &random)
      let address = window.base + into
      let fits = min(count, window.size - into)
      let first = (window.fileOffset + into) / Self.page
      let last = (window.fileOffset + into + fits - 1) / Self.page
      switch Int.random(in: 0..<8, using: &random) {
      case 0:
        memory.pointer(to: address, byteCount: 1)?.storeBytes(of: 1, as: UInt8.self)
        populated.insert(first)
      case 1:
        memory.punchHole(physicalAddress: address, length: fits)
        // The pages that are zeroed instead are there from now on.
        let start = window.fileOffset + into
        let whole =
          (start + Self.page - 1)
          / Self.page..<max(
            (start + Self.page - 1) / Self.page, (start + fits) / Self.page)
        for page in first...last {
          if whole.contains(page) { populated.remove(page) } else { populated.insert(page) }
        }
      default:
        var wanted: [Run] = []
        for page in first...last {
          let start = max(page * Self.page, window.fileOffset + into)
          let length = Int(min((page + 1) * Self.page, window.fileOffset + into + fits) - start)
          let isThere = populated.contains(page)
          if wanted.last?.mayBeLoaded == isThere {
            wanted[wanted.count - 1].length += length
          } else {
            let address = window.base + start - window.fileOffset
            wanted.append(Run(start: address, length: length, mayBeLoaded: isThere))
          }
        }
        #expect(runs(memory, address, count) == wanted, "step \(step), seed 5")
      }
      #expect(memory.allocatedBytes == UInt64(populated.count) * Self.page, "step \(step), seed 5")
    }
  }

  /// A page that another mapping of the file has filled is found.
  @Test func anotherMappingsPagesAreFound() throws {
    let memory = try PhysicalMemory(memfdWith: Self.windows)
    #expect(loadable(memory, 0x10_0000, Self.page) == 0)
    var byte: UInt8 = 9
    #expect(pwrite(memory.fileDescriptor, &byte, 1, off_t(8 * Self.page)) == 1)
    #expect(loadable(memory, 0x10_0000, 10 * Self.page) == Int(Self.page))
  }

  @Test func imagesMayBeLoadedWhole() throws {
    let path = "/tmp/vcmfs-image-\(getpid())"
    let file = open(path, O_RDWR | O_CREAT, 0o600)
    defer { unlink(path) }
    #expect(ftruncate(file, 1 << 20) == 0)
    close(file)
    let memory = try PhysicalMemory(reading: [MemoryImage(path: path, base: 0x1000)])
    #expect(runs(memory, 0x1000, .max) == [Run(start: 0x1000, length: 1 << 20, mayBeLoaded: true)])
  }
}
