import Glibc
import Testing
import VCM

@testable import StateTree

/// `bounds`, `clone` and `map`.
@Suite struct BoundTests {
  @Test func bounds() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    try shell.echo("64M", "vcms/out/len")
    try shell.mkdir("vcms/out/bounds/video")
    #expect(
      try shell.ls("vcms/out/bounds/video") == [
        "start", "len", "free", "largest_free", "reserve", "last_error",
      ])
    #expect(try shell.cat("vcms/out/bounds/video/start") == "")
    #expect(try shell.cat("vcms/out/bounds/video/len") == "0\n")
    try shell.echo("32M", "vcms/out/bounds/video/len")
    #expect(try shell.cat("vcms/out/bounds/video/start") == "0x0\n")
    #expect(try shell.cat("vcms/out/free") == "33554432\n")
    try shell.echo("64K name=a", "vcms/out/bounds/video/reserve")
    try shell.echo("64K name=b bound=video", "vcms/out/reserve")
    try shell.echo("64K name=c", "vcms/out/reserve")
    #expect(try shell.cat("vcms/out/reservations/b/addr") == "0x10000\n")
    #expect(try shell.cat("vcms/out/reservations/c/addr") == "0x2000000\n")
    #expect(try shell.cat("vcms/out/bounds/video/free") == "33423360\n")
    #expect(errno { () throws(VCMError) in try shell.echo("64M", "vcms/out/bounds/video/reserve") } != 0)
    #expect(
      errno { () throws(VCMError) in try shell.echo("4K bound=x", "vcms/out/bounds/video/reserve") } == EINVAL
    )
    #expect(errno { () throws(VCMError) in try shell.rmdir("vcms/out/bounds/video") } == EBUSY)
    #expect(errno { () throws(VCMError) in try shell.echo("1M", "vcms/out/bounds/video/len") } == EBUSY)
    #expect(errno { () throws(VCMError) in try shell.mkdir("vcms/out/bounds/video") } == EEXIST)
    try shell.mv("vcms/out/bounds/video", "vcms/out/bounds/film")
    #expect(errno { () throws(VCMError) in try shell.rmdir("vcms/out") } == EBUSY)
    #expect(shell.rmTree("vcms/out").isEmpty)
    #expect(try shell.ls("vcms") == [])
  }

  @Test func clone() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    try shell.mkdir("vcms/copy")
    try shell.echo("out", "vcms/copy/clone")
    #expect(try shell.cat("vcms/copy/start") == "0x1000\n")
    #expect(try shell.cat("vcms/copy/len") == "134217728\n")
    #expect(try shell.ls("vcms/copy/reservations") == ["res_64k", "res_16M"])
    #expect(try shell.readlink("vcms/copy/reservations/res_16M/backing") == "../../../../phys/buf_16m")
    #expect(try shell.ls("vcms/copy/devices") == [])
    // Later changes are private to each.
    try shell.rm("vcms/copy/reservations/res_16M/backing")
    try shell.rmdir("vcms/copy/reservations/res_16M")
    #expect(try shell.ls("vcms/out/reservations") == ["res_64k", "res_16M"])
    #expect(errno { () throws(VCMError) in try shell.echo("out", "vcms/copy/clone") } == EBUSY)
    try shell.mkdir("vcms/other")
    #expect(errno { () throws(VCMError) in try shell.echo("nothing", "vcms/other/clone") } == ENOENT)
    #expect(errno { () throws(VCMError) in try shell.echo("other", "vcms/other/clone") } == EINVAL)
    #expect(errno { () throws(VCMError) in try shell.echo("devices/display", "vcms/other/clone") } == EINVAL)
    try shell.echo("../../vcms/out", "vcms/other/clone")
    #expect(try shell.ls("vcms/other/reservations").count == 2)
  }

  @Test func map() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    #expect(try shell.cat("vcms/out/map") == MappingGrammar.help)
    let file = try shell.tree.open(shell.node("vcms/out/map"), [.read, .write], caller: shell.caller)
    _ = try shell.put("1M memtype=mt1 name=frame prot=r\n64K buffer=small contiguous align=1M\n", file, at: 0)
    #expect(try shell.text(file, at: 0) == "frame\nr0\n")
    #expect(try shell.readlink("vcms/out/reservations/frame/backing") == "../../../../phys/frame")
    #expect(try shell.readlink("vcms/out/reservations/r0/backing") == "../../../../phys/small")
    #expect(try shell.cat("vcms/out/reservations/frame/attr") == "prot=r cache=none user\n")
    #expect(try shell.cat("vcms/out/reservations/r0/addr") == "0x100000\n")
    // All or nothing, wherever it fails: the buffers, the reservations, the backing.
    let before = try shell.find().filter { !$0.hasSuffix("last_error") }
    let free = try shell.cat("memory/mt0/free")
    #expect(errno { () throws(VCMError) in try shell.write("4K\n1T\n", "vcms/out/map") } == ENOMEM)
    #expect(
      errno { () throws(VCMError) in try shell.write("4K\n4K at=0x100000\n", "vcms/out/map") } == EADDRINUSE)
    #expect(errno { () throws(VCMError) in try shell.write("4K colour=red\n", "vcms/out/map") } == EINVAL)
    try shell.ln("devices/video_dec", "vcms/out/devices/")
    #expect(errno { () throws(VCMError) in try shell.write("4K\n4K\n", "vcms/out/map") } == EAGAIN)
    try shell.rm("vcms/out/devices/video_dec")
    #expect(try shell.find().filter { !$0.hasSuffix("last_error") } == before)
    #expect(try shell.cat("memory/mt0/free") == free)
  }
}
