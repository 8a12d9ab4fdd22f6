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

  /// A core file: a segment of two pages, one of its text again, one that the file ends in, and a note.
  @Test(arguments: [(true, false), (true, true), (false, false), (false, true)])
  func coreFiles(isWide: Bool, isBigEndian: Bool) throws {
    try withDirectory { directory in
      var bytes = Data()
      func put(_ value: UInt64, _ count: Int) {
        let shifts = (0..<count).map { 8 * UInt64(isBigEndian ? count - 1 - $0 : $0) }
        bytes.append(contentsOf: shifts.map { UInt8(truncatingIfNeeded: value >> $0) })
      }
      let word = isWide ? 8 : 4
      bytes.append(
        contentsOf: [0x7F, 0x45, 0x4C, 0x46, isWide ? 2 : 1, isBigEndian ? 2 : 1, 1]
          + [UInt8](repeating: 0, count: 9))
      put(4, 2)
      put(0, 2)
      put(1, 4)
      put(0, word)
      put(isWide ? 64 : 52, word)
      put(0, word)
      put(0, 4)
      for field in [isWide ? 64 : 52, isWide ? 56 : 32, 4, 0, 0, 0] as [UInt64] { put(field, 2) }
      // Type, offset, physical address, size in the file.
      let segments: [(UInt64, UInt64, UInt64, UInt64)] = [
        (4, 0, 0, 100), (1, 0x2000, 0x8010_0000, 0x1000), (1, 0x1000, 0x800F_F000, 0x2000),
        (1, 0x3000, 0x10_0000, 0x8000),
      ]
      for (type, offset, address, size) in segments {
        put(type, 4)
        if isWide { put(0, 4) }
        for field in [offset, 0xC000_0000, address, size, size] { put(field, word) }
        if !isWide { put(0, 4) }
        put(0, word)
      }
      bytes += Data(repeating: 0, count: 0x1000 - bytes.count)
      for page in 1...3 as ClosedRange<UInt8> { bytes += Data(repeating: page, count: 4096) }
      let path = directory.appending(path: "core").path
      try bytes.write(to: URL(filePath: path))
      let memory = try PhysicalMemory(reading: [MemoryImage(path: path)])
      #expect(
        byte(memory, 0x800F_F000) == 1 && byte(memory, 0x8010_0000) == 2 && byte(memory, 0x8010_1000) == nil)
      #expect(byte(memory, 0x10_0000) == 3 && byte(memory, 0x10_1000) == nil, "the file ends in this segment")
      #expect(byte(memory, 0) == nil)
      // With a place, it is a file as any other.
      #expect(byte(try PhysicalMemory(reading: [MemoryImage(path: path, base: 0)]), 0) == 0x7F)
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
        refusal([MemoryImage(path: path, base: 0, fileOffset: 9000)])
          == .badWindow(MemoryWindow(base: 0, size: 0, fileOffset: 9000)))
      #expect(
        refusal([MemoryImage(path: path, base: 0, fileOffset: 4096, byteCount: 4097)])
          == .badWindow(MemoryWindow(base: 0, size: 4097, fileOffset: 4096)))
      #expect(
        refusal([MemoryImage(path: path, base: 0, fileOffset: .max, byteCount: .max)])
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
