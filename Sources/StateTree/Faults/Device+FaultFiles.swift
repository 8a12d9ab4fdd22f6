internal import VCM

private typealias Node = Declare<Device>

extension Device {
  /// The files of a device about its accesses and their faults.
  static let faultFiles = [
    Node.special(
      "memory", permissions: 0o600, shows: [.values, .activation, .tables],
      help:
        "the device's eye: bytes at device addresses, through the encoded tables; EFAULT and a line in faults where they do not permit it",
      example: "xxd -s 0x10000 -l 64 devices/display/memory",
      length: { device, state in DeviceMemoryFile.length(device, state) }
    ) { device, opening in
      DeviceMemoryFile(
        tree: opening.tree, node: opening.node, device: device, state: opening.state,
        options: opening.options,
        caller: opening.caller)
    },
    Node.special(
      "faults", permissions: 0o444,
      help:
        "a line for each access that faults from now on: SEQ DEVICE ADDRESS ACCESS LEVEL REASON; readers wait",
      example: ""
    ) { device, opening in
      StreamFile(node: opening.node, stream: opening.state.faultDesk(device).stream, options: opening.options)
    },
    Node.value(
      "on_fault", shows: .values,
      help:
        "terminate, or hook: accesses that fault wait for 'SEQ retry' or 'SEQ terminate' from a reader of faults",
      example: "echo hook > on_fault; read seq rest < faults; echo \"$seq retry\" > on_fault"
    ) { device, state in
      state.faultDesk(device).isHooked ? "hook" : "terminate"
    } take: { device, text, state throws(VCMError) in
      try state.setHook(text, of: device)
    },
    Node.value(
      "fault_timeout", shows: .values,
      help: "how many milliseconds an access waits for an answer to its fault",
      example: "echo 1000 > fault_timeout"
    ) { device, state in
      Print.length(state.faultDesk(device).timeout)
    } take: { device, text, state throws(VCMError) in
      let timeout = try Number.size(text, as: "fault_timeout")
      guard (1...FaultDesk.longestTimeout).contains(timeout) else {
        throw .invalid("fault_timeout \(timeout) is not from 1 to \(FaultDesk.longestTimeout) milliseconds")
      }
      state.faultDesk(device).timeout = timeout
      state.touch(.device(device), .values)
    },
  ]
}

extension TreeState {
  /// Takes what was written to `on_fault`: a mode, or an answer.
  func setHook(_ text: Substring, of device: Device) throws(VCMError) {
    let words = text.split(separator: " ")
    if words.count == 2, let sequence = try? Number.parse(words[0]) {
      guard let verdict = FaultVerdict(rawValue: String(words[1])) else {
        throw .invalid("the answer \(Number.quoted(words[1])) is not retry or terminate")
      }
      return try answer(sequence, verdict, of: device)
    }
    let desk = faultDesk(device)
    switch text {
    case "hook": desk.isHooked = true
    case "terminate":
      desk.isHooked = false
      endWaiting(desk)
    default:
      throw .invalid("on_fault \(Number.quoted(text)) is not terminate, hook, or SEQ and retry or terminate")
    }
    touch(.device(device), .values)
  }
}
