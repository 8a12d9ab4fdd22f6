import Glibc
import Testing
import VCM

@testable import StateTree

/// Look-ups by path: `at`, `translate`.
@Suite struct AddressTests {
  private func topology() throws -> Shell {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    return shell
  }

  @Test(arguments: [
    "0x10000", "65536", "64K", "0X10000", "0x00010000", "0x10001", "0x8ffff", "64KiB", "0x40K",
  ])
  func reservationAt(spelling: String) throws {
    let shell = try topology()
    #expect(try shell.readlink("vcms/out/at/\(spelling)") == "../reservations/res_64k")
    #expect(
      try shell.stat("vcms/out/at/\(spelling)", follow: true).id
        == (try shell.stat("vcms/out/reservations/res_64k").id))
  }

  @Test(arguments: ["0x90000", "0x0", "x", "", "-1", "0x10000 ", "res_64k", "99999999999999999999999"])
  func nothingAt(spelling: String) throws {
    let shell = try topology()
    guard !spelling.isEmpty else { return }
    #expect(errno { () throws(VCMError) in _ = try shell.stat("vcms/out/at/\(spelling)") } == ENOENT)
    #expect(errno { () throws(VCMError) in _ = try shell.stat("vcms/out/translate/\(spelling)") } == ENOENT)
  }

  @Test func listings() throws {
    let shell = try topology()
    #expect(try shell.ls("vcms/out/at", step: 1) == ["0x10000", "0x1000000"])
    #expect(try shell.ls("vcms/out/translate") == [])
    #expect(try shell.ls("devices/display/translate") == [])
    #expect(try shell.ls("phys/at") == [])
    for entry in try shell.entries("vcms/out/at").dropFirst(2) {
      #expect(try shell.stat("vcms/out/at/\(entry.name)").id == entry.id)
    }
    #expect(errno { () throws(VCMError) in try shell.rm("vcms/out/at/0x10000") } == EPERM)
  }

  @Test func translateBetweenRegions() throws {
    let shell = try topology()
    try shell.mkdir("vcms/kernel")
    try shell.echo("kernel", "vcms/kernel/type")
    try shell.echo("16M name=k align=1M at=0x500000", "vcms/kernel/reserve")
    try shell.ln("phys/buf_16m", "vcms/kernel/reservations/k/backing")
    #expect(
      try shell.cat("vcms/out/translate/0x1234567") == """
        phys 0x80334567
        reservation vcms/out/reservations/res_16M 0x234567
        vcm vcms/kernel/reservations/k 0x734567

        """)
    #expect(
      try shell.cat("vcms/kernel/translate/0x734567") == """
        phys 0x80334567
        reservation vcms/kernel/reservations/k 0x234567
        vcm vcms/out/reservations/res_16M 0x1234567

        """)
    // Behind the memory of a reservation that is longer than its buffer.
    #expect(
      try shell.cat("vcms/out/translate/0x30000")
        == "phys none\nreservation vcms/out/reservations/res_64k 0x20000\n")
    #expect(
      try shell.cat("phys/at/0x80334567") == """
        buffer phys/buf_16m 0x234567
        reservation vcms/out/reservations/res_16M 0x1234567
        reservation vcms/kernel/reservations/k 0x734567

        """)
    #expect(try shell.cat("phys/at/0") == "")
    #expect(errno { () throws(VCMError) in _ = try shell.stat("phys/at/x") } == ENOENT)
  }

  @Test func deviceWalks() throws {
    let shell = try topology()
    let walk = try shell.cat("devices/display/translate/0x10004").split(separator: "\n")
    #expect(walk.count == 3)
    #expect(walk[0].hasPrefix("L1 0x0 0x9400"))
    #expect(walk[0].hasSuffix(" table"))
    #expect(walk[1].hasSuffix(" leaf"))
    #expect(walk[2].hasPrefix("phys 0x80000004 65536 prot=rwx"))
    let fault = try shell.cat("devices/display/translate/0xfffff000").split(separator: "\n")
    #expect(fault.last == "fault L1 entry not present")
    #expect(try shell.cat("devices/dma/translate/0x80001000") == "phys 0x80001000\n")
    try shell.echo("0", "vcms/out/active")
    #expect(try shell.cat("devices/display/translate/0x10004") == "fault no active association\n")
  }

  /// What is looked up is kept until the kernel forgets it, and not longer.
  @Test func numbersAreGivenBack() throws {
    let shell = try topology()
    let directory = try shell.node("devices/display/translate")
    func count() throws -> Int { try shell.tree.reading { state throws(VCMError) in state.addresses.count } }
    let first = try shell.tree.lookup("0x1000", in: directory, caller: shell.caller).id
    let second = try shell.tree.lookup("4096", in: directory, caller: shell.caller).id
    #expect(first == second)
    #expect(try count() == 1)
    shell.tree.forget(first, count: 1)
    #expect(try count() == 1)
    #expect(try !shell.cat("devices/display/translate/4K").isEmpty)
    shell.tree.forget(first, count: 2)
    #expect(try count() == 0)
    #expect(
      errno { () throws(VCMError) in _ = try shell.tree.attributes(of: first, caller: shell.caller) }
        == ENOENT)
    // A number is not used twice, and a look-up that fails leaves nothing.
    #expect(try shell.tree.lookup("4K", in: directory, caller: shell.caller).id != first)
    let before = try count()
    #expect(errno { () throws(VCMError) in try shell.mkdir("devices/display/translate/0x5000") } == EEXIST)
    #expect(try count() == before)
    try shell.mkdir("vcms/x")
    try shell.echo("4K", "vcms/x/reserve")
    let gone = try shell.node("vcms/x/translate/0")
    try shell.rmdir("vcms/x/reservations/r0")
    try shell.rmdir("vcms/x")
    #expect(
      errno { () throws(VCMError) in _ = try shell.tree.attributes(of: gone, caller: shell.caller) } == ENOENT
    )
  }
}
