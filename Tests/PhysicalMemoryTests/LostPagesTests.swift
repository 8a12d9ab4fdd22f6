import Glibc
import Testing

@testable import PhysicalMemory

/// A memory file that somebody else makes shorter.
@Suite struct LostPagesTests {
  @Test func touchedPagesAreCountedAndZero() throws {
    let path = "/tmp/vcmfs-lost-pages-\(getpid())"
    defer { unlink(path) }
    let window = MemoryWindow(base: 0x8000_0000, size: 1 << 20, fileOffset: 0)
    let memory = try PhysicalMemory(file: path, windows: [window])
    let other = try PhysicalMemory(memfdWith: [window])
    let first = try #require(memory.pointer(to: 0x8000_0000, byteCount: 8))
    first.storeBytes(of: 7, as: UInt64.self)
    #expect(memory.lostPageCount == 0)
    #expect(truncate(path, 0) == 0)
    #expect(first.load(as: UInt64.self) == 0)
    let second = try #require(memory.pointer(to: 0x8000_5008, byteCount: 8))
    second.storeBytes(of: 9, as: UInt64.self)
    #expect(second.load(as: UInt64.self) == 9)
    #expect(memory.lostPageCount == 2)
    #expect(other.lostPageCount == 0)
  }
}
