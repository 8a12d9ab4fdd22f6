import FUSEKit
import Testing

@Suite struct OptionTests {
  @Test func eachOptionSetsItsField() {
    var options = MountOptions()
    for word in ["ro", "noexec", "suid", "dev", "sync", "dirsync", "noatime", "nodiratime", "allow_other"] {
      #expect(options.apply(word) == .taken)
    }
    #expect(options.apply("default_permissions") == .taken)
    #expect(
      options.isReadOnly && !options.allowsExecution && options.allowsSetUserID && options.allowsDevices)
    #expect(options.isSynchronous && options.hasSynchronousDirectories && options.ignoresAccessTimes)
    #expect(options.allowsOthers && options.checksPermissions && options.ignoresDirectoryAccessTimes)
    for word in ["rw", "exec", "nosuid", "nodev", "async", "atime", "diratime"] {
      #expect(options.apply(word) == .taken)
    }
    var expected = MountOptions()
    expected.hasSynchronousDirectories = true
    expected.allowsOthers = true
    expected.checksPermissions = true
    #expect(options == expected)
  }

  @Test func whatBelongsToOthersIsLeftAlone() {
    var options = MountOptions()
    for word in [
      "nofail", "_netdev", "x-systemd.automount", "X-mount.mkdir=0755", "user", "user=me", "noauto",
    ] {
      #expect(options.apply(word) == .ignored)
    }
    for word in ["", "platform=x", "allow_others", "RO", "fd=3", "xattr"] {
      #expect(options.apply(word) == .unknown)
    }
    #expect(options == MountOptions())
  }
}
