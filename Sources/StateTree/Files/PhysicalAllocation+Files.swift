internal import VCM

private typealias Node = Declare<PhysicalAllocation>

extension PhysicalAllocation {
  /// `phys/<buf>`.
  static let declarations = [
    Node.directory(
      "<buf>", shows: .users, help: "a buffer: rmdir is vcm_phys_free", example: "rmdir phys/buf_64k",
      [
        Node.directory(
          "users", shows: .users, help: "the reservations that it is behind", members: UserMembers()),
        Node.line("len", shows: .values, help: "the length in bytes", isConstant: true) { allocation, _ in
          Print.length(allocation.length)
        },
        Node.line(
          "memtype", shows: .values, help: "the memory types it was asked from: vcm_get_memtype_of_physalloc",
          isConstant: true
        ) { allocation, _ in
          allocation.memoryTypes.isEmpty ? "none" : Print.list(allocation.memoryTypes.map(\.name))
        },
        Node.line("attr", shows: .values, help: "how it was asked for, in the words of alloc") {
          allocation, _ in
          Words.text(of: allocation)
        },
        chunksFile,
        Node.volatile(
          "reach",
          help: "a line a format of all devices: the TLB entries that it needs at best, all and by page size"
        ) { allocation, state in
          Print.reaches(state.engine.translationReaches(of: allocation))
        },
        dataFile,
        Node.lastError,
      ])
  ]

  private static let chunksFile = Node.dump(
    "chunks", shows: .values, help: "one `0xPHYS LEN` line a physical segment: vcm_get_next_phys_addr"
  ) { allocation, _ in
    ChunkListing(of: allocation).length
  } open: { allocation, _ in
    ChunkListing(of: allocation)
  }

  private static let dataFile = Node.memory(
    "data", permissions: 0o644, shows: [.values, .bytes], help: "the bytes of the buffer, in order",
    example: "cp picture.raw phys/buf_64k/data",
    length: { allocation, state in BufferFile.length(allocation, state) },
    allocated: { allocation, state in BufferFile.length(allocation, state) },
    forEachPiece: { BufferFile.forEachPiece(of: $2, in: $0, $1, $3) },
    wasWritten: { allocation, state in state.touch(.allocation(allocation), .bytes) })
}
