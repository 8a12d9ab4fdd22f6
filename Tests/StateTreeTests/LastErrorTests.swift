import Glibc
import Testing
import VCM

@testable import StateTree

@Suite struct LastErrorTests {
  @Test func perUserAndPerObject() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    try shell.mkdir("vcms/in")
    let files = ["last_error", "vcms/out/last_error", "vcms/in/last_error", "devices/dma/last_error"]
    for file in files { #expect(try shell.cat(file) == "") }
    shell.caller.userID = 1000
    #expect(errno { () throws(VCMError) in try shell.echo("x", "vcms/out/len") } == EINVAL)
    let sentence = try shell.cat("last_error")
    #expect(sentence.hasPrefix("EINVAL: len 'x' is not a number"))
    #expect(try shell.cat("vcms/out/last_error") == sentence)
    #expect(try shell.cat("vcms/in/last_error") == "")
    shell.caller.userID = 1001
    #expect(try shell.cat("last_error") == "")
    #expect(errno { () throws(VCMError) in try shell.mkdir("vcms/out") } == EEXIST)
    #expect(try shell.cat("last_error").hasPrefix("EEXIST: "))
    // Looking is no failure.
    #expect(errno { () throws(VCMError) in _ = try shell.stat("vcms/nothing") } == ENOENT)
    #expect(try shell.cat("last_error").hasPrefix("EEXIST: "))
    shell.caller.userID = 1000
    #expect(try shell.cat("last_error") == sentence)
    // Its length and content depend on who asks, so that nothing of it may be kept.
    #expect(try shell.stat("last_error").mayBeCached == false)
    #expect(try shell.stat("last_error").size == UInt64(sentence.utf8.count))
    #expect(try shell.stat("vcms/out/last_error").mayBeCached)
  }

  @Test func everyFailureIsOneLine() throws {
    let shell = try Shell()
    try shell.makeVideoTopology()
    func check(_ number: Int32) throws {
      guard number != 0 else { return }
      let text = try shell.cat("last_error")
      #expect(text.split(separator: "\n").count == 1 && text.hasSuffix("\n"), "\(text)")
      #expect(text.utf8.count < 700)
    }
    try check(errno { () throws(VCMError) in try shell.rmdir("vcms/out") })
    try check(errno { () throws(VCMError) in try shell.echo("1M name=\u{2028}", "vcms/out/reserve") })
    try check(errno { () throws(VCMError) in try shell.mkdir("vcms/a\nb") })
    try check(errno { () throws(VCMError) in try shell.echo("'\"; rm -rf /", "vcms/out/reserve") })
    let long = String(repeating: "z/", count: 3000)
    try check(errno { () throws(VCMError) in try shell.echo(long, "phys/alloc") })
    try check(errno { () throws(VCMError) in try shell.ln(long, "vcms/out/devices/x") })
  }

  @Test func usersAreNotRememberedForEver() throws {
    let shell = try Shell()
    for user in 0..<UInt32(3000) {
      shell.caller.userID = user
      #expect(errno { () throws(VCMError) in try shell.mkdir("x") } == EPERM)
      #expect(try !shell.cat("last_error").isEmpty)
    }
  }

  /// The sentence of a region that is gone does not come back with another of its name.
  @Test func goneWithTheObject() throws {
    let shell = try Shell()
    try shell.mkdir("vcms/out")
    _ = errno { () throws(VCMError) in try shell.echo("x", "vcms/out/len") }
    try shell.rmdir("vcms/out")
    try shell.mkdir("vcms/out")
    #expect(try shell.cat("vcms/out/last_error") == "")
  }
}
