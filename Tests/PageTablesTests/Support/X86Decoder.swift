import PhysicalMemory

/// A second reading of the 32-bit x86 paging modes, which shares no code with the formats.
struct X86Decoder {
  typealias Answer = IndependentDecoder.Answer

  static let formats = ["x86-32", "x86-pae"]

  let memory: PhysicalMemory
  let table: UInt64

  private func number(_ address: UInt64, bytes: UInt64) -> UInt64 {
    memory.entryBytes(address, Int(bytes)).reversed().reduce(0) { $0 * 256 + $1 }
  }

  /// The answer of the named format for an address; `nil` for a fault.
  func decode(_ format: String, _ address: UInt64) -> Answer? {
    guard address < 0x1_0000_0000 else { return nil }
    return format == "x86-pae" ? pae(address) : classic(address)
  }

  private func classic(_ address: UInt64) -> Answer? {
    let directory = number(table + address / 0x40_0000 * 4, bytes: 4)
    guard directory % 2 == 1 else { return nil }
    if directory / 128 % 2 == 1 {
      guard directory / 0x20_0000 % 2 == 0 else { return nil }
      let base = directory / 0x40_0000 * 0x40_0000 + directory / 8192 % 256 * 0x1_0000_0000
      return Answer(
        address: base + address % 0x40_0000, size: 0x40_0000, read: true, write: directory / 2 % 2 == 1,
        execute: true, user: directory / 4 % 2 == 1, secure: false)
    }
    let page = number(directory / 4096 * 4096 + address / 4096 % 1024 * 4, bytes: 4)
    guard page % 2 == 1 else { return nil }
    let both = page & directory
    return Answer(
      address: page / 4096 * 4096 + address % 4096, size: 4096, read: true, write: both / 2 % 2 == 1,
      execute: true, user: both / 4 % 2 == 1, secure: false)
  }

  private func pae(_ address: UInt64) -> Answer? {
    let pointer = number(table + address / 0x4000_0000 * 8, bytes: 8)
    // Reserved: 2:1, 8:5, 63:52.
    guard pointer % 2 == 1, pointer / 2 % 4 == 0, pointer / 32 % 16 == 0, pointer >> 52 == 0 else {
      return nil
    }
    let directory = number(pointer / 4096 * 4096 + address / 0x20_0000 % 512 * 8, bytes: 8)
    guard directory % 2 == 1, (directory >> 52) % 2048 == 0 else { return nil }
    if directory / 128 % 2 == 1 { return answer(directory, directory, directory, size: 0x20_0000, address) }
    let page = number((directory % (1 << 52)) / 4096 * 4096 + address / 4096 % 512 * 8, bytes: 8)
    guard page % 2 == 1, (page >> 52) % 2048 == 0 else { return nil }
    return answer(page, page & directory, page | directory, size: 4096, address)
  }

  private func answer(
    _ entry: UInt64, _ permissions: UInt64, _ prohibitions: UInt64, size: UInt64, _ address: UInt64
  ) -> Answer {
    Answer(
      address: (entry % (1 << 52)) / size * size + address % size, size: size, read: true,
      write: permissions / 2 % 2 == 1, execute: prohibitions >> 63 == 0, user: permissions / 4 % 2 == 1,
      secure: false)
  }
}
