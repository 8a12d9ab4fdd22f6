import ArgumentParser
import FUSEKit
import Testing

@testable import vcmfs

@Suite("Command line")
struct MountRequestTests {
  private func request(_ words: String...) throws -> MountRequest {
    let command = try VcmfsCommand.command(for: words)
    let mount = try #require(command as? VcmfsCommand)
    return try MountRequest(mount.arguments)
  }

  @Test("only a mount point")
  func mountPoint() throws {
    let request = try request("/mnt")
    #expect(request.mountPoint == "/mnt")
    #expect(request.sourceName == "vcmfs")
    #expect(!request.isForeground && !request.isDebugging && !request.isSingleThreaded)
    #expect(request.platform == nil && request.memory == nil)
  }

  @Test("mount(8)'s form: source, directory, options behind them")
  func mountForm() throws {
    let request = try request("video", "/mnt", "-o", "rw,nofail,nosuid,platform=/p.yaml")
    #expect(request.sourceName == "video")
    #expect(request.mountPoint == "/mnt")
    #expect(request.platform == "/p.yaml")
    #expect(try request.options == OptionList(parsing: ["platform=/p.yaml"]))
  }

  @Test("an option joined with its letter, as mount.fuse gives it")
  func joined() throws {
    #expect(try request("-oro,nodev", "/mnt").options.mount.isReadOnly)
  }

  @Test("flags, alone and together; -d stays in the foreground")
  func flags() throws {
    #expect(try request("-f", "-s", "/mnt").isForeground)
    #expect(try request("-fs", "/mnt").isSingleThreaded)
    #expect(try request("-d", "/mnt").isForeground)
    #expect(try request("-o", "debug", "/mnt").isDebugging)
  }

  @Test("fsname is stronger than the source; an empty source is none")
  func sourceName() throws {
    #expect(try request("a", "/mnt", "-o", "fsname=b").sourceName == "b")
    #expect(try request("", "/mnt").sourceName == "vcmfs")
  }

  @Test("a file is named once, or twice the same")
  func files() throws {
    #expect(try request("--platform", "p", "--memory", "m", "/mnt").memory == "m")
    #expect(try request("--platform", "p", "-o", "platform=p", "/mnt").platform == "p")
    #expect(throws: UsageError.givenTwice("memory", "m", "n")) {
      try request("--memory", "m", "-o", "memory=n", "/mnt")
    }
  }

  @Test("what makes no sense is refused with a sentence")
  func refused() throws {
    #expect(throws: UsageError.noMountPoint) { try request() }
    #expect(throws: UsageError.noMountPoint) { try request("") }
    #expect(throws: UsageError.tooManyPaths("c")) { try request("a", "b", "c") }
    #expect(UsageError.tooManyPaths("c").description.contains("`c`"))
    #expect(throws: OptionError.unknown("bogus")) { try request("-o", "bogus", "/mnt") }
    #expect(throws: (any Error).self) { try request("--bogus", "/mnt") }
  }

  @Test("sub-commands are found, and a directory of the same name is reached with ./")
  func subcommands() throws {
    #expect(try VcmfsCommand.command(for: ["formats"]) is FormatsCommand)
    #expect((try VcmfsCommand.command(for: ["check", "p.yaml"]) as? CheckCommand)?.platform == "p.yaml")
    #expect(try request("./formats").mountPoint == "./formats")
  }

  @Test("the help names every option, sub-command and exit status")
  func help() {
    let help = VcmfsCommand.helpMessage()
    for part in [
      "-f", "-d", "-s", "-o", "--platform", "--memory", "formats", "check", "fusermount3 -u", "65",
    ] {
      #expect(help.contains(part), "\(part) in: \(help)")
    }
  }
}
