internal import PageTables
internal import VCM

/// What is to be done about a device's faults, and which of them wait for an answer.
final class FaultDesk {
  /// A fault that waits.
  struct Pending {
    var verdict: FaultVerdict?
    var waiters: [ObjectIdentifier: FaultWait] = [:]
  }

  /// The lines of `faults`.
  let stream = LineStream(capacity: 4096)
  /// Whether accesses that fault wait for who reads `faults`.
  var isHooked = false
  /// How long they wait at most, in milliseconds.
  var timeout: UInt64 = 10_000
  /// Those that wait, by sequence number.
  var pending: [UInt64: Pending] = [:]

  /// The longest time that can be set, in milliseconds: a day.
  static let longestTimeout: UInt64 = 86_400_000
}

/// Somebody who waits for the answers to faults.
final class FaultWait: ReadWait, @unchecked Sendable {
  /// Whether an access waits, and not somebody in `poll`.
  let isAccess: Bool
  let body: @Sendable () -> Void
  private let tree: Tree
  private let device: ObjectID

  init(tree: Tree, device: ObjectID, isAccess: Bool, body: @escaping @Sendable () -> Void) {
    self.tree = tree
    self.device = device
    self.isAccess = isAccess
    self.body = body
  }

  func cancel() {
    _ = try? tree.reading { state throws(VCMError) in
      guard let desk = state.faultDesks[device] else { return }
      for sequence in desk.pending.keys { desk.pending[sequence]?.waiters[ObjectIdentifier(self)] = nil }
    }
  }
}

extension TreeState {
  /// The desk of a device.
  func faultDesk(_ device: Device) -> FaultDesk {
    if let desk = faultDesks[device.id] { return desk }
    let desk = FaultDesk()
    faultDesks[device.id] = desk
    return desk
  }

  /// Writes a fault down: a line of `faults`, an event, the device's last failure.
  func note(_ fault: DeviceFault, of device: Device) {
    let access = Self.words(for: fault.access)
    let level = fault.levelName.isEmpty ? "-" : fault.levelName
    let line =
      "\(fault.sequence) \(device.name) \(Print.address(fault.address)) \(access) \(level) \(fault.reason.words)"
    wakeups += faultDesk(device).stream.append(line)
    faultCounts[device.id, default: 0] += 1
    eventCount += 1
    if events.hasReaders {
      wakeups += events.append(
        eventLine([
          "fault", "devices/\(device.name)", Print.address(fault.address), access, level, fault.reason.words,
        ]))
    }
    touch(.device(device), .failure)
  }

  /// The failure that an access ends with.
  static func error(_ fault: DeviceFault, of device: Device) -> VCMError {
    let level = fault.levelName.isEmpty ? "" : " at level \(fault.levelName)"
    return VCMError(
      .fault,
      "device '\(device.name)' faults at \(Print.address(fault.address))\(level) for \(words(for: fault.access)): "
        + fault.reason.words)
  }

  private static func words(for access: MappingAttributes.Access) -> String {
    let words = [(MappingAttributes.Access.read, "read"), (.write, "write"), (.execute, "execute")]
    return words.filter { access.contains($0.0) }.map(\.1).joined(separator: ",")
  }

  /// Answers a fault that waits.
  ///
  /// - Throws: `ENOENT` if none waits with this number.
  func answer(_ sequence: UInt64, _ verdict: FaultVerdict, of device: Device) throws(VCMError) {
    let desk = faultDesk(device)
    guard let pending = desk.pending[sequence], pending.verdict == nil else {
      throw .missing("no fault \(sequence) of device '\(device.name)' waits for an answer")
    }
    desk.pending[sequence]?.verdict = verdict
    desk.pending[sequence]?.waiters = [:]
    wakeups += pending.waiters.values.map(\.body)
  }

  /// Ends the waiting of a fault that nobody has answered in time.
  func expire(_ sequence: UInt64, of device: ObjectID) {
    guard let desk = faultDesks[device], let pending = desk.pending[sequence], pending.verdict == nil else {
      return
    }
    desk.pending[sequence]?.verdict = .terminate
    desk.pending[sequence]?.waiters = [:]
    wakeups += pending.waiters.values.map(\.body)
  }

  /// Lets all that wait for a device fail: the device is being removed, or has no hook any more.
  func endWaiting(_ desk: FaultDesk) {
    for (sequence, pending) in desk.pending where pending.verdict == nil {
      desk.pending[sequence]?.verdict = .terminate
      desk.pending[sequence]?.waiters = [:]
      wakeups += pending.waiters.values.map(\.body)
    }
  }
}
