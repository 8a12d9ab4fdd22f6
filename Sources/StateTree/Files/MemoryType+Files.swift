internal import VCM

private typealias Node = Declare<MemoryType>

extension MemoryType {
  /// `memory/<memtype>`.
  static let declarations = [
    Node.directory(
      "<memtype>", shows: .values, help: "a memory type of the platform",
      [
        Node.line("base", shows: .values, help: "the first physical address") { memoryType, _ in
          Print.address(memoryType.base)
        },
        Node.line("size", shows: .values, help: "the length in bytes") { memoryType, _ in
          Print.length(memoryType.size)
        },
        Node.line("free", shows: .space, help: "the bytes that are not allocated") { memoryType, _ in
          Print.length(memoryType.freeBytes)
        },
        Node.line(
          "largest_free", shows: .space,
          help: "the longest free range: what one contiguous buffer can have (vcm_get_cont_memtype_len)"
        ) { memoryType, _ in
          Print.length(memoryType.largestFreeRange)
        },
        Node.text(
          "contiguous", shows: .space,
          help: "`0xPHYS LEN` of that range: vcm_get_cont_memtype_pa, _len; empty if nothing is free"
        ) { memoryType, _ in
          memoryType.firstContiguousRange.map { "\(Print.address($0.address)) \(Print.length($0.length))\n" }
            ?? ""
        },
        Node.text(
          "chunks", shows: .space, help: "one `SIZE COUNT` line a size of free blocks, smallest first"
        ) {
          memoryType, _ in
          memoryType.orders.filter { $0 >= 12 }.map { order in
            "\(UInt64(1) << UInt64(order)) \(memoryType.freeBlockCount(order: order))\n"
          }.joined()
        },
        Node.text(
          "fragmentation", shows: .space,
          help:
            "one `SIZE COUNT INDEX` line a block size: how many fit, and the share of free bytes that they cannot use"
        ) { memoryType, _ in
          Fragmentation.text(of: memoryType)
        },
        Node.line("policy", shows: .values, help: "the chunk sizes, and what the memory type is for") {
          memoryType, _ in
          Words.policy(of: memoryType.description)
        },
        Node.lastError,
      ])
  ]
}
