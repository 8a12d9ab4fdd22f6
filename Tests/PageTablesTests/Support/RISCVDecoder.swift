import PhysicalMemory

/// A second reading of the RISC-V manual's algorithm, which shares no code with the formats.
struct RISCVDecoder {
  typealias Answer = IndependentDecoder.Answer

  static let formats = ["32", "39", "48", "57"].flatMap { ["riscv-sv\($0)", "riscv-sv\($0)x4"] }

  let memory: PhysicalMemory
  let table: UInt64

  private func number(_ address: UInt64, bytes: UInt64) -> UInt64 {
    memory.entryBytes(address, Int(bytes)).reversed().reduce(0) { $0 * 256 + $1 }
  }

  /// The answer of the named format for an address; `nil` for a fault.
  func decode(_ format: String, _ address: UInt64) -> Answer? {
    let isSecondStage = format.hasSuffix("x4")
    let bits: UInt64 =
      format.contains("sv32") ? 32 : format.contains("sv39") ? 39 : format.contains("sv48") ? 48 : 57
    let entryBytes: UInt64 = bits == 32 ? 4 : 8
    let perTable: UInt64 = 4096 / entryBytes
    let width = isSecondStage ? bits + 2 : bits
    if isSecondStage || bits == 32 {
      guard address >> width == 0 else { return nil }
    } else {
      let top = address >> (bits - 1)
      guard top == 0 || top == UInt64.max >> (bits - 1) else { return nil }
    }
    var rest = address % (1 << width)
    var span: UInt64 = 1 << bits
    var base = table
    while span > 4096 {
      span /= perTable
      let entry = number(base + rest / span * entryBytes, bytes: entryBytes)
      rest %= span
      guard entry % 2 == 1, bits == 32 || (entry >> 54) % 128 == 0 else { return nil }
      let pages = bits == 32 ? entry / 1024 : (entry / 1024) % (1 << 44)
      if entry / 2 % 8 != 0 { return leaf(entry, pages, span, rest, address, isSecondStage) }
      guard entry >> 61 == 0, entry / 16 % 2 == 0, entry / 64 % 4 == 0 else { return nil }
      base = pages * 4096
    }
    return nil
  }

  private func leaf(
    _ entry: UInt64, _ pages: UInt64, _ span: UInt64, _ rest: UInt64, _ address: UInt64, _ isSecondStage: Bool
  ) -> Answer? {
    let read = entry / 2 % 2 == 1
    let write = entry / 4 % 2 == 1
    let user = entry / 16 % 2 == 1
    guard read || !write, user || !isSecondStage, (entry >> 61) % 4 != 3 else { return nil }
    var (start, size, offset) = (pages * 4096, span, rest)
    if entry >> 63 == 1 {
      guard span == 4096, pages % 16 == 8 else { return nil }
      (start, size, offset) = (pages / 16 * 65536, 65536, address % 65536)
    }
    guard start % size == 0 else { return nil }
    return Answer(
      address: start + offset, size: size, read: read, write: write, execute: entry / 8 % 2 == 1, user: user,
      secure: false)
  }
}
