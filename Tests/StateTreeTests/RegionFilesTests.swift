import Glibc
import Testing
import VCM

@testable import StateTree

@Suite struct RegionFilesTests {
  @Test func aNewRegion() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    #expect(try shell.cat("vcms/out/start") == "0x0\n")
    #expect(try shell.cat("vcms/out/len") == "4294967296\n")
    #expect(try shell.cat("vcms/out/type") == "device\n")
    #expect(try shell.cat("vcms/out/free") == "4294967296\n")
    #expect(try shell.cat("vcms/out/largest_free") == "4294967296\n")
    #expect(try shell.cat("vcms/out/active") == "0\n")
    #expect(try shell.cat("vcms/out/pagetable") == "")
    #expect(try shell.cat("vcms/out/last_error") == "")
  }

  /// A value that is read can be written again, and a value in another spelling reads as it always does.
  @Test func valuesGoBothWays() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    try shell.echo("0x1000", "vcms/out/start")
    try shell.echo("128M", "vcms/out/len")
    for name in ["start", "len", "type"] {
      let value = try shell.cat("vcms/out/\(name)")
      try shell.write(value, "vcms/out/\(name)")
      #expect(try shell.cat("vcms/out/\(name)") == value)
    }
    try shell.write("8192", "vcms/out/start")
    #expect(try shell.cat("vcms/out/start") == "0x2000\n")
    try shell.write("  0x3000\t\r\n", "vcms/out/start")
    #expect(try shell.cat("vcms/out/start") == "0x3000\n")
    #expect(try shell.cat("vcms/out/len") == "134217728\n")
    #expect(try shell.cat("vcms/out/free") == "134217728\n")
  }

  /// Several lines in one write are what bash's echo does with several writes; a bad one puts the old value back.
  @Test func severalLines() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    try shell.write("0x1000\n0x2000\n", "vcms/out/start")
    #expect(try shell.cat("vcms/out/start") == "0x2000\n")
    #expect(errno { () throws(VCMError) in try shell.write("0x5000\nx\n", "vcms/out/start") } == EINVAL)
    #expect(try shell.cat("vcms/out/start") == "0x2000\n")
  }

  @Test(arguments: [
    ("start", "1"), ("start", "x"), ("start", ""), ("start", " \n \n"), ("start", "-4096"),
    ("start", "0x1000 0x2000"),
    ("len", "0"), ("len", "1"), ("len", "4097"), ("len", "99999999999999999999"), ("type", "gpu"),
    ("type", "Device"),
    ("type", ""), ("active", "2"), ("active", "yes"), ("active", "-1"), ("start", "\u{1}"),
  ])
  func badValues(name: String, text: String) throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    let before = try ["start", "len", "type"].map { try shell.cat("vcms/out/\($0)") }
    #expect(errno { () throws(VCMError) in try shell.echo(text, "vcms/out/\(name)") } == EINVAL)
    #expect(try ["start", "len", "type"].map { try shell.cat("vcms/out/\($0)") } == before)
    let sentence = try shell.cat("vcms/out/last_error")
    #expect(
      sentence.hasPrefix("EINVAL: ") && sentence.hasSuffix("\n") && sentence.split(separator: "\n").count == 1
    )
  }

  @Test func inUse() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    try shell.echo("4K", "vcms/out/reserve")
    for (name, text) in [("start", "0x1000"), ("len", "8K"), ("type", "kernel")] {
      #expect(errno { () throws(VCMError) in try shell.echo(text, "vcms/out/\(name)") } == EBUSY)
    }
    #expect(errno { () throws(VCMError) in try shell.rmdir("vcms/out") } == EBUSY)
    #expect(try shell.cat("vcms/out/last_error").contains("'r0'"))
    try shell.rmdir("vcms/out/reservations/r0")
    try shell.rmdir("vcms/out")
    #expect(try shell.ls("vcms") == [])
  }

  @Test(arguments: [
    ("", EEXIST), ("a/b", ENOENT), (".hidden", EINVAL), ("a\u{1}b", EINVAL),
    (String(repeating: "n", count: 256), ENAMETOOLONG),
    ("out", EEXIST),
  ])
  func badNames(name: String, number: Int32) throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    if name.isEmpty { return }
    #expect(errno { () throws(VCMError) in try shell.mkdir("vcms/\(name)") } == number)
    #expect(try shell.ls("vcms") == ["out"])
  }

  @Test func goodNames() throws {
    let shell = try Shell()
    let names = ["a b", "ü", String(repeating: "n", count: 255), "*", "-rf", "a.b", "a:b", "'", "日本語"]
    for name in names { try shell.mkdir("vcms/\(name)") }
    #expect(try shell.ls("vcms") == names)
    for name in names { try shell.rmdir("vcms/\(name)") }
  }

  @Test func kernelAndUser() throws {
    let shell = try Shell()
    for kind in ["kernel", "user"] {
      try shell.mkdir("vcms/\(kind)")
      try shell.echo(kind, "vcms/\(kind)/type")
      #expect(try shell.cat("vcms/\(kind)/type") == "\(kind)\n")
      #expect(try shell.ls("vcms/\(kind)/devices") == ["cpu0"])
      #expect(try shell.cat("vcms/\(kind)/active") == "1\n")
      #expect(errno { () throws(VCMError) in try shell.rm("vcms/\(kind)/devices/cpu0") } == EBUSY)
      #expect(
        errno { () throws(VCMError) in try shell.echo("0", "vcms/\(kind)/associations/cpu0/active") } == EBUSY
      )
      // The processor's association does not count as a use.
      try shell.echo("64M", "vcms/\(kind)/len")
    }
    #expect(try shell.ls("devices/cpu0/vcms") == ["kernel", "user"])
    try shell.echo("device", "vcms/user/type")
    #expect(try shell.ls("vcms/user/devices") == [])
    try shell.rmdir("vcms/kernel")
    #expect(try shell.ls("devices/cpu0/vcms") == [])
  }

  @Test func activation() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    #expect(errno { () throws(VCMError) in try shell.echo("1", "vcms/out/active") } == ENOENT)
    try shell.ln("devices/video_dec", "vcms/out/devices/")
    try shell.ln("devices/display", "vcms/out/devices/")
    #expect(try shell.cat("vcms/out/associations/display/root") == "")
    #expect(try shell.cat("vcms/out/associations/display/pagetable.bin") == "")
    #expect(
      errno { () throws(VCMError) in try shell.echo("0", "vcms/out/associations/display/active") } == ENOENT)
    try shell.echo("1", "vcms/out/associations/display/active")
    #expect(
      errno { () throws(VCMError) in try shell.echo("1", "vcms/out/associations/display/active") } == EBUSY)
    #expect(try shell.cat("vcms/out/active") == "0\n")
    try shell.echo("1", "vcms/out/active")
    #expect(try shell.cat("vcms/out/active") == "1\n")
    #expect(try shell.cat("vcms/out/associations/video_dec/active") == "1\n")
    #expect(errno { () throws(VCMError) in try shell.rm("vcms/out/devices/display") } == EBUSY)
    #expect(try shell.cat("vcms/out/last_error").hasPrefix("EBUSY: "))
    // Another region cannot have the device at the same time.
    try shell.mkdir("vcms/in")
    try shell.ln("devices/display", "vcms/in/devices/")
    #expect(errno { () throws(VCMError) in try shell.echo("1", "vcms/in/active") } == EBUSY)
    #expect(try shell.cat("last_error").contains("'out'"))
    try shell.echo("0", "vcms/out/active")
    #expect(try shell.cat("vcms/out/active") == "0\n")
    try shell.rm("vcms/out/devices/display")
    #expect(try shell.ls("vcms/out/associations") == ["video_dec"])
    #expect(try shell.ls("devices/display/vcms") == ["in"])
  }

  @Test func deviceFiles() throws {
    let shell = try Shell()
    try shell.mkdir("devices/gpu")
    #expect(try shell.cat("devices/gpu/type") == "iommu\n")
    #expect(try shell.cat("devices/gpu/format") == "none\n")
    try shell.echo("x86-64", "devices/gpu/format")
    #expect(try shell.cat("devices/gpu/format") == "x86-64\n")
    #expect(errno { () throws(VCMError) in try shell.echo("nothing", "devices/gpu/format") } != 0)
    try shell.echo("none", "devices/gpu/format")
    try shell.echo("one-to-one", "devices/gpu/type")
    #expect(errno { () throws(VCMError) in try shell.echo("fast", "devices/gpu/type") } == EINVAL)
    #expect(!(try shell.cat("devices/gpu/hw_ver").isEmpty))
    try shell.mkdir("vcms/out")
    try shell.ln("devices/gpu", "vcms/out/devices/")
    #expect(errno { () throws(VCMError) in try shell.rmdir("devices/gpu") } == EBUSY)
    #expect(errno { () throws(VCMError) in try shell.echo("cpu", "devices/gpu/type") } == EBUSY)
    try shell.rm("vcms/out/devices/gpu")
    try shell.rmdir("devices/gpu")
    #expect(!shell.exists("devices/gpu"))
  }

  @Test func reset() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    try shell.backVideoTopology()
    #expect(errno { () throws(VCMError) in try shell.echo("0", "devices/display/reset") } == EINVAL)
    try shell.echo("1", "devices/display/reset")
    #expect(try shell.cat("vcms/out/associations/display/active") == "0\n")
    #expect(try shell.cat("vcms/out/associations/video_dec/active") == "1\n")
    #expect(try shell.cat("devices/display/reset") == "")
  }

  @Test func associationAttributes() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    try shell.ln("devices/video_dec", "vcms/out/devices/")
    #expect(try shell.cat("vcms/out/associations/video_dec/attr") == "base=low split=0\n")
    try shell.write(
      try shell.cat("vcms/out/associations/video_dec/attr"), "vcms/out/associations/video_dec/attr")
    try shell.echo("1", "vcms/out/active")
    #expect(
      errno { () throws(VCMError) in try shell.echo("base=high", "vcms/out/associations/video_dec/attr") }
        == EBUSY)
  }
}
