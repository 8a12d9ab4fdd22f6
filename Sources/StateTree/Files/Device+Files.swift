internal import VCM

private typealias Node = Declare<Device>

extension Device {
  /// `devices/<dev>`.
  static let declarations = [
    Node.directory(
      "<dev>", shows: .associations, help: "a device: rmdir removes it, unless it is associated",
      example: "mkdir devices/gpu; rmdir devices/gpu",
      [
        Node.directory(
          "vcms", shows: .associations, help: "the regions that it is associated with",
          members: RegionLinkMembers()),
        Node.directory(
          "translate", shows: [],
          help:
            "any device address: the walk of the encoded tables, one line a level (vcm_dev_addr_to_phys_addr)",
          example: "cat devices/display/translate/0x10000", members: DeviceAddressMembers()),
      ] + valueFiles + [pagetableFile] + faultFiles + [Node.lastError])
  ]

  private static let valueFiles = [
    Node.value(
      "type", shows: .values, help: "iommu, one-to-one or cpu; fixed while it is associated",
      example: "echo one-to-one > type"
    ) { device, _ in
      device.kind.rawValue
    } take: { device, text, state throws(VCMError) in
      try state.engine.setKind(Words.deviceKind(text), of: device)
    },
    Node.value(
      "format", shows: .values,
      help: "a name from formats, or none, and the choices of its tables; fixed while it is associated",
      example: "echo intel-vtd levels=3 > format"
    ) { device, _ in
      FormatWords.text(of: device)
    } take: { device, text, state throws(VCMError) in
      let choice = try FormatWords.choice(text)
      try state.engine.setFormat(choice.name, configuration: choice.configuration, of: device)
    },
    Node.line("hw_ver", shows: .values, help: "the version of the hardware: vcm_hw_ver") { device, _ in
      device.hardwareVersion
    },
    Node.trigger(
      "reset", help: "written 1, deactivates all of the device's associations", example: "echo 1 > reset"
    ) { device, text, state throws(VCMError) in
      guard try Words.flag(text, as: "reset") else { throw .invalid("reset takes 1") }
      try state.engine.reset(device)
    },
  ]

  private static let pagetableFile = Node.dump(
    "pagetable", shows: .tables, help: "what the device walks now: the tables of its active associations"
  ) { device, state in
    TableDump.length(of: device.activeAssociations, state)
  } open: { device, _ in
    TableDump.content(of: device.activeAssociations)
  }
}
