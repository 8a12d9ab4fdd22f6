import Glibc
import PhysicalMemory
import TestSupport
import Testing
import VCM

@testable import StateTree

/// Files whose bytes are memory.
@Suite struct DataTests {
  @Test func emptyUntilBacked() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    let data = "vcms/out/reservations/res_64k/data"
    #expect(try shell.stat(data).size == 0)
    #expect(try shell.bytes(data) == [])
    #expect(errno { () throws(VCMError) in try shell.write("x", data) } == ENXIO)
    #expect(try shell.cat("vcms/out/reservations/res_64k/last_error").contains("has no memory"))
    let file = try shell.tree.open(shell.node(data), [.read, .write], caller: shell.caller)
    try shell.ln("phys/buf_64k", "vcms/out/reservations/res_64k/backing")
    // The reservation is longer; its first bytes have memory.
    #expect(try shell.stat(data).size == 128 << 10)
    #expect(try shell.stat(data).blocks == 256)
    // What stays open follows.
    #expect(try shell.read(file, at: (128 << 10) - 2, 100) == [0, 0])
    try shell.rm("vcms/out/reservations/res_64k/backing")
    #expect(try shell.read(file, at: 0, 100) == [])
  }

  @Test func randomReadsAndWrites() throws {
    let shell = try Shell()
    // A scattered buffer: every other page of the pool is taken.
    try shell.write((0..<64).map { "4K blocks=4K name=p\($0)\n" }.joined(), "phys/alloc")
    for index in stride(from: 0, to: 64, by: 2) { try shell.rmdir("phys/p\(index)") }
    try shell.mkdir("vcms/out")
    try shell.write("128K blocks=4K name=scattered\n", "phys/alloc")
    try shell.echo("256K", "vcms/out/reserve")
    try shell.ln("phys/scattered", "vcms/out/reservations/r0/backing")
    #expect(try shell.cat("phys/scattered/chunks").split(separator: "\n").count == 32)
    var twin = [UInt8](repeating: 0, count: 128 << 10)
    var random = SeededRandom(seed: 11)
    let paths = ["phys/scattered/data", "vcms/out/reservations/r0/data"]
    for _ in 0..<200 {
      let file = try shell.tree.open(
        shell.node(paths[Int.random(in: 0...1, using: &random)]), [.read, .write], caller: shell.caller)
      let offset = Int.random(in: 0..<twin.count, using: &random)
      let count = Int.random(in: 1...20000, using: &random)
      if Bool.random(using: &random) {
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        let done = try bytes.withUnsafeBytes { try file.write($0, at: UInt64(offset)) }
        #expect(done == min(count, twin.count - offset))
        twin.replaceSubrange(offset..<(offset + done), with: bytes[..<done])
      } else {
        #expect(try shell.read(file, at: UInt64(offset), count) == Array(twin[offset...].prefix(count)))
        #expect(try shell.gather(file, at: UInt64(offset), count) == Array(twin[offset...].prefix(count)))
      }
      file.close()
    }
    #expect(try shell.bytes(paths[0], step: 7777) == twin)
    #expect(try shell.bytes(paths[1]) == twin)
    // Each page lies where chunks says.
    let physical = try shell.tree.open(shell.node("memory/physical"), .read, caller: shell.caller)
    for (index, line) in try shell.cat("phys/scattered/chunks").split(separator: "\n").enumerated() {
      let address = try Number.parse(line.split(separator: " ")[0])
      #expect(try shell.read(physical, at: address, 4096) == Array(twin[(index * 4096)...].prefix(4096)))
    }
  }

  @Test func behindTheEnd() throws {
    let shell = try Shell()
    try shell.echo("64K", "phys/alloc")
    let file = try shell.tree.open(shell.node("phys/b0/data"), [.read, .write], caller: shell.caller)
    for offset: UInt64 in [65536, 65537, 1 << 40, .max] {
      #expect(try shell.read(file, at: offset, 16) == [])
      #expect(errno { () throws(VCMError) in _ = try shell.put("x", file, at: offset) } == ENOSPC)
    }
    #expect(try shell.put("xyz", file, at: 65534) == 2)
    #expect(try shell.put("", file, at: 0) == 0)
  }

  @Test func physicalMemory() throws {
    let shell = try Shell()
    try shell.echo("64K name=b", "phys/alloc")
    try shell.write("hello", "phys/b/data")
    let file = try shell.tree.open(shell.node("memory/physical"), [.read, .write], caller: shell.caller)
    #expect(try shell.stat("memory/physical").size == 0x9800_0000)
    #expect(try shell.read(file, at: 0x8000_0000, 5) == Array("hello".utf8))
    #expect(try shell.put("J", file, at: 0x8000_0000) == 1)
    #expect(try shell.bytes("phys/b/data").prefix(5) == Array("Jello".utf8)[...])
    // In the gap below the first memory type there is nothing to write.
    #expect(try shell.read(file, at: 0, 8) == [UInt8](repeating: 0, count: 8))
    #expect(try shell.read(file, at: 0x7FFF_FFFE, 4) == [0, 0, 0x4A, 0x65])
    #expect(errno { () throws(VCMError) in _ = try shell.put("x", file, at: 0) } == ENXIO)
    // Sparse: reading leaves it so, and the data is found.
    let allocated = try shell.stat("memory/physical").blocks
    _ = try shell.read(file, at: 0x8800_0000, 1 << 20)
    #expect(try shell.gather(file, at: 0x8800_0000, 1 << 20) == [UInt8](repeating: 0, count: 1 << 20))
    #expect(try shell.gather(file, at: 0x7FFF_FFFE, 4) == [0, 0, 0x4A, 0x65])
    #expect(try shell.stat("memory/physical").blocks == allocated)
    #expect(try file.nextData(from: 0) == 0x8000_0000)
    #expect(try file.nextHole(from: 0) == 0)
    #expect(try file.nextHole(from: 0x8000_0000) == 0x8000_1000)
    #expect(errno { () throws(VCMError) in _ = try file.nextData(from: 0x8800_0000) } == ENXIO)
    #expect(errno { () throws(VCMError) in _ = try file.nextHole(from: 0x9800_0000) } == ENXIO)
  }

  /// A buffer that was freed is a hole again, whatever was known of its pages.
  @Test func whatWasFreedIsAHole() throws {
    let shell = try Shell()
    try shell.echo("1M name=a", "phys/alloc")
    try shell.write(String(repeating: "x", count: 1 << 20), "phys/a/data")
    let physical = try shell.tree.open(shell.node("memory/physical"), .read, caller: shell.caller)
    #expect(try shell.gather(physical, at: 0x8000_0000, 2 << 20).filter { $0 == 0x78 }.count == 1 << 20)
    let full = try shell.stat("memory/physical").blocks
    try shell.rmdir("phys/a")
    #expect(try shell.gather(physical, at: 0x8000_0000, 1 << 20) == [UInt8](repeating: 0, count: 1 << 20))
    #expect(try shell.stat("memory/physical").blocks == full - (1 << 20) / 512)
  }

  /// More pieces than one system call takes are as good as few.
  @Test func manyPieces() throws {
    let shell = try Shell()
    try shell.echo("16M contiguous name=a", "phys/alloc")
    let file = try shell.tree.open(shell.node("phys/a/data"), [.read, .write], caller: shell.caller)
    for page: UInt64 in stride(from: 0, to: 4096, by: 2) { _ = try shell.put("p", file, at: page * 4096) }
    let blocks = try shell.stat("memory/physical").blocks
    let found = try shell.gather(file, at: 0, 16 << 20)
    #expect(found.count == 16 << 20 && found.filter { $0 != 0 }.count == 2048)
    #expect(stride(from: 0, to: 16 << 20, by: 8192).allSatisfy { found[$0] == 0x70 })
    #expect(try shell.stat("memory/physical").blocks == blocks)
  }

  /// A mapping's pages stay in the kernel when they have been written back, so the next write by another way ends them.
  @Test func pagesThatWereWrittenAreStillGivenUp() throws {
    let shell = try Shell()
    try shell.echo("64K name=a", "phys/alloc")
    let inbox = Inbox()
    shell.tree.setInvalidationHandler { inbox.put($0) }
    let data = try shell.tree.open(shell.node("phys/a/data"), [.read, .write], caller: shell.caller)
    let physical = try shell.tree.open(shell.node("memory/physical"), [.read, .write], caller: shell.caller)
    var page = [UInt8](repeating: 0, count: 4096)
    try page.withUnsafeMutableBytes { page in
      _ = try data.readPages(at: 0, into: page)
      _ = try data.writePages(UnsafeRawBufferPointer(page), at: 0)
    }
    _ = inbox.take()
    _ = try shell.put("x", physical, at: 0x8000_0000)
    #expect(
      inbox.take().contains { if case .changed(let node) = $0 { node == data.node } else { false } })
  }

  @Test func contiguousBuffersArePartOfTheMemoryFile() throws {
    let shell = try Shell()
    try shell.echo("1M contiguous name=a", "phys/alloc")
    try shell.echo("64K at=0xa0000000 name=mmio", "phys/alloc")
    let file = try shell.tree.open(shell.node("phys/a/data"), .read, caller: shell.caller)
    let range = try #require(try file.memoryFileRange())
    #expect(range.offset == 0 && range.length == 1 << 20)
    try shell.write("bytes", "phys/a/data")
    var buffer = [UInt8](repeating: 0, count: 5)
    #expect(pread(range.fileDescriptor, &buffer, 5, off_t(range.offset)) == 5)
    #expect(buffer == Array("bytes".utf8))
    let mmio = try shell.tree.open(shell.node("phys/mmio/data"), .read, caller: shell.caller)
    #expect(try mmio.memoryFileRange() == nil)
    let text = try shell.tree.open(shell.node("version"), .read, caller: shell.caller)
    #expect(try text.memoryFileRange() == nil)
  }

  /// Freed memory reads as zero when somebody else gets it.
  @Test func nobodySeesWhatWasThere() throws {
    let shell = try Shell()
    try shell.echo("64K", "phys/alloc")
    try shell.write("secret", "phys/b0/data")
    try shell.rmdir("phys/b0")
    try shell.echo("64K", "phys/alloc")
    #expect(try shell.bytes("phys/b1/data").allSatisfy { $0 == 0 })
  }
}
