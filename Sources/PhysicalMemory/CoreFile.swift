internal import Glibc

/// The program headers of an ELF core file, as kernels' crash dumps and emulators write physical memory.
///
/// Facts: the ELF specification, chapters 4 and 5; Linux fs/proc/vmcore.c; QEMU dump/dump.c.
struct CoreFile {
  private let descriptor: Int32
  private let isWide: Bool
  private let isBigEndian: Bool

  /// The core file behind a descriptor; `nil` for a file of another kind.
  init?(_ descriptor: Int32) {
    var identity = [UInt8](repeating: 0, count: 16)
    guard pread(descriptor, &identity, 16, 0) == 16, identity[0...3] == [0x7F, 0x45, 0x4C, 0x46],
      [1, 2].contains(identity[4]), [1, 2].contains(identity[5])
    else { return nil }
    self.descriptor = descriptor
    isWide = identity[4] == 2
    isBigEndian = identity[5] == 2
    // ET_CORE.
    guard number(at: 16, 2) == 4 else { return nil }
  }

  /// A number of the file's byte order; 0 behind its end.
  private func number(at offset: UInt64, _ byteCount: Int) -> UInt64 {
    var bytes = [UInt8](repeating: 0, count: byteCount)
    guard offset <= UInt64(Int64.max), pread(descriptor, &bytes, byteCount, off_t(offset)) == byteCount else {
      return 0
    }
    return (isBigEndian ? bytes : bytes.reversed()).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The segments that hold memory at physical addresses, ascending; of those that lie in another one, none.
  ///
  /// A kernel's dump has its text a second time, under the address at which it runs.
  var segments: [MemoryWindow] {
    let word = isWide ? 8 : 4
    let headers = number(at: isWide ? 32 : 28, word)
    let size = number(at: isWide ? 54 : 42, 2)
    var count = number(at: isWide ? 56 : 44, 2)
    // PN_XNUM: the number stands in the first section header.
    if count == 0xFFFF { count = number(at: number(at: isWide ? 40 : 32, word) &+ (isWide ? 44 : 28), 4) }
    var found: [MemoryWindow] = []
    for index in 0..<min(count, 1 << 20) {
      let header = headers &+ index &* size
      // PT_LOAD.
      guard number(at: header, 4) == 1 else { continue }
      let window = MemoryWindow(
        base: number(at: header &+ (isWide ? 24 : 12), word),
        size: number(at: header &+ (isWide ? 32 : 16), word),
        fileOffset: number(at: header &+ (isWide ? 8 : 4), word))
      if window.last != nil { found.append(window) }
    }
    found.sort { ($0.base, $1.size) < ($1.base, $0.size) }
    return found.reduce(into: []) { kept, window in
      if let other = kept.last, window.base - other.base < other.size,
        window.size <= other.size - (window.base - other.base)
      {
        return
      }
      kept.append(window)
    }
  }
}
