import Testing

@testable import vcmfs

@Suite("Mount options")
struct MountOptionsTests {
  private func parse(_ texts: String...) throws -> MountOptions {
    try MountOptions(parsing: texts)
  }

  @Test(
    "other people's options are ignored",
    arguments: [
      "nofail", "_netdev", "noauto", "auto", "user", "users", "nouser", "owner", "group", "defaults",
      "comment=anything",
      "x-systemd.automount", "x-systemd.device-timeout=10s", "X-mount.mkdir", "relatime", "lazytime",
      "subtype=vcmfs",
    ])
  func ignored(option: String) throws {
    #expect(try parse(option) == MountOptions(parsing: []))
  }

  @Test(
    "the kernel's flags are passed on",
    arguments: ["nosuid", "nodev", "noexec", "sync", "noatime", "auto_unmount"])
  func passedOn(option: String) throws {
    #expect(try parse(option).passedOn == [option])
  }

  @Test(
    "what is unknown is refused with the option in the sentence",
    arguments: [
      "platfrom=/x", "bogus", "NOSUID", "rox", "x", "max_readx=1",
    ])
  func unknown(option: String) throws {
    #expect(throws: OptionError.unknown(option)) { try parse("ro,\(option),nosuid") }
    #expect(OptionError.unknown(option).description.contains("`\(option)`"))
  }

  @Test("sloppy lets the unknown pass, wherever it stands")
  func sloppy() throws {
    #expect(try parse("bogus,ro", "sloppy").passedOn == ["ro"])
  }

  @Test("files come with their names, commas and backslashes included")
  func files() throws {
    let options = try parse(#"platform=/a\,b.yaml,memory=/dev/shm/m\\x"#)
    #expect(options.platform == "/a,b.yaml")
    #expect(options.memory == #"/dev/shm/m\x"#)
    #expect(options.passedOn.isEmpty)
  }

  @Test("the last of several wins")
  func lastWins() throws {
    #expect(try parse("platform=a,platform=b").platform == "b")
    #expect(try parse("ro,rw").isReadOnly == false)
    #expect(try parse("ro,rw").passedOn == ["rw"])
    #expect(try parse("rw", "ro").isReadOnly)
    #expect(try parse("rw", "ro").passedOn == ["ro"])
    #expect(try parse("suid,nosuid").passedOn == ["nosuid"])
    #expect(try parse("nosuid,suid").passedOn == ["suid"])
    #expect(try parse("nosuid,nosuid").passedOn == ["nosuid"])
  }

  @Test("a name without a value is refused", arguments: ["platform", "platform=", "memory=", "fsname"])
  func valueMissing(option: String) throws {
    let name = String(option.prefix { $0 != "=" })
    #expect(throws: OptionError.valueMissing(name)) { try parse(option) }
  }

  @Test("a flag with a value is refused")
  func valueNotTaken() throws {
    #expect(throws: OptionError.valueNotTaken("ro")) { try parse("ro=1") }
  }

  @Test("allow_other needs default_permissions, in any order")
  func allowOther() throws {
    #expect(throws: OptionError.lacksPermissionCheck) { try parse("allow_other") }
    #expect(throws: OptionError.lacksPermissionCheck) { try parse("allow_root,ro") }
    #expect(try parse("default_permissions,allow_other").allowsOthers)
    #expect(
      try parse("allow_other", "default_permissions").passedOn == ["allow_other", "default_permissions"])
  }

  @Test("empty pieces are nothing")
  func emptyPieces() throws {
    #expect(try parse("", ",,ro,,", ",") == parse("ro"))
  }
}
