internal import VCM

private typealias Node = Declare<Region>

extension Region {
  /// `vcms/<vcm>`: directories first, because `rm -r` goes in this order.
  static let declarations = [
    Node.directory(
      "<vcm>", shows: [.associations, .reservations], help: "a region: vcm_create",
      example: "mkdir vcms/out; rmdir vcms/out; mv vcms/out vcms/video",
      [
        Node.directory(
          "reservations", shows: .reservations,
          help: "the region's reservations: written to reserve, rmdir is vcm_unreserve, mv renames",
          example: "rmdir vcms/out/reservations/r0", members: ReservationMembers()),
        Node.directory(
          "bounds", shows: .bounds,
          help: "parts of the region that hand out reservations of their own: mkdir, rmdir",
          example: "mkdir vcms/out/bounds/video", members: BoundMembers()),
        Node.directory(
          "devices", shows: .associations,
          help: "the associated devices: ln -s is vcm_assoc, rm is vcm_deassoc",
          example: "ln -s ../../../devices/display vcms/out/devices/", members: DeviceLinkMembers()),
        Node.directory(
          "associations", shows: .associations, help: "what there is to know of each association",
          members: AssociationMembers()),
        Node.directory(
          "at", shows: .reservations,
          help: "any device address: a link to the reservation there (vcm_get_res)",
          example: "readlink vcms/out/at/0x10000", members: AddressLinkMembers()),
        Node.directory(
          "translate", shows: [],
          help:
            "any reserved device address: where its byte is in memory and in every other region (vcm_translate)",
          example: "cat vcms/out/translate/0x10000", members: RegionAddressMembers()),
      ] + valueFiles + [
        reserveFile, mapFile, cloneFile, activeFile, pagetableFile, mapPicture, Node.lastError,
      ])
  ]

  private static let valueFiles = [
    Node.value(
      "start", shows: .values, help: "the first device address; fixed while the region is in use",
      example: "echo 0x1000 > start"
    ) { region, _ in
      Print.address(region.start)
    } take: { region, text, state throws(VCMError) in
      try state.engine.setStart(Number.size(text, as: "start"), of: region)
    },
    Node.value(
      "len", shows: .values, help: "the length in bytes; fixed while the region is in use",
      example: "echo 128M > len"
    ) { region, _ in
      Print.length(region.length)
    } take: { region, text, state throws(VCMError) in
      try state.engine.setLength(Number.size(text, as: "len"), of: region)
    },
    Node.value(
      "type", shows: .values, help: "device, one-to-one, kernel or user; fixed while the region is in use",
      example: "echo kernel > type"
    ) { region, _ in
      region.kind.rawValue
    } take: { region, text, state throws(VCMError) in
      try state.engine.setKind(Words.regionKind(text), of: region)
    },
    Node.line(
      "min_page_size", shows: .associations,
      help: "what lengths and addresses are multiples of: vcm_get_min_page_size"
    ) { region, _ in
      Print.length(region.minimumPageSize)
    },
    Node.line("free", shows: .space, help: "the bytes that are not reserved") { region, _ in
      Print.length(region.freeBytes)
    },
    Node.line("largest_free", shows: .space, help: "the longest range that can be reserved") { region, _ in
      Print.length(region.largestFree)
    },
    Node.text(
      "fragmentation", shows: .space,
      help:
        "one `ALIGN LONGEST INDEX` line an alignment: the longest free range, and the share of free bytes outside of it"
    ) { region, _ in
      Fragmentation.text(of: region)
    },
  ]

  private static let reserveFile = Node.requests(
    "reserve", help: "makes reservations (vcm_reserve, vcm_reserve_at); reads the grammar, or the names made",
    example: "echo '16M align=16M name=res_16M' > vcms/out/reserve", grammar: ReservationGrammar.help
  ) { region, lines, state throws(VCMError) in
    let (requests, failure) = RequestLine.read(lines, ReservationGrammar.request)
    return try state.engine.reserve(requests, in: region, before: failure).map(\.name)
  }

  private static let mapFile = Node.requests(
    "map",
    help:
      "allocates, reserves and backs in one line, all of it or nothing; reads the grammar, or the names made",
    example: "echo '1M memtype=mt0 name=frame' > vcms/out/map", grammar: MappingGrammar.help
  ) { region, lines, state throws(VCMError) in
    var requests: [MappingRequest] = []
    for line in lines { requests.append(try MappingGrammar.request(line)) }
    return try Mapper(state: state, region: region).map(requests)
  }

  private static let cloneFile = Node.trigger(
    "clone", help: "written a region's name, makes this one, not in use yet, a copy of that: vcm_clone",
    example: "echo out > vcms/copy/clone"
  ) { region, text, state throws(VCMError) in
    let name = text.contains("/") ? try LinkPath.name(in: "vcms", of: String(text)) : String(text)
    guard let source = state.engine.region(named: name) else {
      throw .missing("there is no region \(Number.quoted(name)) in vcms")
    }
    try state.engine.clone(source, into: region)
  }

  private static let activeFile = Node.value(
    "active", shows: .activation, help: "1 while all associations are active; written, all change at once",
    example: "echo 1 > active"
  ) { region, _ in
    Print.flag(region.isActive && !region.associations.isEmpty)
  } take: { region, text, state throws(VCMError) in
    try state.engine.setActive(Words.flag(text, as: "active"), of: region)
  }

  private static let mapPicture = Node.view(
    "map.svg", help: "a picture of the address space: gaps, reservations, what is behind them, and the pages"
  ) { region, _ in
    RegionMap(region)
  }

  private static let pagetableFile = Node.dump(
    "pagetable", shows: .tables,
    help: "the tables of all associations, one after the other, each under a header"
  ) { region, state in
    TableDump.length(of: region.associations, state)
  } open: { region, _ in
    TableDump.content(of: region.associations)
  }
}
