internal import PhysicalMemory

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Reads of the memory file that leave it as sparse as it is: a load from the mapping would allocate the page.
enum MemoryCopy {
  private static let seekData: Int32 = 3
  private static let seekHole: Int32 = 4

  /// Copies a piece of memory; where there is none, zeros.
  static func read(_ memory: PhysicalMemory, _ piece: FilePiece, into buffer: UnsafeMutableRawBufferPointer) {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = readRun(memory, piece.physicalAddress.map { $0 &+ UInt64(done) }, into: rest)
      if count <= 0 {
        rest.initializeMemory(as: UInt8.self, repeating: 0)
        return
      }
      done += count
    }
  }

  private static func readRun(
    _ memory: PhysicalMemory, _ address: UInt64?, into buffer: UnsafeMutableRawBufferPointer
  ) -> Int {
    guard let address, let offset = memory.fileOffset(of: address) else { return 0 }
    let count = min(UInt64(buffer.count), memory.contiguousBytes(from: address, limit: UInt64(buffer.count)))
    while true {
      let result = pread(memory.fileDescriptor, buffer.baseAddress, Int(count), off_t(clamping: offset))
      if result >= 0 || errno != EINTR { return result }
    }
  }

  /// How far into a piece the first data, or the first hole, begins; nil if there is none in it.
  static func seek(_ memory: PhysicalMemory, _ address: UInt64?, _ length: UInt64, toData: Bool) -> UInt64? {
    guard let address, let offset = memory.fileOffset(of: address) else { return toData ? nil : 0 }
    let found = lseek(memory.fileDescriptor, off_t(clamping: offset), toData ? seekData : seekHole)
    guard found >= 0 else { return nil }
    let distance = UInt64(found) &- offset
    return distance < length ? distance : nil
  }
}
