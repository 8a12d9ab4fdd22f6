import Glibc
import Testing
import VCM

@testable import StateTree

/// `reserve` and `alloc`.
@Suite struct RequestFilesTests {
  private func region() throws -> Shell {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    try shell.echo("16M", "vcms/out/len")
    return shell
  }

  @Test func freshOpensTellTheGrammar() throws {
    let shell = try region()
    #expect(try shell.cat("vcms/out/reserve") == ReservationGrammar.help)
    #expect(try shell.cat("phys/alloc") == AllocationGrammar.help)
    // Written back, as cp and tar do, it asks for nothing.
    try shell.write(ReservationGrammar.help, "vcms/out/reserve")
    #expect(try shell.ls("vcms/out/reservations") == [])
  }

  /// `exec 3<>reserve; echo 64K >&3; read r <&3`.
  @Test func theSameOpenFileAnswersTheNames() throws {
    let shell = try region()
    let file = try shell.tree.open(shell.node("vcms/out/reserve"), [.read, .write], caller: shell.caller)
    #expect(try shell.text(file, at: 0) == ReservationGrammar.help)
    #expect(try shell.put("64K\n", file, at: 0) == 4)
    #expect(try shell.text(file, at: 4) == "r0\n")
    // bash reads a block and seeks back behind the first line.
    #expect(try shell.put("4K\n4K name=x\n", file, at: 7) == 13)
    #expect(try shell.text(file, at: 20) == "r1\nx\n")
    #expect(try shell.text(file, at: 23) == "x\n")
    // A program that seeks to the beginning gets the answer, too.
    _ = try shell.put("4K\n", file, at: 100)
    #expect(try shell.text(file, at: 0) == "r2\n")
    // Two writes without a read between them are answered together, as one with two lines is.
    _ = try shell.put("4K\n", file, at: 0)
    _ = try shell.put("4K\n", file, at: 3)
    #expect(try shell.text(file, at: 6) == "r3\nr4\n")
    file.close()
  }

  @Test func oneWriteIsOneTransaction() throws {
    let shell = try region()
    #expect(errno { () throws(VCMError) in try shell.write("4K\n4K\n3K\n", "vcms/out/reserve") } == EINVAL)
    #expect(try shell.ls("vcms/out/reservations") == [])
    #expect(errno { () throws(VCMError) in try shell.write("4K\n1G\n", "vcms/out/reserve") } == EINVAL)
    #expect(errno { () throws(VCMError) in try shell.write("8M\n12M\n", "vcms/out/reserve") } == ENOMEM)
    #expect(
      errno { () throws(VCMError) in try shell.write("4K name=a\n4K name=a\n", "vcms/out/reserve") } == EEXIST
    )
    #expect(try shell.ls("vcms/out/reservations") == [])
    #expect(try shell.cat("vcms/out/free") == "16777216\n")
    try shell.write("4K name=a\n\n# nothing\n8K name=b", "vcms/out/reserve")
    #expect(try shell.ls("vcms/out/reservations") == ["a", "b"])
    #expect(errno { () throws(VCMError) in try shell.write("64K\n3\n", "phys/alloc") } == EINVAL)
    #expect(try shell.ls("phys") == ["alloc", "at"])
  }

  /// bash writes a line at a time, dash and coreutils everything at once.
  @Test func bashAndDashMeanTheSame() throws {
    let dash = try region()
    let bash = try region()
    let text = "4K\n8K align=64K\n\n4K name=z\n"
    try dash.write(text, "vcms/out/reserve")
    let file = try bash.tree.open(bash.node("vcms/out/reserve"), .write, caller: bash.caller)
    var offset: UInt64 = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      offset += UInt64(try bash.put(line + "\n", file, at: offset))
    }
    file.close()
    for shell in [dash, bash] {
      #expect(try shell.ls("vcms/out/reservations") == ["r0", "z", "r1"])
      #expect(try shell.cat("vcms/out/reservations/r1/addr") == "0x10000\n")
    }
  }

  /// A text longer than what the kernel sends at once is one transaction all the same.
  @Test func longTexts() throws {
    let shell = try Shell(largestWrite: 64)
    try shell.mkdir("vcms/out")
    let text = (0..<20).map { "4K name=long_name_\($0)\n" }.joined()
    func write(_ text: String) throws -> Int32 {
      let file = try shell.tree.open(shell.node("vcms/out/reserve"), .write, caller: shell.caller)
      let bytes = Array(text.utf8)
      var offset = 0
      while offset < bytes.count {
        // As libc's callers do: what a short write left over is sent again.
        var done = 0
        let rest = bytes[offset...]
        for start in stride(from: 0, to: rest.count, by: 64) {
          let piece = String(decoding: rest.dropFirst(start).prefix(64), as: UTF8.self)
          let number = errno { () throws(VCMError) in
            done += try shell.put(piece, file, at: UInt64(offset + start))
          }
          if number != 0 && done == 0 { return number }
          if number != 0 { break }
        }
        offset += done
      }
      file.close()
      return 0
    }
    #expect(try write(text + "5K\n") == EINVAL)
    #expect(try shell.ls("vcms/out/reservations") == [])
    #expect(try write(text) == 0)
    #expect(try shell.ls("vcms/out/reservations").count == 20)
    // Exactly the largest size, without a newline: taken when the file is closed, at the latest.
    let exact = "4K name=" + String(repeating: "y", count: 56)
    #expect(try write(exact) == 0)
    #expect(try shell.ls("vcms/out/reservations").count == 21)
  }

  @Test func reservationFiles() throws {
    let shell = try region()
    try shell.echo("64K align=1M name=a prot=rwx cache=wt supervisor", "vcms/out/reserve")
    try shell.echo("8K at=0x40000", "vcms/out/reserve")
    #expect(try shell.cat("vcms/out/reservations/a/addr") == "0x0\n")
    #expect(try shell.cat("vcms/out/reservations/a/len") == "65536\n")
    #expect(try shell.cat("vcms/out/reservations/a/attr") == "prot=rwx cache=wt supervisor\n")
    #expect(try shell.cat("vcms/out/reservations/a/align") == "1048576\n")
    #expect(try shell.cat("vcms/out/reservations/r0/addr") == "0x40000\n")
    #expect(try shell.cat("vcms/out/reservations/r0/align") == "4096\n")
    try shell.echo("prot=r", "vcms/out/reservations/a/attr")
    #expect(try shell.cat("vcms/out/reservations/a/attr") == "prot=r cache=none user\n")
    try shell.echo("0x3a1", "vcms/out/reservations/r0/attr")
    #expect(try shell.cat("vcms/out/reservations/r0/attr") == "prot=rwx cache=wb-wa supervisor\n")
    #expect(
      errno { () throws(VCMError) in try shell.echo("prot=q", "vcms/out/reservations/a/attr") } == EINVAL)
    #expect(
      errno { () throws(VCMError) in try shell.echo("4K at=0x40000", "vcms/out/reserve") } == EADDRINUSE)
    #expect(try shell.cat("vcms/out/last_error").contains("r0"))
    #expect(errno { () throws(VCMError) in try shell.echo("4K at=0x40001", "vcms/out/reserve") } == EINVAL)
    #expect(errno { () throws(VCMError) in try shell.echo("4K at=4G", "vcms/out/reserve") } == EINVAL)
    #expect(errno { () throws(VCMError) in try shell.echo("4K bound=none", "vcms/out/reserve") } == ENOENT)
    #expect(errno { () throws(VCMError) in try shell.echo("4K align=3", "vcms/out/reserve") } == EINVAL)
    #expect(errno { () throws(VCMError) in try shell.echo("4K name=.x", "vcms/out/reserve") } == EINVAL)
    #expect(errno { () throws(VCMError) in try shell.echo("4K name=a/b", "vcms/out/reserve") } == EINVAL)
    #expect(
      errno { () throws(VCMError) in
        try shell.echo("4K name=" + String(repeating: "n", count: 256), "vcms/out/reserve")
      }
        == ENAMETOOLONG)
  }

  @Test func bufferFiles() throws {
    let shell = try Shell()
    try shell.echo("128K memtype=mt0 blocks=64K name=a", "phys/alloc")
    try shell.echo("1M memtype=mt1 contiguous align=1M", "phys/alloc")
    try shell.echo("64K at=0xa0000000 name=mmio", "phys/alloc")
    #expect(try shell.ls("phys") == ["alloc", "at", "a", "b0", "mmio"])
    #expect(try shell.cat("phys/a/len") == "131072\n")
    #expect(try shell.cat("phys/a/memtype") == "mt0\n")
    #expect(try shell.cat("phys/a/attr") == "blocks=64K\n")
    #expect(try shell.cat("phys/b0/chunks").hasPrefix("0x90000000 "))
    #expect(try shell.cat("phys/b0/attr").contains("contiguous"))
    #expect(try shell.cat("phys/b0/attr").contains("align=1M"))
    // What a file shows of how a buffer was asked for asks for the same.
    try shell.echo("128K \(try shell.cat("phys/a/attr").dropLast()) name=again", "phys/alloc")
    #expect(try shell.cat("phys/again/attr") == (try shell.cat("phys/a/attr")))
    // Registers of a device: no bytes behind them.
    #expect(try shell.cat("phys/mmio/memtype") == "none\n")
    #expect(try shell.cat("phys/mmio/attr") == "at=0xa0000000\n")
    #expect(try shell.cat("phys/mmio/chunks") == "0xa0000000 65536\n")
    #expect(try shell.stat("phys/mmio/data").size == 0)
    #expect(try shell.bytes("phys/mmio/data") == [])
    #expect(errno { () throws(VCMError) in try shell.echo("64K memtype=none", "phys/alloc") } != 0)
    #expect(errno { () throws(VCMError) in try shell.echo("1T", "phys/alloc") } == ENOMEM)
    #expect(errno { () throws(VCMError) in try shell.echo("64K name=a", "phys/alloc") } == EEXIST)
    try shell.rmdir("phys/a")
    #expect(!shell.exists("phys/a"))
  }

  @Test func memoryFiles() throws {
    let shell = try Shell()
    #expect(try shell.cat("memory/mt0/base") == "0x80000000\n")
    #expect(try shell.cat("memory/mt0/size") == "268435456\n")
    #expect(try shell.cat("memory/mt0/free") == "268435456\n")
    #expect(try shell.cat("memory/mt0/largest_free") == "268435456\n")
    #expect(try shell.cat("memory/mt0/policy") == "chunks=1M,64K,4K\n")
    #expect(try shell.cat("memory/mt1/policy") == "chunks=1M,64K,4K contiguous\n")
    #expect(try shell.cat("memory/tables/policy").hasSuffix("tables\n"))
    let before = shell.tree.statistics()
    #expect(before.total == 98304)
    try shell.echo("1M", "phys/alloc")
    #expect(try shell.cat("memory/mt0/free") == "267386880\n")
    #expect(shell.tree.statistics().free == before.free - 256)
    #expect(shell.tree.statistics().objects == before.objects + 1)
    // The counts of free blocks make up the free bytes.
    let counts = try shell.cat("memory/mt0/chunks").split(separator: "\n").map { line in
      line.split(separator: " ").compactMap { UInt64($0) }.reduce(1, *)
    }
    #expect(counts.reduce(0, +) == 267_386_880)
  }

  @Test func readOnlyAndWriteOnly() throws {
    let shell = try region()
    for path in ["vcms/out/free", "version", "memory/mt0/base", "vcms/out/pagetable", "vcms/out/last_error"] {
      #expect(errno { () throws(VCMError) in try shell.echo("1", path) } == EACCES, "\(path)")
    }
    #expect(try shell.cat("devices/dma/reset") == "")
  }
}
