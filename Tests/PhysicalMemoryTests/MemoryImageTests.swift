import Foundation
import PhysicalMemory
import Testing

/// Images of physical memory in files: where their bytes appear, and what is refused.
struct MemoryImageTests {
  /// A file of `pages` pages, each filled with its number counted from `first`, and `rest` bytes more.
  private func file(
    _ directory: URL, _ name: String, first: UInt8, pages: Int, rest: Int = 0
  ) throws -> String {
    var bytes = Data()
    for page in 0..<pages { bytes += Data(repeating: first + UInt8(page), count: 4096) }
    bytes += Data(repeating: 0xEE, count: rest)
    let url = directory.appending(path: name)
    try bytes.write(to: url)
    return url.path
  }

  private func withDirectory(_ body: (URL) throws -> Void) throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "images-\(UUID())")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try body(directory)
  }

  private func byte(_ memory: PhysicalMemory, _ address: UInt64) -> UInt8? {
    memory.pointer(to: address, byteCount: 1)?.load(as: UInt8.self)
  }

  @Test func severalFilesAreOneMemory() throws {
    try withDirectory { directory in
      let low = try file(directory, "low", first: 1, pages: 2)
      let next = try file(directory, "next", first: 10, pages: 3, rest: 100)
      let memory = try PhysicalMemory(reading: [
        MemoryImage(path: next, base: 0x8000_2000), MemoryImage(path: low, base: 0x8000_0000),
        MemoryImage(path: next, base: 0x123_4567, fileOffset: 4096, byteCount: 4100),
      ])
      #expect(byte(memory, 0x8000_0000) == 1 && byte(memory, 0x8000_1FFF) == 2)
      #expect(byte(memory, 0x8000_2000) == 10 && byte(memory, 0x8000_5063) == 0xEE)
      #expect(byte(memory, 0x8000_5064) == nil && byte(memory, 0x7FFF_FFFF) == nil)
      #expect(memory.pointer(to: 0x8000_0000, byteCount: 0x5064) != nil, "images that adjoin are one run")
      #expect(byte(memory, 0x123_4567) == 11 && byte(memory, 0x123_4567 + 4096) == 12)
      #expect(byte(memory, 0x123_4567 + 4100) == nil)
    }
  }

  /// An offset need not be a page's.
  @Test func oddOffsets() throws {
    try withDirectory { directory in
      let path = try file(directory, "odd", first: 1, pages: 3)
      let memory = try PhysicalMemory(reading: [MemoryImage(path: path, base: 0x1000, fileOffset: 4000)])
      #expect(byte(memory, 0x1000) == 1 && byte(memory, 0x1000 + 95) == 1 && byte(memory, 0x1000 + 96) == 2)
      #expect(byte(memory, 0x1000 + 8287) == 3 && byte(memory, 0x1000 + 8288) == nil)
    }
  }

  /// A terabyte without bytes costs nothing.
  @Test func hugeSparseFile() throws {
    try withDirectory { directory in
      let path = try file(directory, "huge", first: 1, pages: 1)
      #expect(truncate(path, 1 << 40) == 0)
      let memory = try PhysicalMemory(reading: [MemoryImage(path: path, base: 1 << 41)])
      #expect(byte(memory, 1 << 41) == 1 && byte(memory, 1 << 41 + 1 << 40 - 1) == 0)
      #expect(memory.pointer(to: 1 << 41, byteCount: 1 << 40) != nil)
    }
  }

  @Test func refusals() throws {
    try withDirectory { directory in
      let path = try file(directory, "two", first: 1, pages: 2)
      let empty = try file(directory, "empty", first: 1, pages: 0)
      func refusal(_ images: [MemoryImage]) -> PhysicalMemoryError? {
        do {
          _ = try PhysicalMemory(reading: images)
          return nil
        } catch {
          return error
        }
      }
      #expect(refusal([]) == .noWindows)
      #expect(
        refusal([MemoryImage(path: empty)]) == .badWindow(MemoryWindow(base: 0, size: 0, fileOffset: 0)))
      #expect(
        refusal([MemoryImage(path: path, base: .max - 100)])
          == .badWindow(MemoryWindow(base: .max - 100, size: 8192, fileOffset: 0)))
      #expect(
        refusal([MemoryImage(path: path, fileOffset: 9000)])
          == .badWindow(MemoryWindow(base: 0, size: 0, fileOffset: 9000)))
      #expect(
        refusal([MemoryImage(path: path, fileOffset: 4096, byteCount: 4097)])
          == .badWindow(MemoryWindow(base: 0, size: 4097, fileOffset: 4096)))
      #expect(
        refusal([MemoryImage(path: path, fileOffset: .max, byteCount: .max)])
          == .badWindow(MemoryWindow(base: 0, size: .max, fileOffset: .max)))
      guard
        case .overlappingWindows = refusal([MemoryImage(path: path), MemoryImage(path: path, base: 4096)])
      else { throw PhysicalMemoryError.noWindows }
      #expect(
        refusal([MemoryImage(path: path + "x")]) == .system(call: "open", path: path + "x", errno: ENOENT))
      #expect(
        refusal([MemoryImage(path: directory.path)])
          == .system(call: "mmap", path: directory.path, errno: ENODEV))
      #expect(
        refusal([MemoryImage(path: "/dev/null")]) == .system(call: "mmap", path: "/dev/null", errno: ENODEV))
    }
  }
}
