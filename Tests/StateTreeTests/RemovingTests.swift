import Glibc
import Testing
import VCM

@testable import StateTree

/// Making and removing what must not be, hiding, `rm -r`, `mv`.
@Suite struct RemovingTests {
  @Test func removeAReservationAsATree() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    #expect(shell.rmTree("vcms/out/reservations/res_64k").isEmpty)
    #expect(try shell.ls("vcms/out/reservations") == ["res_16M"])
    #expect(shell.rmTree("phys/buf_64k").isEmpty)
    #expect(try shell.ls("phys") == ["alloc", "at", "buf_16m"])
  }

  @Test func removeARegionAsATree() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    let failures = shell.rmTree("vcms/out")
    // Active associations stay, and so the region; what was in it is gone.
    #expect(failures.map(\.path).contains("vcms/out/devices/video_dec"))
    #expect(failures.allSatisfy { $0.errno == EBUSY }, "\(failures)")
    #expect(try shell.ls("vcms/out/reservations") == [])
    #expect(try shell.ls("vcms/out").contains("active"))
    try shell.echo("0", "vcms/out/active")
    #expect(shell.rmTree("vcms/out").isEmpty)
    #expect(try shell.ls("vcms") == [])
    #expect(try shell.ls("devices/video_dec/vcms") == [])
    #expect(shell.rmTree("phys/buf_16m").isEmpty)
  }

  @Test func removeAUsedBufferAsATree() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    let failures = shell.rmTree("phys/buf_64k")
    #expect(failures.map(\.errno) == [EBUSY])
    #expect(try shell.cat("phys/buf_64k/last_error").contains("'res_64k'"))
    #expect(try shell.cat("phys/buf_64k/len") == "131072\n")
    let deviceFailures = shell.rmTree("devices/display")
    #expect(deviceFailures.map(\.errno) == [EBUSY])
    #expect(shell.rmTree("devices/dma").isEmpty)
  }

  @Test func hiddenUntilOpenedAnew() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    try shell.rm("vcms/out/start")
    #expect(errno { () throws(VCMError) in _ = try shell.stat("vcms/out/start") } == ENOENT)
    #expect(errno { () throws(VCMError) in try shell.rm("vcms/out/start") } == ENOENT)
    try shell.rmdir("vcms/out/reservations")
    #expect(!shell.exists("vcms/out/reservations"))
    // Another process sees everything.
    var other = shell.caller
    other.processID = 7
    let out = try shell.node("vcms/out")
    #expect(try shell.tree.lookup("start", in: out, caller: other).size == 4)
    try shell.rm("vcms/out/start")
    try shell.rmdir("vcms/out/reservations")
    // Another directory's files are not hidden.
    try shell.mkdir("vcms/in")
    #expect(shell.exists("vcms/in/start"))
    #expect(try shell.ls("vcms/out").contains("start"))
    #expect(try shell.cat("vcms/out/start") == "0x0\n")
    #expect(shell.exists("vcms/out/reservations"))
  }

  @Test func directoriesThatStay() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    let cases: [(String, Int32)] = [
      ("vcms", EPERM), ("devices", EPERM), ("phys", EPERM), ("memory", EPERM), ("formats", EPERM),
      ("memory/mt0", EPERM),
      ("formats/x86-64", EPERM), ("vcms/out/reservations", ENOTEMPTY), ("vcms/out/devices", ENOTEMPTY),
      ("vcms/out/associations", ENOTEMPTY), ("vcms/out/devices/display", ENOTDIR),
      ("vcms/out/start", ENOTDIR),
      ("vcms/nothing", ENOENT), ("vcms/out", EBUSY), ("vcms/out/associations/display", EBUSY),
    ]
    for (path, number) in cases {
      #expect(errno { () throws(VCMError) in try shell.rmdir(path) } == number, "\(path)")
    }
    for path in [
      "version", "help", "phys/alloc", "memory/physical", "memory/mt0/base", "formats/x86-64/levels",
    ] {
      #expect(errno { () throws(VCMError) in try shell.rm(path) } == EPERM, "\(path)")
    }
    #expect(errno { () throws(VCMError) in try shell.rm("vcms/out") } == EISDIR)
    #expect(errno { () throws(VCMError) in try shell.rm("vcms/out/reservations") } == EISDIR)
    try shell.echo("0", "vcms/out/active")
    try shell.rmdir("vcms/out/associations/display")
    #expect(try shell.ls("vcms/out/devices") == ["video_dec"])
  }

  @Test func nothingElseIsMade() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    for path in [
      "x", "vcms/x", "vcms/out/x", "vcms/out/reservations/x", "vcms/out/reservations/res_64k/x", "phys/x",
      "devices/x",
      "memory/x", "formats/x", "vcms/out/associations/x", "vcms/out/devices/x", "phys/buf_64k/users/x",
    ] {
      #expect(errno { () throws(VCMError) in try shell.touch(path) } == EPERM, "\(path)")
      #expect(try shell.cat("last_error").hasPrefix("EPERM: "))
    }
    #expect(errno { () throws(VCMError) in try shell.touch("vcms/out/start") } == EEXIST)
    for path in [
      "x", "vcms/out/x", "vcms/out/reservations/x", "vcms/out/reservations/res_64k/x", "phys/x", "memory/x",
      "formats/x",
      "vcms/out/associations/x", "vcms/out/devices/x", "phys/buf_64k/users/x", "devices/dma/vcms/x",
    ] {
      #expect(errno { () throws(VCMError) in try shell.mkdir(path) } == EPERM, "\(path)")
    }
    #expect(errno { () throws(VCMError) in try shell.mkdir("phys/x") } == EPERM)
    #expect(try shell.cat("last_error").contains("write 'SIZE name=x' to phys/alloc"))
    #expect(errno { () throws(VCMError) in try shell.mkdir("vcms/out/reservations/x") } == EPERM)
    #expect(try shell.cat("vcms/out/last_error").contains("write 'SIZE name=x' to vcms/out/reserve"))
    #expect(errno { () throws(VCMError) in try shell.mkdir("vcms/out/start") } == EEXIST)
    #expect(errno { () throws(VCMError) in try shell.mkdir("vcms/nothing/x") } == ENOENT)
    #expect(errno { () throws(VCMError) in try shell.mkdir("version/x") } == ENOTDIR)
  }

  @Test func renames() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    let cases: [(String, String, Int32)] = [
      ("vcms/out", "vcms/out", 0), ("vcms/nothing", "vcms/x", ENOENT), ("vcms/out", "vcms/.x", EINVAL),
      ("vcms/out", "devices/out", EPERM), ("vcms/out", "vcms/out/x", EPERM),
      ("vcms/out/start", "vcms/out/begin", EPERM),
      ("vcms/out/start", "vcms/out/len", EPERM), ("vcms/out/reservations", "vcms/out/r", EPERM),
      ("vcms", "regions", EPERM),
      ("devices/display", "devices/video_dec", EEXIST), ("phys/buf_64k", "phys/alloc", EEXIST),
      ("vcms/out/devices/display", "vcms/out/devices/x", EPERM), ("memory/mt0", "memory/x", EPERM),
      ("formats/x86-64", "formats/x", EPERM),
      ("vcms/out/associations/display", "vcms/out/associations/x", EPERM),
      ("vcms/out/reservations/res_64k", "vcms/out/reservations/res_16M", EEXIST),
    ]
    for (path, newPath, number) in cases {
      #expect(errno { () throws(VCMError) in try shell.mv(path, newPath) } == number, "\(path) \(newPath)")
    }
    let vcms = try shell.node("vcms")
    try shell.mkdir("vcms/in")
    #expect(
      errno { () throws(VCMError) in
        try shell.tree.rename("in", in: vcms, to: "out", in: vcms, options: .exchange, caller: shell.caller)
      } == EINVAL)
    #expect(errno { () throws(VCMError) in try shell.mv("vcms/in", "vcms/out") } == EEXIST)
    try shell.mv("vcms/in", "vcms/through")
    try shell.mv("vcms/out/reservations/res_64k", "vcms/out/reservations/z")
    try shell.mv("phys/buf_64k", "phys/z")
    try shell.mv("devices/dma", "devices/z")
    #expect(try shell.ls("vcms") == ["out", "through"])
    #expect(try shell.ls("vcms/out/reservations") == ["z", "res_16M"])
  }

  @Test func attributesThatAreFixed() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    let start = try shell.node("vcms/out/start")
    func set(_ path: String, _ changes: AttributeChanges) throws -> Int32 {
      let node = try shell.node(path)
      return errno { () throws(VCMError) in
        _ = try shell.tree.setAttributes(of: node, to: changes, caller: shell.caller)
      }
    }
    #expect(try set("vcms/out/start", AttributeChanges(size: 0)) == 0)
    #expect(try set("vcms/out/start", AttributeChanges(size: 7)) == EINVAL)
    #expect(try set("vcms/out/free", AttributeChanges(size: 0)) == EPERM)
    #expect(try set("vcms/out", AttributeChanges(size: 0)) == EISDIR)
    #expect(try set("phys/buf_64k/data", AttributeChanges(size: 131072)) == 0)
    #expect(try set("phys/buf_64k/data", AttributeChanges(size: 0)) == EINVAL)
    #expect(try set("vcms/out/pagetable", AttributeChanges(size: 0)) == EPERM)
    #expect(try set("vcms/out/start", AttributeChanges(permissions: 0o644)) == 0)
    #expect(try set("vcms/out/start", AttributeChanges(permissions: 0o600)) == EPERM)
    #expect(try set("vcms/out/start", AttributeChanges(userID: 0, groupID: 0)) == 0)
    #expect(try set("vcms/out/start", AttributeChanges(userID: 5)) == EPERM)
    #expect(try set("vcms/out/start", AttributeChanges(groupID: 5)) == EPERM)
    #expect(try set("vcms/out/start", AttributeChanges(times: true)) == 0)
    #expect(try shell.stat("vcms/out/start").id == start)
    // O_TRUNC without a write changes nothing, of values and of memory.
    try shell.tree.open(start, [.write, .truncate], caller: shell.caller).close()
    #expect(try shell.cat("vcms/out/start") == "0x1000\n")
    try shell.tree.open(shell.node("phys/buf_64k/data"), [.write, .truncate], caller: shell.caller).close()
    #expect(try shell.stat("phys/buf_64k/data").size == 131072)
  }

  /// What was open when its object went fails cleanly.
  @Test func openFilesOutliveTheirObjects() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    try shell.echo("64K", "phys/alloc")
    let start = try shell.tree.open(shell.node("vcms/out/start"), [.read, .write], caller: shell.caller)
    let data = try shell.tree.open(shell.node("phys/b0/data"), [.read, .write], caller: shell.caller)
    let directory = try shell.node("vcms/out")
    try shell.rmdir("vcms/out")
    try shell.rmdir("phys/b0")
    #expect(try shell.text(start, at: 0) == "0x0\n")
    #expect(errno { () throws(VCMError) in _ = try shell.put("1", start, at: 0) } == ENOENT)
    #expect(errno { () throws(VCMError) in _ = try shell.read(data, at: 0, 10) } == ENOENT)
    #expect(errno { () throws(VCMError) in _ = try shell.put("1", data, at: 0) } == ENOENT)
    #expect(
      errno { () throws(VCMError) in _ = try shell.tree.attributes(of: directory, caller: shell.caller) }
        == ENOENT)
    #expect(
      errno { () throws(VCMError) in _ = try shell.tree.lookup("start", in: directory, caller: shell.caller) }
        == ENOENT)
    #expect(
      errno { () throws(VCMError) in
        _ = try shell.tree.makeDirectory("x", in: directory, caller: shell.caller)
      } == ENOENT)
  }
}
