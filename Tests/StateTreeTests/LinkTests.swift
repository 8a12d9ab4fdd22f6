import Glibc
import Testing
import VCM

@testable import StateTree

/// Symbolic links: associations and backings.
@Suite struct LinkTests {
  @Test(arguments: [
    "devices/video_dec", "/devices/video_dec", "../../../devices/video_dec", "/mnt/a/b/devices/video_dec/",
    "./devices/./video_dec",
  ])
  func associate(target: String) throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    try shell.ln(target, "vcms/out/devices/video_dec")
    #expect(try shell.readlink("vcms/out/devices/video_dec") == "../../../devices/video_dec")
    #expect(try shell.ls("vcms/out/associations") == ["video_dec"])
    #expect(try shell.readlink("devices/video_dec/vcms/out") == "../../../vcms/out")
    #expect(
      errno { () throws(VCMError) in try shell.ln(target, "vcms/out/devices/video_dec") } == EEXIST)
    try shell.rm("vcms/out/devices/video_dec")
    #expect(try shell.ls("devices/video_dec/vcms") == [])
  }

  /// Nothing is kept of links that came and went.
  @Test func associationsThatAreGone() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    var leases: [Int] = []
    for _ in 0..<4 {
      try shell.ln("devices/video_dec", "vcms/out/devices/video_dec")
      _ = try shell.readlink("vcms/out/devices/video_dec")
      try shell.rm("vcms/out/devices/video_dec")
      leases.append(try shell.tree.reading { state throws(VCMError) in state.leases.count })
    }
    #expect(leases.allSatisfy { $0 == leases[0] }, "\(leases)")
  }

  @Test func associationsThatAreRefused() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    let cases: [(String, String, Int32)] = [
      ("devices/nothing", "nothing", ENOENT), ("vcms/out", "out", EINVAL), ("video_dec", "video_dec", EINVAL),
      ("", "x", ENOENT), ("devices/video_dec", "decoder", EINVAL), ("phys/video_dec", "video_dec", EINVAL),
      ("/etc/passwd", "passwd", EINVAL),
    ]
    for (target, name, number) in cases {
      #expect(
        errno { () throws(VCMError) in try shell.ln(target, "vcms/out/devices/\(name)") } == number,
        "\(target)")
      #expect(try shell.cat("vcms/out/last_error").isEmpty == false)
    }
    #expect(try shell.ls("vcms/out/devices") == [])
    // Back links are made from the other side; everywhere else there are no links.
    for path in [
      "devices/video_dec/vcms/out", "vcms/x", "devices/x", "phys/x", "x", "vcms/out/x",
      "vcms/out/reservations/x",
      "vcms/out/associations/x",
    ] {
      #expect(errno { () throws(VCMError) in try shell.ln("devices/video_dec", path) } == EPERM, "\(path)")
    }
  }

  @Test func backing() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    let backing = "vcms/out/reservations/res_64k/backing"
    #expect(!shell.exists(backing))
    #expect(errno { () throws(VCMError) in _ = try shell.readlink(backing) } == ENOENT)
    #expect(errno { () throws(VCMError) in try shell.ln("phys/nothing", backing) } == ENOENT)
    #expect(errno { () throws(VCMError) in try shell.ln("devices/display", backing) } == EINVAL)
    // Longer than the reservation.
    #expect(errno { () throws(VCMError) in try shell.ln("phys/buf_16m", backing) } == EINVAL)
    #expect(try shell.cat("vcms/out/reservations/res_64k/last_error").isEmpty == false)
    try shell.ln("../../../../phys/buf_64k", backing)
    #expect(try shell.readlink(backing) == "../../../../phys/buf_64k")
    #expect(try shell.stat(backing, follow: true).id == (try shell.stat("phys/buf_64k").id))
    #expect(errno { () throws(VCMError) in try shell.ln("phys/buf_64k", backing) } == EALREADY)
    try shell.echo("64K name=other", "phys/alloc")
    #expect(errno { () throws(VCMError) in try shell.ln("phys/other", backing) } == EADDRINUSE)
    #expect(try shell.ls("phys/buf_64k/users") == ["0"])
    #expect(try shell.readlink("phys/buf_64k/users/0") == "../../../vcms/out/reservations/res_64k")
    for name in ["1", "00", "-1", "x", "+0"] { #expect(!shell.exists("phys/buf_64k/users/\(name)")) }
    #expect(errno { () throws(VCMError) in try shell.rmdir("phys/buf_64k") } == EBUSY)
    #expect(errno { () throws(VCMError) in try shell.rm("phys/buf_64k/users/0") } == EBUSY)
    #expect(errno { () throws(VCMError) in try shell.rmdir("vcms/out/reservations/res_64k") } == EBUSY)
    try shell.rm(backing)
    #expect(!shell.exists(backing))
    #expect(try shell.ls("phys/buf_64k/users") == [])
    #expect(errno { () throws(VCMError) in try shell.rm(backing) } == ENOENT)
    try shell.rmdir("phys/buf_64k")
  }

  /// back: EAGAIN while an association is inactive.
  @Test func inactive() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.echo("0", "vcms/out/associations/display/active")
    #expect(
      errno { () throws(VCMError) in try shell.ln("phys/buf_64k", "vcms/out/reservations/res_64k/backing") }
        == EAGAIN)
  }

  @Test func linksFollowNames() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    try shell.mv("vcms/out", "vcms/video")
    try shell.mv("devices/display", "devices/screen")
    try shell.mv("phys/buf_64k", "phys/small")
    try shell.mv("vcms/video/reservations/res_64k", "vcms/video/reservations/first")
    #expect(try shell.readlink("devices/screen/vcms/video") == "../../../vcms/video")
    #expect(try shell.readlink("vcms/video/devices/screen") == "../../../devices/screen")
    #expect(try shell.ls("vcms/video/associations") == ["video_dec", "screen"])
    #expect(try shell.readlink("vcms/video/reservations/first/backing") == "../../../../phys/small")
    #expect(try shell.readlink("phys/small/users/0") == "../../../vcms/video/reservations/first")
    #expect(try shell.cat("vcms/video/pagetable").contains("# device screen\n"))
  }
}
