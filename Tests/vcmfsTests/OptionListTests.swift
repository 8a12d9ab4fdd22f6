import FUSEKit
import Testing

@testable import vcmfs

@Suite("Mount options")
struct OptionListTests {
  private func parse(_ texts: String...) throws -> OptionList {
    try OptionList(parsing: texts)
  }

  @Test(
    "other people's options are ignored",
    arguments: [
      "nofail", "_netdev", "noauto", "auto", "user", "users", "nouser", "owner", "group", "defaults", "rw",
      "comment=anything", "x-systemd.automount", "x-systemd.device-timeout=10s", "X-mount.mkdir", "relatime",
      "lazytime", "subtype=vcmfs", "nosuid", "nodev",
    ])
  func ignored(option: String) throws {
    #expect(try parse(option) == OptionList(parsing: []))
  }

  @Test("the mount's own options reach it")
  func mountOptions() throws {
    let mount = try parse("ro,noexec,suid,dev", "sync,dirsync,noatime,auto_unmount").mount
    #expect(mount.isReadOnly && !mount.allowsExecution && mount.allowsSetUserID && mount.allowsDevices)
    #expect(mount.isSynchronous && mount.hasSynchronousDirectories && mount.ignoresAccessTimes)
    #expect(mount.unmountsAutomatically)
  }

  @Test(
    "what is unknown is refused with the option in the sentence",
    arguments: [
      "platfrom=/x", "bogus", "NOSUID", "rox", "x", "max_readx=1", "ro=1", "allow_root", "ro\u{301}",
    ])
  func unknown(option: String) throws {
    #expect(throws: OptionError.unknown(option)) { try parse("ro,\(option),nosuid") }
    #expect(OptionError.unknown(option).description.contains("`\(option)`"))
  }

  @Test("sloppy lets the unknown pass, wherever it stands")
  func sloppy() throws {
    #expect(try parse("bogus,ro", "sloppy") == parse("ro"))
  }

  @Test("files come with their names, commas and backslashes included")
  func files() throws {
    let options = try parse(#"platform=/a\,b.yaml,memory=/dev/shm/m\\x"#)
    #expect(options.platform == "/a,b.yaml")
    #expect(options.memory == #"/dev/shm/m\x"#)
    #expect(options.mount == MountOptions())
  }

  @Test("the last of several wins")
  func lastWins() throws {
    #expect(try parse("platform=a,platform=b").platform == "b")
    #expect(try !parse("ro,rw").mount.isReadOnly)
    #expect(try parse("rw", "ro").mount.isReadOnly)
    #expect(try !parse("suid,nosuid").mount.allowsSetUserID)
  }

  @Test("a name without a value is refused", arguments: ["platform", "platform=", "memory=", "fsname"])
  func valueMissing(option: String) throws {
    let name = String(option.prefix { $0 != "=" })
    #expect(throws: OptionError.valueMissing(name)) { try parse(option) }
  }

  @Test("remount is refused")
  func remount() throws {
    #expect(throws: OptionError.remount) { try parse("remount,ro") }
  }

  @Test("allow_other needs default_permissions, in any order")
  func allowOther() throws {
    #expect(throws: OptionError.lacksPermissionCheck) { try parse("allow_other") }
    #expect(throws: OptionError.lacksPermissionCheck) { try parse("allow_other,ro") }
    #expect(try parse("default_permissions,allow_other").mount.allowsOthers)
    #expect(try parse("allow_other", "default_permissions").mount.checksPermissions)
  }

  @Test("empty pieces are nothing")
  func emptyPieces() throws {
    #expect(try parse("", ",,ro,,", ",") == parse("ro"))
  }
}
