import VCM
import Yams

extension PlatformReader {
  /// The memory types, in the order of the file, each checked by itself and against the others.
  mutating func memoryTypes(_ node: Node) -> [MemoryTypeDescription] {
    var found: [(type: MemoryTypeDescription, node: Node)] = []
    for entry in entries(of: node, "memory") {
      if let type = memoryType(entry.name, entry.key, entry.value) {
        found.append((type, entry.key))
      }
    }
    checkTables(found)
    checkOverlap(found)
    return found.map(\.type)
  }

  private mutating func memoryType(_ name: String, _ key: Node, _ node: Node) -> MemoryTypeDescription? {
    let what = "memory type `\(name)`"
    // A request names several types as `memtype=mt0,mt1`, and memory/physical is a file of its own.
    if name == "physical" {
      report(key, "a memory type cannot be named physical: memory/physical is all of the memory")
    }
    if name.contains(where: { $0 == "," || $0.isWhitespace }) {
      report(key, "bad name \(shown(key)) in memory: commas and blanks divide the words of memtype=...")
    }
    let known = ["base", "size", "file_offset", "chunks", "contiguous", "tables"]
    guard let fields = fields(of: node, what, known: known) else { return nil }
    let base = required(fields, "base", at: key, what).flatMap { pageMultiple($0, "the base of \(what)") }
    let size = required(fields, "size", at: key, what).flatMap { pageMultiple($0, "the size of \(what)") }
    let fileOffset = fields["file_offset"].flatMap { pageMultiple($0, "the file_offset of \(what)") }
    let chunks = fields["chunks"].map { chunkSizes($0, what) } ?? MemoryTypeDescription.defaultChunkSizes
    let isContiguous = flag(fields["contiguous"], "`contiguous` of \(what)")
    let holdsTables = flag(fields["tables"], "`tables` of \(what)")
    guard let base, let size, isRange(base, size, fields["size"] ?? key, what) else { return nil }
    return MemoryTypeDescription(
      name: name, base: base, size: size, fileOffset: fileOffset, chunkSizes: chunks,
      isContiguous: isContiguous, holdsTables: holdsTables)
  }

  /// Whether a base and a size make a range that ends within 64 bits; reports it otherwise.
  mutating func isRange(_ base: UInt64, _ size: UInt64, _ node: Node, _ what: String) -> Bool {
    if size == 0 {
      report(node, "the size of \(what) is 0")
      return false
    }
    if base.addingReportingOverflow(size - 1).overflow {
      report(node, "\(what) ends above the last address of 64 bits")
      return false
    }
    return true
  }

  private mutating func chunkSizes(_ node: Node, _ what: String) -> [UInt64] {
    guard let sequence = node.sequence, !sequence.isEmpty else {
      report(node, "the chunks of \(what) must be a list of sizes such as [1M, 64K, 4K]")
      return []
    }
    var sizes: [UInt64] = []
    for element in sequence {
      guard let size = number(element, "the chunk size") else { continue }
      if size.nonzeroBitCount != 1 || !(4096...(1 << 30)).contains(size) {
        report(element, "the chunk size \(shown(element)) of \(what) is not a power of two from 4K to 1G")
      } else if sizes.contains(size) {
        report(element, "the chunk size \(shown(element)) of \(what) is there twice")
      } else {
        sizes.append(size)
      }
    }
    return sizes.sorted(by: >)
  }

  private mutating func checkTables(_ found: [(type: MemoryTypeDescription, node: Node)]) {
    let holders = found.filter(\.type.holdsTables)
    guard let first = holders.first else { return }
    for other in holders.dropFirst() {
      report(other.node, "only one memory type can hold the page tables, and `\(first.type.name)` does")
    }
  }

  /// Reports memory types that share physical addresses, or bytes of the memory file.
  private mutating func checkOverlap(_ found: [(type: MemoryTypeDescription, node: Node)]) {
    let lowest = found.map(\.type.base).min() ?? 0
    for (index, later) in found.enumerated() {
      let offset = later.type.fileOffset ?? later.type.base - lowest
      // A file offset is signed in the system calls.
      if offset.addingReportingOverflow(later.type.size).overflow
        || offset + later.type.size > UInt64(Int64.max)
      {
        report(
          later.node, "memory type `\(later.type.name)` lies beyond the largest file: give it a file_offset")
        continue
      }
      for earlier in found[..<index] {
        let name = "memory type `\(later.type.name)`"
        if overlaps(later.type.base, later.type.size, earlier.type.base, earlier.type.size) {
          report(
            later.node,
            "\(name) overlaps `\(earlier.type.name)`: \(range(later.type)), \(range(earlier.type))")
        } else if overlaps(
          offset, later.type.size, earlier.type.fileOffset ?? earlier.type.base - lowest, earlier.type.size)
        {
          report(
            later.node, "\(name) shares bytes of the memory file with `\(earlier.type.name)`: see file_offset"
          )
        }
      }
    }
  }

  /// Whether two ranges, each with a size above 0 and an end within 64 bits, have a byte in common.
  private func overlaps(_ base: UInt64, _ size: UInt64, _ other: UInt64, _ otherSize: UInt64) -> Bool {
    base <= other ? other - base < size : base - other < otherSize
  }

  private func range(_ type: MemoryTypeDescription) -> String {
    "0x\(String(type.base, radix: 16))-0x\(String(type.base + (type.size - 1), radix: 16))"
  }
}
