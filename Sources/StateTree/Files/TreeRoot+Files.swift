internal import PhysicalMemory
internal import VCM

private typealias Node = Declare<TreeRoot>

extension TreeRoot {
  /// The top directory.
  static let declaration = Node.directory(
    "", shows: [.regions, .devices, .allocations], help: "the tree",
    [
      Node.directory(
        "vcms", shows: .regions, help: "the regions: mkdir makes one, rmdir frees it, mv renames it",
        example: "mkdir vcms/out", members: RegionMembers()),
      Node.directory(
        "devices", shows: .devices, help: "the devices: mkdir adds one, rmdir removes it, mv renames it",
        example: "mkdir devices/gpu", members: DeviceMembers()),
      Node.directory(
        "phys", shows: .allocations, help: "the buffers: alloc makes them, rmdir frees one, mv renames it",
        members: AllocationMembers(), [alloc, at]),
      Node.directory(
        "memory", shows: [], help: "the memory types of the platform", members: MemoryTypeMembers(),
        [physical]),
      Node.directory("formats", shows: [], help: "the page-table formats", members: FormatMembers()),
      Node.special(
        "events", permissions: 0o444,
        help: "a line for each change from now on: NUMBER TIME WHAT PATH; readers wait, gaps say 'lost N'",
        example: ""
      ) { _, opening in
        StreamFile(node: opening.node, stream: opening.state.events, options: opening.options)
      },
      Node.view(
        "aliases",
        help:
          "physical memory that is mapped with attributes that conflict: ADDRESS LEN and the reservations"
      ) { _, state in
        Aliases(state)
      },
      Node.volatile("metrics", help: "counts, bytes and latencies for Prometheus") { _, state in
        Metrics.text(state)
      },
      Node.view("state.json", help: "all objects, one a line in a stable order, to compare and to keep") {
        _, state in
        StateJSON(state)
      },
      Node.view("topology.dot", help: "devices, regions and buffers as a graph for Graphviz") { _, state in
        TopologyText(topology: Topology(state))
      },
      Node.view("topology.svg", help: "the same graph as a picture") { _, state in
        TopologyPicture(topology: Topology(state))
      },
      lastFailure,
      help,
      Node.text("version", shows: [], help: "the program and its version", isConstant: true) { _, state in
        state.options.version + "\n"
      },
    ])

  /// `phys/alloc`.
  private static let alloc = Node.requests(
    "alloc", help: "makes buffers (vcm_phys_alloc, vcm_map_phys_addr); reads the grammar, or the names made",
    example: "echo '128K memtype=mt0 blocks=64K name=buf_64k' > phys/alloc", grammar: AllocationGrammar.help
  ) { _, lines, state throws(VCMError) in
    let (requests, failure) = RequestLine.read(lines, AllocationGrammar.request)
    return try state.allocate(requests, before: failure).map(\.name)
  }

  /// `phys/at`.
  private static let at = Node.directory(
    "at", shows: [], help: "any physical address: the buffers and reservations over it",
    example: "cat phys/at/0x80000000",
    members: PhysicalAddressMembers())

  /// `memory/physical`.
  private static let physical = Node.memory(
    "physical", permissions: 0o600, shows: [],
    help: "the whole physical memory at physical offsets, sparse; between the memory types it reads as zeros",
    example: "dd if=memory/physical bs=4096 skip=$((0x80000)) count=1 | xxd", mayBeCached: false,
    length: { _, state in PhysicalFile.length(state) },
    allocated: { _, state in state.engine.memory.allocatedBytes },
    forEachPiece: { _, state, range, body in PhysicalFile.forEachPiece(of: range, state, body) },
    wasWritten: { _, _ in })

  /// `last_error` of the top directory.
  private static let lastFailure = NodeDeclaration(
    name: "last_error", permissions: 0o444, facets: .failure,
    help: "the last failure of the reader's user, in words; empty before any", example: "cat last_error",
    behaviour: .text(
      TextBehaviour(
        render: { _, state, caller in state.failures.text(by: caller) }, take: nil, mayBeCached: false)))

  /// `help`.
  private static let help = Node.text("help", shows: [], help: "this text", isConstant: true) { _, _ in
    Help.text
  }
}
