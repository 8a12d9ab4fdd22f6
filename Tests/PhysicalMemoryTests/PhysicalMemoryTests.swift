import Foundation
import PhysicalMemory
import TestSupport
import Testing

/// The memory file: windows, bounds, sharing with other mappings, holes.
struct PhysicalMemoryTests {
  private static let low = MemoryWindow(base: 0x8000_0000, size: 0x10_0000, fileOffset: 0)
  private static let next = MemoryWindow(base: 0x8010_0000, size: 0x10_0000, fileOffset: 0x10_0000)
  private static let far = MemoryWindow(base: 0xF_0000_0000, size: 0x4000, fileOffset: 0x30_0000)

  private func refusal(_ windows: [MemoryWindow]) -> PhysicalMemoryError? {
    do {
      _ = try PhysicalMemory(memfdWith: windows)
      return nil
    } catch {
      return error
    }
  }

  @Test func pointersAreBoundedByWindows() throws {
    let memory = try PhysicalMemory(memfdWith: [Self.far, Self.next, Self.low])
    #expect(memory.windows == [Self.low, Self.next, Self.far])
    #expect(memory.pointer(to: 0x8000_0000, byteCount: 0x20_0000) != nil, "adjoining windows are one run")
    #expect(memory.pointer(to: 0x8000_0000, byteCount: 0x20_0001) == nil)
    #expect(memory.pointer(to: 0x7FFF_FFFF, byteCount: 1) == nil)
    #expect(memory.pointer(to: 0x801F_FFFF, byteCount: 1) != nil)
    #expect(memory.pointer(to: 0x8020_0000, byteCount: 1) == nil)
    #expect(memory.pointer(to: 0xF_0000_3FFF, byteCount: 1) != nil)
    #expect(memory.pointer(to: 0xF_0000_3FFF, byteCount: 2) == nil)
    #expect(memory.pointer(to: .max, byteCount: .max) == nil)
    #expect(memory.pointer(to: 0x8000_0000, byteCount: .max) == nil)
  }

  @Test func contiguityAndOffsets() throws {
    let memory = try PhysicalMemory(memfdWith: [Self.low, Self.next, Self.far])
    #expect(memory.contiguousBytes(from: 0x8000_1000, limit: .max) == 0x1F_F000)
    #expect(memory.contiguousBytes(from: 0x8000_1000, limit: 10) == 10)
    #expect(memory.contiguousBytes(from: 0x9000_0000, limit: 10) == 0)
    #expect(memory.fileOffset(of: 0xF_0000_0004) == 0x30_0004)
    #expect(memory.fileOffset(of: 0x8010_0000) == 0x10_0000)
    #expect(memory.fileOffset(of: 0) == nil)
    #expect(memory.fileSize == 0x30_4000)
  }

  /// Against a list of bytes, at random.
  @Test func agreesWithTwin() throws {
    let windows = [
      MemoryWindow(base: 0x1000, size: 0x1000, fileOffset: 0x5000),
      MemoryWindow(base: 0x2000, size: 0x800, fileOffset: 0x1000),
      MemoryWindow(base: 0x2800, size: 0x800, fileOffset: 0x1800),
      MemoryWindow(base: 0x8000, size: 0x10, fileOffset: 0x9000),
    ]
    let memory = try PhysicalMemory(memfdWith: windows)
    var random = SeededRandom(seed: 7)
    for _ in 0..<2000 {
      let address = UInt64.random(in: 0..<0x9000, using: &random)
      let count = UInt64.random(in: 1..<0x1800, using: &random)
      let home = { (address: UInt64) in windows.first { address >= $0.base && address - $0.base < $0.size } }
      var run: UInt64 = 0
      var offset: UInt64?
      while run < count, let window = home(address + run) {
        let here = window.fileOffset + (address + run - window.base)
        guard offset == nil || offset == here else { break }
        offset = here + 1
        run += 1
      }
      #expect(memory.contiguousBytes(from: address, limit: count) == run, "address \(address), seed 7")
      #expect((memory.pointer(to: address, byteCount: count) != nil) == (run == count))
    }
  }

  @Test func refusesWhatCannotBeMemory() {
    #expect(refusal([]) == .noWindows)
    let empty = MemoryWindow(base: 0, size: 0, fileOffset: 0)
    #expect(refusal([empty]) == .badWindow(empty))
    let past = MemoryWindow(base: .max - 0xFFF, size: 0x2000, fileOffset: 0)
    #expect(refusal([past]) == .badWindow(past))
    let farFile = MemoryWindow(base: 0, size: 0x1000, fileOffset: UInt64(Int64.max))
    #expect(refusal([farFile]) == .badWindow(farFile))
    let inside = MemoryWindow(base: 0x8000_8000, size: 0x1000, fileOffset: 0x50_0000)
    #expect(refusal([inside, Self.low]) == .overlappingWindows(Self.low, inside))
    let sameBytes = MemoryWindow(base: 0, size: 0x1000, fileOffset: 0x8000)
    #expect(refusal([sameBytes, Self.low]) == .overlappingWindows(Self.low, sameBytes))
    let errors: [PhysicalMemoryError] = [
      .noWindows, .badWindow(empty), .overlappingWindows(empty, empty),
      .system(call: "open", path: "x", errno: 2),
    ]
    #expect(Set(errors.map(\.sentence)).count == errors.count)
    #expect(errors.map(\.errno) == [nil, nil, nil, 2])
  }

  @Test func theTopOfTheAddressSpaceIsAnAddress() throws {
    let top = MemoryWindow(base: .max - 0xFFF, size: 0x1000, fileOffset: 0)
    let memory = try PhysicalMemory(memfdWith: [top])
    #expect(memory.pointer(to: .max, byteCount: 1) != nil)
    #expect(memory.pointer(to: .max, byteCount: 2) == nil)
    memory.punchHole(physicalAddress: .max - 0xFFF, length: .max)
  }

  @Test func aTebibyteCostsNothingUntilTouched() throws {
    let memory = try PhysicalMemory(memfdWith: [MemoryWindow(base: 0, size: 1 << 40, fileOffset: 0)])
    #expect(memory.allocatedBytes == 0)
    memory.pointer(to: 1 << 39, byteCount: 8)?.storeBytes(of: 42, as: UInt64.self)
    #expect(memory.allocatedBytes <= 1 << 21)
    #expect(memory.pointer(to: 1 << 39, byteCount: 8)?.load(as: UInt64.self) == 42)
  }

  @Test func holesGiveMemoryBackAndReadAsZero() throws {
    let memory = try PhysicalMemory(memfdWith: [Self.low, Self.next, Self.far])
    let bytes = try #require(memory.pointer(to: 0x8000_0000, byteCount: 0x20_0000))
    bytes.initializeMemory(as: UInt8.self, repeating: 7, count: 0x20_0000)
    let full = memory.allocatedBytes
    memory.punchHole(physicalAddress: 0x8000_0800, length: 0x10_0000)
    #expect(memory.allocatedBytes <= full - 0xF_F000)
    let values = [0, 0x7FF, 0x800, 0x1000, 0x10_07FF, 0x10_0800].map {
      bytes.load(fromByteOffset: $0, as: UInt8.self)
    }
    #expect(values == [7, 7, 0, 0, 0, 7])
    // From below the first window over a gap to the far one; what is no memory is skipped.
    let far = try #require(memory.pointer(to: 0xF_0000_0000, byteCount: 0x4000))
    far.initializeMemory(as: UInt8.self, repeating: 9, count: 0x4000)
    memory.punchHole(physicalAddress: 0x8010_0000, length: 0xF_0000_2000 - 0x8010_0000)
    #expect(far.load(as: UInt8.self) == 0 && far.load(fromByteOffset: 0x2000, as: UInt8.self) == 9)
    #expect(bytes.load(fromByteOffset: 0x1F_FFFF, as: UInt8.self) == 0)
    memory.punchHole(physicalAddress: 0, length: 0x1000)
  }

  @Test func aFileKeepsItsBytesAndIsShared() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "vcmfs-memory-\(UUID()).bin").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data([1, 2, 3, 4]).write(to: URL(filePath: path))
    let first = try PhysicalMemory(file: path, windows: [Self.low])
    let second = try PhysicalMemory(file: path, windows: [Self.low, Self.next])
    let here = try #require(first.pointer(to: 0x8000_0000, byteCount: 8))
    #expect((0..<5).map { here.load(fromByteOffset: $0, as: UInt8.self) } == [1, 2, 3, 4, 0])
    here.storeBytes(of: 99, toByteOffset: 5, as: UInt8.self)
    #expect(second.pointer(to: 0x8000_0005, byteCount: 1)?.load(as: UInt8.self) == 99)
    let size = try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    #expect(size == 0x20_0000, "the file is as long as its windows")
    let third = try PhysicalMemory(file: path, windows: [MemoryWindow(base: 0, size: 0x1000, fileOffset: 0)])
    #expect(third.fileSize == 0x1000)
    #expect(
      second.pointer(to: 0x801F_FFFF, byteCount: 1)?.load(as: UInt8.self) == 0, "a long file is not cut")
  }

  @Test func anImpossibleFileSaysWhy() {
    do {
      _ = try PhysicalMemory(file: "/nonexistent/memory", windows: [Self.low])
      Issue.record("opened")
    } catch {
      #expect(error == .system(call: "open", path: "/nonexistent/memory", errno: 2))
      #expect(error.sentence.contains("/nonexistent/memory"))
    }
  }
}
