import Glibc
import Testing
import VCM

@testable import StateTree

/// The device's eye, its faults, and who answers them.
@Suite struct FaultTests {
  private func topology() throws -> Shell {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    return shell
  }

  private func eye(
    _ shell: Shell, _ device: String = "display", _ options: OpenOptions = [.read, .write]
  ) throws -> OpenFile {
    try shell.tree.open(shell.node("devices/\(device)/memory"), options, caller: shell.caller)
  }

  @Test func devicesSeeMemory() throws {
    let shell = try topology()
    let eye = try eye(shell)
    #expect(try shell.put("through the table", eye, at: 0x10100) == 17)
    #expect(try shell.bytes("phys/buf_64k/data")[0x100..<0x111] == Array("through the table".utf8)[...])
    #expect(try shell.read(eye, at: 0x10108, 3) == Array("the".utf8))
    // Over the border of two leaves, and up to where nothing is mapped.
    #expect(try shell.put("border", eye, at: 0x1FFFD) == 6)
    #expect(try shell.read(eye, at: 0x1FFFD, 6) == Array("border".utf8))
    #expect(try shell.read(eye, at: 0x2FFFE, 100) == [0, 0])
    #expect(errno { () throws(VCMError) in _ = try shell.read(eye, at: 0x30000, 1) } == EFAULT)
    #expect(errno { () throws(VCMError) in _ = try shell.put("x", eye, at: 0x30000) } == EFAULT)
    #expect(errno { () throws(VCMError) in _ = try shell.read(eye, at: .max, 16) } == EFAULT)
    #expect(try shell.read(eye, at: 0x30000, 0) == [])
    #expect(
      try shell.cat("devices/display/last_error")
        == "EFAULT: device 'display' faults at 0xffffffffffffffff for read: address too wide\n"
        || shell.cat("devices/display/last_error").contains("faults at 0xffffffffffffffff"))
    // The dma engine sees physical addresses.
    let direct = try self.eye(shell, "dma")
    #expect(try shell.read(direct, at: 0x8000_0108, 3) == Array("the".utf8))
    #expect(errno { () throws(VCMError) in _ = try shell.read(direct, at: 0, 1) } == ENXIO)
    #expect(try shell.stat("devices/display/memory").permissions == 0o600)
  }

  @Test func permissionsHold() throws {
    let shell = try topology()
    try shell.mkdir("vcms/r")
    try shell.echo("0", "vcms/out/associations/video_dec/active")
    try shell.ln("devices/video_dec", "vcms/r/devices/")
    try shell.echo("1", "vcms/r/active")
    try shell.echo("64K prot=r", "vcms/r/map")
    let eye = try eye(shell, "video_dec")
    #expect(try shell.read(eye, at: 0, 4) == [0, 0, 0, 0])
    #expect(errno { () throws(VCMError) in _ = try shell.put("x", eye, at: 0) } == EFAULT)
    #expect(try shell.cat("devices/video_dec/last_error").contains("access not permitted"))
    try shell.echo("0", "vcms/r/active")
    #expect(errno { () throws(VCMError) in _ = try shell.read(eye, at: 0, 4) } == EFAULT)
    #expect(try shell.cat("devices/video_dec/last_error").contains("no active association"))
  }

  @Test func faultsAreLines() throws {
    let shell = try topology()
    let faults = try shell.tree.open(shell.node("devices/display/faults"), .read, caller: shell.caller)
    let others = try shell.tree.open(shell.node("devices/video_dec/faults"), .read, caller: shell.caller)
    let events = try shell.tree.open(shell.node("events"), .read, caller: shell.caller)
    let eye = try eye(shell)
    _ = errno { () throws(VCMError) in _ = try shell.read(eye, at: 0xF00_0000, 1) }
    _ = errno { () throws(VCMError) in _ = try shell.put("x", eye, at: 0x40000) }
    let lines = try shell.available(faults).split(separator: "\n")
    #expect(
      lines == [
        "1 display 0xf000000 read L1 entry not present", "2 display 0x40000 write L2 entry not present",
      ])
    #expect(try others.isWaiting())
    #expect(
      try shell.available(events).contains(" fault devices/display 0xf000000 read L1 entry not present\n"))
  }

  /// Demand paging: a reader of `faults` backs the address and says `retry`.
  @Test func hook() throws {
    let shell = try topology()
    #expect(try shell.cat("devices/display/on_fault") == "terminate\n")
    try shell.echo("hook", "devices/display/on_fault")
    #expect(try shell.cat("devices/display/on_fault") == "hook\n")
    let eye = try eye(shell)
    // Nobody reads faults: the access ends at once.
    #expect(eye.readiness.contains(.readable))
    #expect(errno { () throws(VCMError) in _ = try shell.read(eye, at: 0x40000, 4) } == EFAULT)
    let faults = try shell.tree.open(shell.node("devices/display/faults"), .read, caller: shell.caller)
    let calls = Calls()
    #expect(eye.readiness.isEmpty)
    guard case .nothing = try eye.pull(at: 0x40000, 4) else { throw VCMError(.fault, "it did not wait") }
    #expect(eye.whenReadable { calls.add() } != nil)
    let sequence = try shell.available(faults).split(separator: " ")[0]
    #expect(errno { () throws(VCMError) in try shell.echo("99 retry", "devices/display/on_fault") } == ENOENT)
    #expect(
      errno { () throws(VCMError) in try shell.echo("\(sequence) maybe", "devices/display/on_fault") }
        == EINVAL)
    #expect(calls.count == 0)
    try shell.echo("64K at=0x90000 name=more", "vcms/out/map")
    try shell.rm("vcms/out/reservations/res_64k/backing")
    try shell.echo("512K name=whole", "phys/alloc")
    try shell.ln("phys/whole", "vcms/out/reservations/res_64k/backing")
    try shell.write("....page", "phys/whole/data")
    try shell.echo("\(sequence) retry", "devices/display/on_fault")
    #expect(calls.count == 1)
    guard case .bytes = try eye.pull(at: 0x40000, 4) else { throw VCMError(.fault, "it still waits") }
    // An answer of terminate ends the access.
    guard case .nothing = try eye.pull(at: 0x200000, 4) else { throw VCMError(.fault, "it did not wait") }
    let second = try shell.available(faults).split(separator: " ")[0]
    try shell.echo("\(second) terminate", "devices/display/on_fault")
    #expect(eye.whenReadable { calls.add() } == nil)
    #expect(errno { () throws(VCMError) in _ = try eye.pull(at: 0x200000, 4) } == EFAULT)
    // Writes wait, too; taking the hook away ends them.
    #expect(errno { () throws(VCMError) in _ = try shell.put("x", eye, at: 0x300000) } == EAGAIN)
    try shell.echo("terminate", "devices/display/on_fault")
    #expect(errno { () throws(VCMError) in _ = try shell.put("x", eye, at: 0x300000) } == EFAULT)
  }

  @Test func nobodyAnswers() throws {
    let shell = try topology()
    #expect(try shell.cat("devices/display/fault_timeout") == "10000\n")
    for text in ["0", "x", "86400001"] {
      #expect(
        errno { () throws(VCMError) in try shell.echo(text, "devices/display/fault_timeout") } == EINVAL)
    }
    try shell.echo("20", "devices/display/fault_timeout")
    try shell.echo("hook", "devices/display/on_fault")
    let faults = try shell.tree.open(shell.node("devices/display/faults"), .read, caller: shell.caller)
    let eye = try eye(shell)
    guard case .nothing = try eye.pull(at: 0x200000, 4) else { throw VCMError(.fault, "it did not wait") }
    let calls = Calls()
    _ = eye.whenReadable { calls.add() }
    for _ in 0..<500 where calls.count == 0 { usleep(10_000) }
    #expect(calls.count == 1)
    #expect(errno { () throws(VCMError) in _ = try eye.pull(at: 0x200000, 4) } == EFAULT)
    #expect(try !shell.available(faults).isEmpty)
  }

  /// A cure that is none is not tried for ever.
  @Test func sixteenTimes() throws {
    let shell = try topology()
    try shell.echo("hook", "devices/display/on_fault")
    let faults = try shell.tree.open(shell.node("devices/display/faults"), .read, caller: shell.caller)
    let eye = try eye(shell)
    var rounds = 0
    while rounds < 100 {
      let number = errno { () throws(VCMError) in
        guard case .bytes = try eye.pull(at: 0x200000, 4) else { return }
        throw VCMError(.invalidArgument, "it was mapped")
      }
      if number != 0 {
        #expect(number == EFAULT)
        break
      }
      rounds += 1
      let sequence = try shell.available(faults).split(separator: " ")[0]
      try shell.echo("\(sequence) retry", "devices/display/on_fault")
    }
    #expect(rounds == 16)
    // A device that is removed lets go of who waits.
    try shell.mkdir("devices/gpu")
    try shell.echo("x86-64", "devices/gpu/format")
    try shell.echo("hook", "devices/gpu/on_fault")
    let gpuFaults = try shell.tree.open(shell.node("devices/gpu/faults"), .read, caller: shell.caller)
    let gpu = try self.eye(shell, "gpu")
    guard case .nothing = try gpu.pull(at: 0x200000, 4) else { throw VCMError(.fault, "it did not wait") }
    let calls = Calls()
    _ = gpu.whenReadable { calls.add() }
    try shell.rmdir("devices/gpu")
    #expect(calls.count == 1)
    #expect(errno { () throws(VCMError) in _ = try gpu.pull(at: 0x200000, 4) } == ENOENT)
    gpuFaults.close()
  }

  /// Of two accesses that wait with one descriptor, each has an answer of its own.
  @Test func twoWait() throws {
    let shell = try topology()
    try shell.echo("hook", "devices/display/on_fault")
    let faults = try shell.tree.open(shell.node("devices/display/faults"), .read, caller: shell.caller)
    let eye = try eye(shell)
    let first = OpenFile.Access(offset: 0x200000, isWrite: false)
    let second = OpenFile.Access(offset: 0x300000, isWrite: true)
    #expect(eye.whenPossible(first) {} == nil)
    guard case .nothing = try eye.pull(at: 0x200000, 4) else { throw VCMError(.fault, "it did not wait") }
    #expect(errno { () throws(VCMError) in _ = try shell.put("x", eye, at: 0x300000) } == EAGAIN)
    let (firstCalls, secondCalls) = (Calls(), Calls())
    let firstWait = eye.whenPossible(first) { firstCalls.add() }
    #expect(firstWait != nil)
    #expect(eye.whenPossible(second) { secondCalls.add() } != nil)
    #expect(eye.readiness.isEmpty)

    let lines = try shell.available(faults).split(separator: "\n")
    let sequences = lines.map { $0.prefix { $0 != " " } }
    try #require(sequences.count == 2)
    try shell.echo("\(sequences[1]) terminate", "devices/display/on_fault")
    #expect(firstCalls.count == 0 && secondCalls.count == 1)
    #expect(eye.readiness == .writable)
    // The second is to be tried, while the first waits on: also when it is tried, and asks anew.
    #expect(eye.whenPossible(second) { secondCalls.add() } == nil)
    guard case .nothing = try eye.pull(at: 0x200000, 4) else { throw VCMError(.fault, "it did not wait") }
    #expect(eye.whenPossible(first) { firstCalls.add() } != nil)
    #expect(errno { () throws(VCMError) in _ = try shell.put("x", eye, at: 0x300000) } == EFAULT)
    #expect(eye.readiness.isEmpty)
    try shell.echo("\(sequences[0]) terminate", "devices/display/on_fault")
    #expect(firstCalls.count == 2 && secondCalls.count == 1)
    #expect(errno { () throws(VCMError) in _ = try eye.pull(at: 0x200000, 4) } == EFAULT)
  }

  /// An access that is given up leaves nothing that others would stumble over.
  @Test func givenUp() throws {
    let shell = try topology()
    try shell.echo("hook", "devices/display/on_fault")
    let faults = try shell.tree.open(shell.node("devices/display/faults"), .read, caller: shell.caller)
    let eye = try eye(shell)
    let first = OpenFile.Access(offset: 0x200000, isWrite: false)
    let second = OpenFile.Access(offset: 0x300000, isWrite: false)
    let calls = Calls()
    guard case .nothing = try eye.pull(at: 0x200000, 4) else { throw VCMError(.fault, "it did not wait") }
    let wait = eye.whenPossible(first) { calls.add() }
    let other = eye.whenPossible(first) { calls.add() }
    let sequence = try shell.available(faults).split(separator: " ")[0]
    // Another thread waits with the same access, and still has its answer to come.
    wait?.cancel()
    eye.giveUp(first)
    #expect(eye.whenPossible(first) {} != nil)
    #expect(other != nil)
    try shell.echo("\(sequence) retry", "devices/display/on_fault")
    #expect(calls.count == 1)
    // An answer that nobody takes is nobody else's.
    guard case .nothing = try eye.pull(at: 0x300000, 4) else { throw VCMError(.fault, "it did not wait") }
    #expect(eye.whenPossible(second) { calls.add() } != nil)
    #expect(eye.readiness == .readable)
    eye.giveUp(first)
    #expect(eye.readiness.isEmpty)
    eye.giveUp(second)
    #expect(calls.count == 1)

    // Alone, it takes its fault with it: the number has no answer any more.
    let third = OpenFile.Access(offset: 0x400000, isWrite: false)
    _ = try shell.available(faults)
    guard case .nothing = try eye.pull(at: 0x400000, 4) else { throw VCMError(.fault, "it did not wait") }
    let last = eye.whenPossible(third) { calls.add() }
    let number = try shell.available(faults).split(separator: " ")[0]
    last?.cancel()
    eye.giveUp(third)
    #expect(
      errno { () throws(VCMError) in try shell.echo("\(number) retry", "devices/display/on_fault") } == ENOENT
    )
    #expect(calls.count == 1)
  }

  /// What may come to wait is never read as if it could not, hook or not.
  @Test func whoMayWait() throws {
    let shell = try topology()
    #expect(try eye(shell).mayWait)
    #expect(try eye(shell).readiness == [.readable, .writable])
    for (path, mayWait) in [("events", true), ("devices/display/faults", true), ("phys/buf_64k/data", false)]
    {
      let file = try shell.tree.open(shell.node(path), .read, caller: shell.caller)
      #expect(file.mayWait == mayWait, "\(path)")
    }
  }

  private final class Calls: @unchecked Sendable {
    private let lock = TreeLock()
    private var calls = 0

    var count: Int {
      lock.lock()
      defer { lock.unlock() }
      return calls
    }

    func add() {
      lock.lock()
      defer { lock.unlock() }
      calls += 1
    }
  }
}

extension OpenFile {
  /// One read of at most `count` bytes at an offset.
  func pull(at offset: UInt64, _ count: Int) throws(VCMError) -> Pulled {
    var buffer = [UInt8](repeating: 0, count: count)
    let outcome = buffer.withUnsafeMutableBytes { bytes in
      Result { () throws(VCMError) in try read(at: offset, into: bytes) }
    }
    guard case .bytes(let got) = try outcome.get() else { return .nothing }
    return .bytes(String(decoding: buffer.prefix(got), as: UTF8.self))
  }
}
