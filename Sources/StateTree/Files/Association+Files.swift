internal import PageTables
internal import VCM

private typealias Node = Declare<Association>

extension Association {
  /// `vcms/<vcm>/associations/<dev>`, and the two links that show the association.
  static let declarations = [
    Node.directory(
      "<dev>", shows: .activation,
      help: "an association of the region; rmdir is vcm_deassoc, as rm of its link",
      [activeFile, attributesFile, rootFile, pagetableFile, binaryFile, jsonFile, Node.lastError]),
    deviceLink,
    regionLink,
  ]

  private static let activeFile = Node.value(
    "active", shows: .activation, help: "1 is vcm_activate, 0 is vcm_deactivate", example: "echo 1 > active"
  ) { association, _ in
    Print.flag(association.isActive)
  } take: { association, text, state throws(VCMError) in
    if try Words.flag(text, as: "active") {
      try state.engine.activate(association)
    } else {
      try state.engine.deactivate(association)
    }
  }

  private static let attributesFile = Node.value(
    "attr", shows: .values,
    help: "which half of a split address space: vcm_set_assoc_attr; fixed while active",
    example: "echo 'base=low split=2' > attr"
  ) { association, _ in
    Words.text(of: association.attributes)
  } take: { association, text, state throws(VCMError) in
    try state.engine.setAttributes(Words.associationAttributes(text), of: association)
  }

  private static let rootFile = Node.text(
    "root", shows: [.activation, .tables],
    help: "table=0xPHYS, what a walker must be told, and the registers; empty while there is no table"
  ) { association, _ in
    association.table?.root.text ?? ""
  }

  private static let pagetableFile = Node.dump(
    "pagetable", shows: [.activation, .tables], help: "the encoded entries, one line each, below a header"
  ) { association, state in
    TableDump.length(of: [association], state)
  } open: { association, _ in
    TableDump.content(of: [association])
  }

  private static let binaryFile = Node.dump(
    "pagetable.bin", shows: [.activation, .tables],
    help: "the raw table memory: the tables one after the other, in the order of pagetable.json"
  ) { association, _ in
    association.table?.tableByteCount ?? 0
  } open: { association, _ in
    TablePages(association.table?.snapshot())
  }

  private static let jsonFile = Node.dump(
    "pagetable.json", shows: [.activation, .tables],
    help: "the tables and entries as JSON; addresses are strings"
  ) { association, state in
    TableJSON.length(of: association, state)
  } open: { association, _ in
    TableJSON.content(of: association)
  }

  private static let deviceLink = Node.link(
    "devices/<dev>", shows: .values, help: "an associated device: ln -s is vcm_assoc, rm is vcm_deassoc",
    example: "ln -s devices/display vcms/out/devices/"
  ) { association, _ in
    LinkTarget(in: "../../../devices/", association.device.name)
  } remove: { association, state throws(VCMError) in
    try state.engine.dissociate(association)
  }

  private static let regionLink = Node.link(
    "vcms/<vcm>", shows: .values, help: "a region that the device is associated with"
  ) { association, _ in
    LinkTarget(in: "../../../vcms/", association.region.name)
  } remove: { association, _ throws(VCMError) in
    throw VCMError(
      .inUse,
      "device \(Number.quoted(association.device.name)) is associated with region "
        + "\(Number.quoted(association.region.name)): remove vcms/\(association.region.name)/devices/"
        + association.device.name)
  }
}
