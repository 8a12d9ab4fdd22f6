internal import PageTables
internal import PhysicalMemory
internal import VCM

/// The device's eye: memory at device addresses, through the encoded tables and with their permissions.
///
/// A read or write goes as far as the tables permit it in one piece, and is short before the first address that they do
/// not. One that begins there is a fault: a line of `faults`, and `EFAULT`, or, if `on_fault` says `hook` and somebody
/// reads `faults`, a wait for that reader's answer.
final class DeviceMemoryFile: OpenFile, @unchecked Sendable {
  let tree: Tree
  let caller: Caller
  let device: ObjectID
  let memory: PhysicalMemory
  let gate: MemoryGate
  private let alarms: AlarmClock
  private let isWritable: Bool
  // Guarded by the tree's lock: the faults that accesses wait for, and how often each was tried again.
  private var waiting: [Access: (sequence: UInt64, attempts: Int)] = [:]
  // Guarded by the tree's lock: the page whose fault was written down last, and when.
  var lastPageFault: (offset: UInt64, time: UInt64)?
  /// How often an access is tried again before its fault ends it.
  private static let mostAttempts = 16

  init(tree: Tree, node: NodeID, device: Device, state: TreeState, options: OpenOptions, caller: Caller) {
    self.tree = tree
    self.caller = caller
    self.device = device.id
    memory = state.engine.memory
    gate = state.memoryGate
    alarms = state.alarms
    isWritable = options.contains(.write)
    super.init(node: node, isNonBlocking: options.contains(.nonBlocking))
    state.openMemory[node, default: 0] += 1
  }

  override var hasPages: Bool { isWritable }

  override var liesInMemory: Bool { true }

  override func read(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(VCMError) -> ReadOutcome {
    guard let pieces = try enter(at: offset, count: buffer.count, isWrite: false) else { return .wouldBlock }
    defer { gate.leave() }
    return .bytes(copyOut(pieces, buffer))
  }

  override func withBytes(
    at offset: UInt64, room: UnsafeMutableRawBufferPointer, isForPages: Bool,
    _ body: ([UnsafeRawBufferPointer]) -> Void
  ) throws(VCMError) {
    guard
      let pieces = isForPages
        ? try enterPages(at: offset, count: room.count)
        : try enter(at: offset, count: room.count, isWrite: false)
    else { throw VCMError(.wouldBlock, "the access waits for an answer to its fault") }
    defer { gate.leave() }
    body(MemoryGathering.gather(memory, pieces, room: room))
  }

  /// - Throws: `wouldBlock` if the access waits; ``OpenFile/whenPossible(_:_:)`` says when to try again.
  override func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(VCMError) -> Int {
    guard let pieces = try enter(at: offset, count: bytes.count, isWrite: true) else {
      throw VCMError(.wouldBlock, "the access waits for an answer to its fault")
    }
    let count = copyIn(bytes, pieces)
    gate.leave()
    try noteWritten()
    return count
  }

  /// Ends what the kernel keeps of the memory through other files: after the bytes are there, so that nobody reads the old
  /// ones once more.
  func noteWritten() throws(VCMError) {
    try tree.changing(caller, about: node) { state throws(VCMError) in
      guard case .device(let device) = try state.subject(of: self.device) else { throw .gone }
      state.memoryWasWritten(by: node, in: .device(device))
    }
  }

  override func readPages(
    at offset: UInt64, into buffer: UnsafeMutableRawBufferPointer
  ) throws(VCMError) -> ReadOutcome { .bytes(try pages(at: offset, into: buffer)) }

  override func writePages(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(VCMError) -> Int {
    try storePages(bytes, at: offset)
  }

  override func nextData(from offset: UInt64) throws(VCMError) -> UInt64 {
    try seek(from: offset, toData: true)
  }

  override func nextHole(from offset: UInt64) throws(VCMError) -> UInt64 {
    try seek(from: offset, toData: false)
  }

  /// Where the bytes of an access lie, as far as it is permitted; nil if it waits.
  ///
  /// On return with pieces, the gate is entered.
  private func enter(at offset: UInt64, count: Int, isWrite: Bool) throws(VCMError) -> [FilePiece]? {
    try tree.changing(caller, about: node) { state throws(VCMError) in
      guard case .device(let device) = try state.subject(of: self.device) else { throw .gone }
      let access = Access(offset: offset, isWrite: isWrite)
      if let wait = try takeAnswer(access, device, state) { return wait }
      let pieces = self.pieces(at: offset, UInt64(count), isWrite, device, state)
      guard !pieces.isEmpty || count == 0 else { return try fault(access, device, state) }
      waiting[access] = nil
      gate.enter()
      return pieces
    }
  }

  /// Where the bytes of a range lie, as far as the tables permit the access.
  func pieces(
    at offset: UInt64, _ count: UInt64, _ isWrite: Bool, _ device: Device, _ state: TreeState
  ) -> [FilePiece] {
    var pieces: [FilePiece] = []
    var address = offset
    var rest = count
    while rest > 0, let piece = piece(at: address, isWrite, device, state) {
      let length = min(piece.length, rest)
      pieces.append(FilePiece(physicalAddress: piece.physicalAddress, length: length))
      rest -= length
      let (next, overflow) = address.addingReportingOverflow(length)
      if overflow { break }
      address = next
    }
    return pieces
  }

  /// What has become of the fault that an access waits for: `.some(nil)` if it waits on, nil if the access is to be tried.
  private func takeAnswer(
    _ access: Access, _ device: Device, _ state: TreeState
  ) throws(VCMError) -> [FilePiece]?? {
    guard let wait = waiting[access] else { return .none }
    let desk = state.faultDesk(device)
    guard let pending = desk.pending[wait.sequence] else {
      waiting[access] = nil
      return .none
    }
    switch pending.verdict {
    case nil: return .some(nil)
    case .retry: desk.pending[wait.sequence] = nil
    case .terminate:
      desk.pending[wait.sequence] = nil
      waiting[access] = nil
      throw VCMError(
        .fault, "device '\(device.name)' faults at \(Print.address(access.offset)): nobody has cured it")
    }
    return .none
  }

  /// Where a byte lies, and how far its leaf goes; nil if the tables do not permit the access.
  private func piece(at address: UInt64, _ isWrite: Bool, _ device: Device, _ state: TreeState) -> FilePiece?
  {
    let physical: UInt64
    let length: UInt64
    if device.kind == .oneToOne {
      physical = address
      length = .max
    } else {
      guard case .mapped(let mapping)? = state.engine.walk(address, of: device)?.result,
        mapping.attributes.access.contains(isWrite ? .write : .read)
      else { return nil }
      physical = mapping.outputAddress
      length = mapping.leafSize - address % max(1, mapping.leafSize)
    }
    let bytes = memory.contiguousBytes(from: physical, limit: length)
    return bytes == 0 ? nil : FilePiece(physicalAddress: physical, length: bytes)
  }

  /// Writes a fault down, and says how the access ends if it does not wait.
  ///
  /// - Throws: `ENXIO` if the tables lead to no memory.
  func noteFault(
    at address: UInt64, isWrite: Bool, _ device: Device, _ state: TreeState
  ) throws(VCMError) -> DeviceFault {
    guard case .failure(let error) = state.engine.attempt(address, isWrite ? .write : .read, by: device)
    else {
      throw VCMError(.noMemoryBehind, "there is no memory where device '\(device.name)' is led to")
    }
    state.note(error.fault, of: device)
    return error.fault
  }

  /// An access faults: it ends, or begins to wait.
  private func fault(_ access: Access, _ device: Device, _ state: TreeState) throws(VCMError) -> [FilePiece]?
  {
    let attempts = (waiting.removeValue(forKey: access)?.attempts ?? 0) + 1
    let fault = try noteFault(at: access.offset, isWrite: access.isWrite, device, state)
    let desk = state.faultDesk(device)
    guard desk.isHooked, desk.stream.hasReaders, attempts <= Self.mostAttempts else {
      throw TreeState.error(fault, of: device)
    }
    let sequence = fault.sequence
    desk.pending[sequence] = FaultDesk.Pending()
    waiting[access] = (sequence, attempts)
    alarms.call(after: desk.timeout) { [weak tree, device = self.device] in
      tree?.expireFault(sequence, of: device)
    }
    return nil
  }

  override var mayWait: Bool { true }

  /// While an access may have to wait, which only the access itself can tell: nothing but what an answer is there for.
  override var readiness: Readiness {
    let readiness = try? tree.reading { state throws(VCMError) -> Readiness in
      guard let desk = state.faultDesks[self.device], desk.isHooked, desk.stream.hasReaders else {
        return [.readable, .writable]
      }
      var readiness: Readiness = []
      for (access, wait) in waiting where desk.pending[wait.sequence]?.verdict != nil {
        readiness.formUnion(access.isWrite ? .writable : .readable)
      }
      return readiness
    }
    return readiness ?? [.readable, .writable]
  }

  /// For `poll`, which asks about every access that waits.
  override func whenReadable(_ body: @escaping @Sendable () -> Void) -> (any ReadWait)? {
    wait(for: nil, body)
  }

  override func whenPossible(
    _ access: Access, _ body: @escaping @Sendable () -> Void
  ) -> (any ReadWait)? { wait(for: access, body) }

  /// Waits for the answer to one access's fault, or to any; nil if one is there already, or none is awaited.
  private func wait(for access: Access?, _ body: @escaping @Sendable () -> Void) -> FaultWait? {
    let wait = FaultWait(tree: tree, device: device, isAccess: access != nil, body: body)
    let isWaiting = try? tree.reading { state throws(VCMError) in
      guard let desk = state.faultDesks[self.device] else { return false }
      let sequences =
        access.map { waiting[$0].map { [$0.sequence] } ?? [] } ?? waiting.values.map(\.sequence)
      guard !sequences.isEmpty, sequences.allSatisfy({ desk.pending[$0].map { $0.verdict == nil } ?? false })
      else {
        return false
      }
      for sequence in sequences { desk.pending[sequence]?.waiters[ObjectIdentifier(wait)] = wait }
      return true
    }
    return isWaiting == true ? wait : nil
  }

  /// The fault of the access needs no answer any more, unless another thread waits with the same access.
  override func giveUp(_ access: Access) {
    _ = try? tree.reading { state throws(VCMError) in
      guard let wait = waiting[access] else { return }
      let desk = state.faultDesks[self.device]
      if desk?.pending[wait.sequence]?.waiters.values.contains(where: \.isAccess) == true { return }
      desk?.pending[wait.sequence] = nil
      waiting[access] = nil
    }
  }

  /// Accesses that wait are given up with the file.
  override func close() {
    _ = try? tree.reading { state throws(VCMError) in
      for wait in waiting.values { state.faultDesks[self.device]?.pending[wait.sequence] = nil }
      waiting = [:]
      state.closeMemory(node)
    }
  }
}

extension Tree {
  /// Ends the waiting of a fault that nobody has answered in time.
  func expireFault(_ sequence: UInt64, of device: ObjectID) {
    let caller = Caller(userID: 0, groupID: 0)
    _ = try? changing(caller) { state throws(VCMError) in state.expire(sequence, of: device) }
  }
}
