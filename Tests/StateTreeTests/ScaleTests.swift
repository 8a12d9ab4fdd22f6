import Glibc
import TestSupport
import Testing
import VCM

@testable import StateTree

/// Many objects, and directories that change while they are read.
@Suite struct ScaleTests {
  @Test func tenThousandReservationsAreListedByCookie() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    try shell.write(String(repeating: "4K\n", count: 10_000), "vcms/out/reserve")
    let expected = (0..<10_000).map { "r\($0)" }
    #expect(try shell.ls("vcms/out/reservations", step: 137) == expected)
    #expect(try shell.stat("vcms/out/reservations").linkCount == 10_002)
    #expect(try shell.cat("vcms/out/reservations/r7777/addr") == "0x1e61000\n")
  }

  @Test func aThousandRegionsAndUsers() throws {
    let shell = try Shell()
    for index in 0..<1000 {
      try shell.mkdir("vcms/v\(index)")
      try shell.ln("devices/dma", "vcms/v\(index)/devices/")
    }
    #expect(try shell.ls("vcms", step: 33) == (0..<1000).map { "v\($0)" })
    #expect(try shell.ls("devices/dma/vcms", step: 33) == (0..<1000).map { "v\($0)" })
    try shell.mkdir("vcms/out")
    try shell.write(String(repeating: "4K\n", count: 1000), "vcms/out/reserve")
    try shell.echo("4K", "phys/alloc")
    for index in 0..<1000 { try shell.ln("phys/b0", "vcms/out/reservations/r\(index)/backing") }
    #expect(try shell.ls("phys/b0/users", step: 33) == (0..<1000).map { "\($0)" })
  }

  /// What exists during the whole walk is seen exactly once, whatever comes and goes.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func walksAreStable(seed: UInt64) throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    try shell.write(String(repeating: "4K\n", count: 400), "vcms/out/reserve")
    let directory = try shell.node("vcms/out/reservations")
    var random = SeededRandom(seed: seed)
    var gone: Set<String> = []
    var seen: [String] = []
    var cookie: UInt64 = 0
    while true {
      var count = 0
      try shell.tree.readDirectory(directory, after: cookie, wantsAttributes: false, caller: shell.caller) {
        entry in
        guard count < 11 else { return false }
        count += 1
        cookie = entry.cookie
        seen.append(entry.name)
        return true
      }
      if count == 0 { break }
      for _ in 0..<8 {
        let name = "r\(Int.random(in: 0..<400, using: &random))"
        if (try? shell.rmdir("vcms/out/reservations/\(name)")) != nil { gone.insert(name) }
        if Bool.random(using: &random) { try shell.echo("4K name=n\(random.next())", "vcms/out/reserve") }
      }
    }
    #expect(Set(seen).count == seen.count, "seed \(seed)")
    let missed = (0..<400).map { "r\($0)" }.filter { !gone.contains($0) && !seen.contains($0) }
    #expect(missed.isEmpty, "seed \(seed): \(missed)")
  }

  /// Regions at both ends of the address space: cookies stay positive.
  @Test func cookiesAtTheEnds() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/high")
    try shell.echo("0xffffffff00000000", "vcms/high/start")
    try shell.echo("0x100000000", "vcms/high/len")
    try shell.echo("4K at=0xfffffffffffff000 name=last", "vcms/high/reserve")
    try shell.echo("4K name=first", "vcms/high/reserve")
    #expect(try shell.ls("vcms/high/reservations", step: 1) == ["first", "last"])
    for entry in try shell.entries("vcms/high/reservations") {
      #expect(entry.cookie > 0 && entry.cookie < 1 << 63)
    }
    #expect(try shell.cat("vcms/high/reservations/last/addr") == "0xfffffffffffff000\n")
  }

  /// Any cookie, also one that was never given out, is no harm.
  @Test func anyCookie() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    for path in [
      "", "vcms", "vcms/out", "vcms/out/reservations", "vcms/out/devices", "formats", "memory", "phys",
    ] {
      for cookie: UInt64 in [0, 1, 2, 3, 64, 127, 128, 129, 1 << 30, 1 << 52, 1 << 60, 1 << 63, .max] {
        try shell.tree.readDirectory(shell.node(path), after: cookie, caller: shell.caller) { _ in true }
      }
    }
  }

  /// Threads that look, write and read at the same time.
  @Test func manyThreads() async throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    let tree = shell.tree
    let out = try shell.node("vcms/out")
    let data = try shell.node("phys/buf_64k/data")
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<4 {
        group.addTask {
          let caller = Caller(userID: UInt32(task), groupID: 0, processID: Int32(task))
          for _ in 0..<200 {
            guard let reserve = try? tree.lookup("reserve", in: out, caller: caller).id,
              let file = try? tree.open(reserve, [.read, .write], caller: caller),
              let bytes = try? tree.open(data, [.read, .write], caller: caller)
            else { continue }
            _ = try? Array("4K\n".utf8).withUnsafeBytes { try file.write($0, at: 0) }
            var buffer = [UInt8](repeating: 1, count: 5000)
            guard
              case .bytes(let count)? = try? buffer.withUnsafeMutableBytes({ try file.read(at: 3, into: $0) })
            else {
              continue
            }
            let name = String(decoding: buffer.prefix(max(0, count - 1)), as: UTF8.self)
            _ = try? buffer.withUnsafeBytes { try bytes.write($0, at: UInt64(task) * 5000) }
            _ = try? buffer.withUnsafeMutableBytes { try bytes.read(at: 0, into: $0) }
            guard let reservations = try? tree.lookup("reservations", in: out, caller: caller).id else {
              continue
            }
            try? tree.removeDirectory(name, in: reservations, caller: caller)
          }
        }
      }
    }
    #expect(try shell.ls("vcms/out/reservations") == ["res_64k", "res_16M"])
  }
}
